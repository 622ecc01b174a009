// The table of docs/training-with-tfjs.md: values that tfjs-core's suite asserts against TensorFlow, and where they are ours to choose.

import "@tensorflow/tfjs-backend-cpu";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { register } from "../../src/tfjs.ts";

beforeAll(() => {
  register();
  register({ name: "tensorflow", tensorflowGradients: true });
});

const docs = readFileSync(join(import.meta.dirname, "../../../../docs/training-with-tfjs.md"), "utf8");

const slope = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => tf.grad((v: tf.Tensor) => tf.sum(f(v)))(x);

const pads: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

/** What a row says, the value that it computes, and whether `tensorflowGradients` chooses TensorFlow's. */
const rows: readonly (readonly [what: string, compute: () => tf.Tensor, chosen: boolean])[] = [
  ["`sign(NaN)`", () => tf.sign(tf.scalar(Number.NaN)), false],
  ["gradient of `max([1, 2, 2])`", () => slope((x) => tf.max(x), tf.tensor1d([1, 2, 2])), true],
  ["gradient of `min([1, 1, 2])`", () => slope((x) => tf.min(x), tf.tensor1d([1, 1, 2])), true],
  ["gradient of `selu` at 0", () => slope((x) => tf.selu(x), tf.scalar(0)), true],
  [
    'gradient of `mirrorPad([1, 2], [[1, 0]], "reflect")`',
    () => slope((x) => tf.mirrorPad(x, [[1, 0]], "reflect"), tf.tensor1d([1, 2])),
    true,
  ],
  [
    "gradient of `avgPool` of 2 x 2 pixels over padding that is a list",
    () => slope((x) => tf.avgPool(x as tf.Tensor4D, 2, 2, pads as never), tf.ones([1, 2, 2, 1])),
    true,
  ],
  [
    "gradient of `depthwiseConv2d` with dilations",
    () =>
      slope(
        (x) => tf.depthwiseConv2d(x as tf.Tensor4D, tf.ones([2, 2, 1, 1]), 1, "valid", "NHWC", 2),
        tf.ones([1, 3, 3, 1]),
      ),
    true,
  ],
  ["gradient of a sum of flags", () => slope((x) => x, tf.tensor1d([1, 0], "bool")), false],
  [
    "gradient of a quotient of int32, 6 / 4",
    () => slope((x) => tf.div(x, tf.scalar(4, "int32")), tf.scalar(6, "int32")),
    false,
  ],
  [
    "`avgPool3d` of a window that sees padding alone",
    () => tf.slice(tf.avgPool3d(tf.ones([1, 1, 1, 1, 1]) as tf.Tensor5D, 2, 1, 2), [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]),
    false,
  ],
];

/** A tensor as the table writes it. */
function written(compute: () => tf.Tensor): string {
  try {
    return [...compute().dataSync()].map((value) => `${Number(value.toPrecision(4))}`).join(", ");
  } catch {
    return "an error";
  }
}

/** The cells of the row that begins with `what`. */
function cells(what: string): string[] {
  const table = docs.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const row = table.find(([, first]) => first === what);
  if (row === undefined) throw new Error(`docs/training-with-tfjs.md has no row for ${what}`);
  return row;
}

describe("values that tfjs-core's suite asserts", () => {
  it.each(rows)("%s", async (what, compute, chosen) => {
    const [, , ours, theirs] = cells(what);
    await tf.setBackend("fanin");
    expect(written(compute)).toBe(ours);
    await tf.setBackend("tensorflow");
    if (!chosen) expect(written(compute)).toBe(ours);
    else if (theirs === "the gradient") expect(written(compute)).toBe("1, 0, 1, 0, 0, 0, 1, 0, 1");
    else expect(written(compute)).toBe(theirs);
  });

  it("are all that the table has", () => {
    const table =
      docs.split("### Where tfjs's suite asserts another value")[1]?.split("`register({ tensorflow")[0] ?? "";
    expect(table.split("\n").filter((line) => line.startsWith("| ")).length).toBe(rows.length + 2);
  });
});

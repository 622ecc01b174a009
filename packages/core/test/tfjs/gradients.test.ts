// Every gradient that tfjs-core registers, and ours: against TensorFlow 2.21 and difference quotients of our own kernels.
// FANIN_LONG compares all values with quotients, npm test some of each gradient.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gradientNames } from "../../src/tfjs/gradients.ts";
import { register } from "../../src/tfjs.ts";
import { deviation } from "./finite-differences.ts";
import {
  byKernel,
  difference,
  gradientsOf,
  type KernelCase,
  kernelCases,
  largestOf,
  runCase,
  tensorOf,
  weightsOf,
} from "./kernel-cases.ts";

const MOST = process.env["FANIN_LONG"] ? Number.POSITIVE_INFINITY : 12;

beforeAll(() => {
  register();
  register({ name: "tensorflow", tensorflowGradients: true });
});

beforeEach(() => tf.setBackend("tensorflow"));

const withGradient = byKernel(kernelCases.filter(({ by }) => by));

/** Gradients without a kernel of their name, by integers or of complex numbers: tests of their own below. */
const byHand = ["BroadcastTo", "ComplexAbs", "LogSoftmax", "OneHot"];

it("has a row for every gradient of the registry", () => {
  // tfjs-core exports the name of every kernel.
  const names = Object.values(tf).filter((name) => typeof name === "string" && tf.getGradient(name)) as string[];
  expect(names.length).toBeGreaterThanOrEqual(105);
  expect(names.filter((name) => !withGradient.has(name) && !byHand.includes(name))).toEqual([]);
});

/** What is wrong with the gradients of one row. */
function faults(row: KernelCase): string[] {
  return tf.tidy(() => {
    const wrong: string[] = [];
    const inputs = Object.values(row.inputs).map(tensorOf);
    const gradients = gradientsOf(row, inputs);
    // Sums over what was broadcast cancel: their terms are those of the other input's gradient.
    const largest = Math.min(largestOf(Object.values(row.gradients ?? {})), 1e3);
    for (const [i, name] of (row.by ?? []).entries()) {
      const gradient = gradients[i] as tf.Tensor;
      const want = row.gradients?.[name];
      const found = want && difference(gradient, want, largest);
      if (found) wrong.push(`${row.label}: by ${name}: ${found}`);
      if (row.isKink) continue;
      const place = Object.keys(row.inputs).indexOf(name);
      const moved = deviation((given) => runCase(row, given), inputs, place, gradient.dataSync(), MOST);
      if (moved) wrong.push(`${row.label}: by ${name}, difference quotient: ${moved}`);
    }
    return wrong;
  });
}

describe("gradients", () => {
  it.each([...withGradient.keys()])("of %s are TensorFlow's, and slopes of the kernel", (kernel) => {
    expect((withGradient.get(kernel) ?? []).flatMap(faults)).toEqual([]);
  });

  it("of BroadcastTo sums what was repeated", () => {
    const { gradFunc } = tf.getGradient("BroadcastTo");
    const dy = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const { x } = gradFunc(dy, [], { inputShape: [2, 1], shape: [2, 3] });
    expect([...(x as () => tf.Tensor)().dataSync()]).toEqual([6, 15]);
  });

  it("of OneHot are none", () => {
    const { gradFunc } = tf.getGradient("OneHot");
    const { indices } = gradFunc(tf.ones([2, 3]), [tf.tensor1d([0, 2], "int32")], { depth: 3 });
    expect([...(indices as () => tf.Tensor)().dataSync()]).toEqual([0, 0]);
  });

  it("of OneHot are none", () => {
    const { gradFunc } = tf.getGradient("OneHot");
    const { indices } = gradFunc(tf.ones([2, 3]), [tf.tensor1d([0, 2], "int32")], { depth: 3 });
    expect([...(indices as () => tf.Tensor)().dataSync()]).toEqual([0, 0]);
  });

  it("of LogSoftmax are those of the logarithm of softmax", () => {
    const x = tf.tensor2d([0.5, -1, 2, 0.25, 1, -2], [2, 3]);
    const dy = tf.tensor(weightsOf(6), [2, 3]);
    const { gradFunc } = tf.getGradient("LogSoftmax");
    const { logits } = gradFunc(dy, [tf.logSoftmax(x)], { axis: -1 });
    const gradient = (logits as () => tf.Tensor)().dataSync();
    expect(deviation(([given]) => tf.logSoftmax(given as tf.Tensor), [x], 0, gradient, 6)).toBeUndefined();
  });

  it("of ComplexAbs point along the number", () => {
    // TensorFlow: dy z / |z|, 0 at 0.
    const { gradFunc } = tf.getGradient("ComplexAbs");
    const { x } = gradFunc(tf.tensor1d([10, 1, 2]), [tf.complex([3, 0, -1], [4, 0, 0])], {});
    expect([...(x as () => tf.Tensor)().dataSync()]).toEqual([6, 8, 0, 0, -2, 0]);
  });
});

describe("fused ops", () => {
  const x4 = () =>
    tf.tensor4d(
      Float32Array.from({ length: 32 }, (_, i) => Math.sin(i * 1.7) * 2),
      [1, 4, 4, 2],
    );
  const filter = (out: number) => Float32Array.from({ length: 18 * out }, (_, i) => Math.cos(i * 2.3));
  const bias = (n: number) => tf.tensor1d(Float32Array.from({ length: n }, (_, i) => 0.3 - i / 7));
  const alpha = (n: number) => tf.tensor1d(Float32Array.from({ length: n }, (_, i) => 0.2 + i / 9));
  type Fused = (inputs: readonly tf.Tensor[], activation: tf.fused.Activation) => tf.Tensor;
  const ops: Readonly<Record<string, readonly [Fused, () => tf.Tensor[]]>> = {
    matMul: [
      ([a, b, c, w], activation) =>
        tf.fused.matMul({
          ...{ a: a as tf.Tensor, b: b as tf.Tensor, bias: c as tf.Tensor, activation, leakyreluAlpha: 0.3 },
          ...(activation === "prelu" && { preluActivationWeights: w as tf.Tensor }),
        }),
      () => [tf.reshape(x4(), [8, 4]), tf.tensor2d(filter(1).slice(0, 12), [4, 3]), bias(3), alpha(3)],
    ],
    conv2d: [
      ([x, f, c, w], activation) =>
        tf.fused.conv2d({
          ...{ x: x as tf.Tensor4D, filter: f as tf.Tensor4D, bias: c as tf.Tensor, strides: 1, pad: "same" as const },
          ...{ activation, leakyreluAlpha: 0.3 },
          ...(activation === "prelu" && { preluActivationWeights: w as tf.Tensor }),
        }),
      () => [x4(), tf.tensor4d(filter(3), [3, 3, 2, 3]), bias(3), alpha(3)],
    ],
    depthwiseConv2d: [
      ([x, f, c, w], activation) =>
        tf.fused.depthwiseConv2d({
          ...{ x: x as tf.Tensor4D, filter: f as tf.Tensor4D, bias: c as tf.Tensor, strides: 1, pad: "same" as const },
          ...{ activation, leakyreluAlpha: 0.3 },
          ...(activation === "prelu" && { preluActivationWeights: w as tf.Tensor }),
        }),
      () => [x4(), tf.tensor4d(filter(2), [3, 3, 2, 2]), bias(4), alpha(4)],
    ],
  };
  const activations = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"] as const;

  it.each(Object.keys(ops))("%s has the slopes of what it computes, with every activation", (name) => {
    const [op, make] = ops[name] as (typeof ops)[string];
    for (const activation of activations) {
      const inputs = make().slice(0, activation === "prelu" ? 4 : 3);
      const total = (...given: tf.Tensor[]) => {
        const y = op(given, activation);
        return tf.sum(tf.mul(y, tf.tensor(weightsOf(y.size), y.shape)));
      };
      const gradients = tf.grads(total as never)(inputs);
      for (const [place, gradient] of gradients.entries()) {
        const found = deviation((given) => op(given, activation), inputs, place, gradient.dataSync(), MOST);
        expect(found, `${activation}, input ${place}`).toBeUndefined();
      }
    }
  });
});

describe("the registry", () => {
  it("keeps tfjs's gradients for other backends", async () => {
    const slope = tf.grad((x: tf.Tensor) => tf.sum(tf.abs(x)));
    await tf.setBackend("cpu");
    expect([...slope(tf.tensor1d([0, -1])).dataSync()]).toEqual([-1, -1]);
    await tf.setBackend("fanin");
    expect([...slope(tf.tensor1d([0, -1])).dataSync()]).toEqual([0, -1]);
  });

  it("gets ours again where tfjs registers its own later", async () => {
    await tf.setBackend("fanin");
    const before = tf.getGradient("Abs");
    tf.registerGradient({
      kernelName: "Abs",
      inputsToSave: ["x"],
      gradFunc: (dy) => ({ x: () => tf.onesLike(dy as tf.Tensor) }),
    });
    expect([
      ...tf
        .grad((x: tf.Tensor) => tf.sum(tf.abs(x)))(tf.tensor1d([0, -1]))
        .dataSync(),
    ]).toEqual([0, -1]);
    tf.registerGradient(before);
  });

  it("says which gradients are ours", () => {
    for (const names of Object.values(gradientNames))
      for (const name of names) expect(withGradient.has(name) || byHand.includes(name), name).toBe(true);
    expect(gradientNames.contested).toEqual(["DepthwiseConv2dNative", "Max", "Min", "MirrorPad", "Selu"]);
  });
});

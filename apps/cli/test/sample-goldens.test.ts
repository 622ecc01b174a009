// `fanin sample` against some goldens of every stream and framework, bit for bit.
// The frameworks generated goldens.json; the tests of @fanin/core compare all of it.

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { readTensorFile } from "@fanin/formats/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

interface Case {
  readonly backend?: string;
  readonly class?: string;
  readonly fn?: string;
  readonly lib?: string;
  readonly key?: string;
  readonly seed?: number;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly call_shape: readonly number[];
  readonly call_dtype?: string;
  readonly dtype?: string;
  readonly crc32?: string;
  readonly tol?: number;
}

const path = new URL("../../../packages/core/test/goldens/goldens.json", import.meta.url);
const goldens = JSON.parse(readFileSync(path, "utf8")) as {
  keras: Case[];
  torch_nn_init: { cases: Case[] };
  jax: { cases: Case[] };
};

/** A command line and the CRC-32 of its expected output. */
interface Row {
  readonly words: readonly string[];
  readonly crc: string;
}

const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? "scalar" : shape.join("x"));
const isExact = ({ crc32: crc, tol }: Case): boolean => crc !== undefined && tol === undefined;

/** Selects the first golden of each class and dtype, with its seed as --seed. */
function kerasRows(backend: string): Row[] {
  const seen = new Set<string>();
  const classes = ["RandomUniform", "TruncatedNormal", "HeNormal"];
  return goldens.keras
    .filter(
      (golden) =>
        golden.backend === backend &&
        isExact(golden) &&
        classes.includes(golden.class ?? "") &&
        Number.isSafeInteger(golden.args?.["seed"]) &&
        golden.args?.["call"] === undefined &&
        golden.args?.["after"] === undefined &&
        golden.dtype === golden.call_dtype,
    )
    .filter(({ class: name, dtype }) => !seen.has(`${name} ${dtype}`) && seen.add(`${name} ${dtype}`))
    .map(({ class: name = "", args = {}, call_shape: shape, dtype = "", crc32: crc = "" }) => {
      const { seed, ...config } = args;
      const words = ["--config", JSON.stringify(config), "--seed", String(seed), "--dtype", dtype];
      return { words: [name, shapeText(shape), ...words, "--stream", `keras/${backend}`], crc };
    });
}

/** The command line does not support the second generator of some goldens of sparse_. */
const torchRows: Row[] = goldens.torch_nn_init.cases
  .filter((golden) => isExact(golden) && golden.lib === "torch.nn.init" && golden.fn !== "sparse_")
  .filter((golden, i, all) => all.findIndex(({ fn }) => fn === golden.fn) === i)
  .map(({ fn = "", args, call_shape: shape, seed, crc32: crc = "" }, i) => ({
    // Every other one has no underscore.
    words: [i % 2 === 0 ? fn : fn.replace(/_$/, ""), shapeText(shape), "--config", JSON.stringify(args)].concat([
      "--seed",
      String(seed),
      "--stream",
      "torch",
    ]),
    crc,
  }));

/** Converts the Python calls of the goldens to command lines. */
const jaxCalls: Readonly<Record<string, string>> = {
  "constant(-7)": "constant(value=-7)",
  "uniform(10.)": "uniform(scale=10)",
  "truncated_normal(1.,lower=-1,upper=3)": "truncated_normal(stddev=1,lower=-1,upper=3)",
  "glorot_uniform()": "glorot_uniform",
  "he_normal(in_axis=1,out_axis=0)": "he_normal(in_axis=1,out_axis=0)",
  "lecun_normal(batch_axis=0)": "lecun_normal(batch_axis=0)",
  "variance_scaling(0.7,'fan_geo_avg','normal')":
    "variance_scaling(scale=0.7,mode='fan_geo_avg',distribution='normal')",
};

const jaxRows: Row[] = Object.entries(jaxCalls).map(([fn, call]) => {
  const golden = goldens.jax.cases.find((candidate) => candidate.fn === fn && isExact(candidate));
  const [, seed] = /^jax\.random\.key\((-?\d+)\)$/.exec(golden?.key ?? "") ?? [];
  if (golden?.crc32 === undefined || seed === undefined) throw new Error(`no golden for ${fn}`);
  return { words: [call, shapeText(golden.call_shape), "--seed", seed, "--stream", "jax"], crc: golden.crc32 };
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-goldens-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each([
  ["keras/tensorflow", kerasRows("tensorflow"), 4],
  ["keras/jax", kerasRows("jax"), 4],
  ["keras/torch", kerasRows("torch"), 4],
  ["keras/numpy", kerasRows("numpy"), 4],
  ["torch", torchRows, 10],
  ["jax", jaxRows, 7],
] as const)("fanin sample --stream %s", (stream, rows, least) => {
  it(`has at least ${least} goldens`, () => {
    expect(rows.length).toBeGreaterThanOrEqual(least);
  });

  it.each(rows)("writes the bits of $words", async ({ words, crc }) => {
    const out = join(folder, "w.safetensors");
    const { code, stdout, stderr } = await fanin(["sample", ...words, "--json", "--out", out, "--force"]);
    expect(stderr).toBe(`wrote ${out}\n`);
    expect(code).toBe(0);
    const sample = JSON.parse(stdout) as { stream: string | null; initializer: string };
    expect([stream, null]).toContain(sample.stream);
    const [tensor] = [...(await readTensorFile(out)).values()];
    const { data } = tensor ?? {};
    expect(
      data &&
        crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
          .toString(16)
          .padStart(8, "0"),
    ).toBe(crc);
  });
});

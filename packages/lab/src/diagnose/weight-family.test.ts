// Each initializer is recognised by its values, in both layouts and in 16 bits; other values are not.

import * as core from "@fanin/core";
import { conv2d, embedding, linear, lstm, manualSeed } from "@fanin/core/torch";
import { bfloat16FromFloat32, float16FromFloat32 } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { inspectWeights } from "./diagnose-weights.ts";
import type { TensorReport } from "./inspect-tensor.ts";
import { ksDistance, ksProbability, sortedSample } from "./kolmogorov-smirnov.ts";
import type { Layout } from "./layout.ts";
import { valueStatistics } from "./value-statistics.ts";
import { FALSE_ALARM, momentsFit } from "./weight-family.ts";
import type { WeightTensor } from "./weight-tensor.ts";

const reports = (weights: readonly WeightTensor[], layout?: Layout): readonly TensorReport[] =>
  inspectWeights(weights, { layout }).diagnosis.tensors;
const familyOf = (weights: readonly WeightTensor[], layout?: Layout) => reports(weights, layout)[0]?.family;
const kernel = (tensor: Omit<WeightTensor, "name">): WeightTensor => ({ name: "kernel", ...tensor });

/** The same kernel in PyTorch's layout. */
function transposed({ shape, dtype, data }: core.Tensor): Omit<WeightTensor, "name"> {
  const [inputs = 1, outputs = 1] = shape;
  const values = Float32Array.from(data, (_, i) => data[(i % inputs) * outputs + Math.floor(i / inputs)] ?? 0);
  return { shape: [outputs, inputs], dtype, data: values };
}

const shape = [300, 120];
const drawn: readonly (readonly [string, core.Tensor])[] = [
  ["glorot_normal", core.glorotNormal({ seed: 0 })(shape)],
  ["glorot_uniform", core.glorotUniform({ seed: 0 })(shape)],
  ["he_normal", core.heNormal({ seed: 0 })(shape)],
  ["he_uniform", core.heUniform({ seed: 0 })(shape)],
  ["lecun_normal", core.lecunNormal({ seed: 0 })(shape)],
  ["lecun_uniform", core.lecunUniform({ seed: 0 })(shape)],
  ["random_normal", core.randomNormal({ seed: 0 })(shape)],
  ["random_uniform", core.randomUniform({ seed: 0 })(shape)],
  ["truncated_normal", core.truncatedNormal({ seed: 0 })(shape)],
  ["normal_1", core.randomNormal({ stddev: 1, seed: 0 })(shape)],
  ["uniform_0_1", core.randomUniform({ minval: 0, maxval: 1, seed: 0 })(shape)],
  ["orthogonal", core.orthogonal({ seed: 0 })(shape)],
  ["siren", core.sirenUniform({ seed: 0 })(shape)],
  ["he_fan_out_normal", core.varianceScaling({ scale: 2, mode: "fan_out", seed: 0 })(shape)],
  ["he_normal_untruncated", core.kaimingNormal({ seed: 0 })(shape)],
  // tfjs 4's heNormal: truncation without correction.
  ["tfjs_he_normal", core.truncatedNormal({ stddev: Math.sqrt(2 / 300), seed: 0 })(shape)],
];

describe("the family of a kernel", () => {
  it.each(drawn)("is %s, in Keras's layout and in PyTorch's", (name, tensor) => {
    expect(familyOf([kernel(tensor)], "keras")).toMatchObject({ name, confidence: 1 });
    const turned = transposed(tensor);
    expect(familyOf([kernel(turned)], "torch")).toMatchObject({ name, confidence: 1 });
  });

  it.each(["float16", "bfloat16"] as const)("is still recognised in %s", (dtype) => {
    const encode = dtype === "float16" ? float16FromFloat32 : bfloat16FromFloat32;
    for (const [name, { data }] of drawn) {
      const bits = Uint16Array.from(data, encode);
      expect(familyOf([kernel({ shape, dtype, data: bits })])?.name, name).toBe(name);
    }
  });

  it("is PyTorch's default for its layers, with biases by the fans of their kernels", () => {
    manualSeed(0);
    const named = (prefix: string, state: object) =>
      Object.entries(state).map(([name, value]) => ({ name: `${prefix}.${name}`, ...(value as core.Tensor) }));
    const weights = [
      ...named("fc", linear(784, 512)),
      ...named("conv", conv2d(64, 512, 3)),
      ...named("lstm", lstm(64, 256)),
      ...named("embed", embedding(500, 64)),
    ];
    const names = Object.fromEntries(reports(weights).map(({ name, family }) => [name, family?.name]));
    expect(names).toEqual({
      "fc.weight": "pytorch_default",
      "fc.bias": "pytorch_default",
      "conv.weight": "pytorch_default",
      "conv.bias": "pytorch_default",
      "lstm.weight_ih_l0": "pytorch_recurrent",
      "lstm.weight_hh_l0": "pytorch_default",
      "lstm.bias_ih_l0": "pytorch_recurrent",
      "lstm.bias_hh_l0": "pytorch_recurrent",
      "embed.weight": "normal_1",
    });
  });

  it.each([
    ["zeros", core.zeros()([4, 4])],
    ["ones", core.ones()([4, 4])],
    ["constant", core.constant({ value: 0.1 })([4, 4])],
    ["identity", core.identity({ gain: 2 })([40, 60])],
    ["zero", core.zerO()([40, 60])],
    ["orthogonal", core.orthogonal({ gain: 3, seed: 1 })([40, 60])],
    ["orthogonal", core.orthogonal({ seed: 1 })([3, 3, 8, 60])],
    ["delta_orthogonal", core.deltaOrthogonal({ seed: 1 })([3, 3, 8, 60])],
    ["dirac", core.dirac()([3, 3, 8, 8])],
    ["sparse", core.sparseNormal({ seed: 1 })([400, 60])],
  ])("is built: %s", (name, tensor) => {
    expect(familyOf([kernel(tensor)])?.name).toBe(name);
  });

  it("is unknown for heavy tails, and a normal or uniform of its own width if only the width is unknown", () => {
    const { data } = core.randomNormal({ stddev: 1, seed: 3 })(shape);
    const cubes = data.map((value) => 0.05 * value ** 3);
    expect(familyOf([kernel({ shape, dtype: "float32", data: cubes })])?.kind).toBe("unknown");
    const scaled = data.map((value) => 0.0317 * value);
    expect(familyOf([kernel({ shape, dtype: "float32", data: scaled })])).toMatchObject({
      name: "normal",
      kind: "drawn",
    });
  });

  it("names the alternatives if there are too few values to decide", () => {
    const few = familyOf([kernel(core.glorotUniform({ seed: 0 })([3, 4]))]);
    expect(few?.alternatives.length).toBeGreaterThan(0);
    expect(few?.confidence).toBeLessThan(0.95);
    expect(familyOf([kernel(core.glorotUniform({ seed: 0 })([2, 3]))])?.description).toContain("too few");
  });

  it("rejects a distribution with another variance, however few the values", () => {
    for (const few of [[4, 8], [8, 8], [72], [12, 12], [8, 1, 3, 3]]) {
      for (let seed = 0; seed < 50; seed++) {
        for (const stddev of [0.25, 4]) {
          const family = familyOf([kernel(core.randomNormal({ stddev, seed })(few))]);
          expect([family?.name, ...(family?.alternatives ?? [])], `${few} ${stddev} ${seed}`).not.toContain("normal_1");
        }
      }
    }
    for (let seed = 0; seed < 50; seed++) {
      expect(familyOf([kernel(core.randomNormal({ stddev: 2, seed })([12, 12]))])?.name).toBe("normal");
    }
  });

  const draws = process.env["FANIN_LONG"] ? 2000 : 400;
  it.each([8, 16, 64, 999, 1001])("accepts %i values of every kind of distribution", (count) => {
    const { distributions } = core;
    const rows = [
      { draw: core.randomNormal, expected: distributions.normal(0, 1) },
      { draw: core.truncatedNormal, expected: distributions.truncatedNormal(0, 1) },
      {
        draw: ({ seed }: { seed: number }) => core.randomUniform({ minval: -1, maxval: 1, seed }),
        expected: distributions.uniform(-1, 1),
      },
    ];
    for (const { draw, expected } of rows) {
      for (let seed = 0; seed < draws; seed++) {
        const found = valueStatistics(draw({ stddev: 1, seed })<"float32">([count]).data);
        expect(momentsFit(expected, found, 0), `${expected.kind} ${seed}`).toBe(true);
      }
    }
  });

  it("identifies Glorot's distribution with LeCun's for equal fans", () => {
    const family = familyOf([kernel(core.glorotUniform({ seed: 0 })([128, 128]))]);
    expect([family?.name, ...(family?.alternatives ?? [])].sort()).toContain("lecun_uniform");
    expect(family?.confidence).toBe(1);
  });
});

describe("the test of Kolmogorov and Smirnov", () => {
  // Smirnov's table: the 5 % and 1 % points of the limit are 1.3581 and 1.6276.
  it("has the known quantiles", () => {
    expect(ksProbability(1.3581 / 1000, 1e6)).toBeCloseTo(0.05, 4);
    expect(ksProbability(1.6276 / 1000, 1e6)).toBeCloseTo(0.01, 4);
    expect(ksProbability(0, 100)).toBe(1);
  });

  it("has the stated false alarm rate: 1,000 p-values under the null hypothesis are uniform", () => {
    const chances = Array.from({ length: 1000 }, (_, seed) => {
      const sorted = sortedSample(core.randomUniform({ minval: 0, maxval: 1, seed })([500]).data);
      return ksProbability(
        ksDistance(sorted, (x) => x),
        sorted.length,
      );
    });
    // A uniform sample of 1,000 is within 0.0587 of its distribution in 99.8 % of all cases.
    expect(ksDistance(Float64Array.from(chances).sort(), (x) => x)).toBeLessThan(0.0587);
    expect(Math.min(...chances)).toBeGreaterThan(FALSE_ALARM);
  });

  it("does not take a fresh draw for a trained tensor in 300 draws", () => {
    for (let seed = 0; seed < 300; seed++) {
      const family = familyOf([kernel(core.heNormal({ seed })([48, 40]))]);
      expect(family?.name).toBe("he_normal");
    }
  });
});

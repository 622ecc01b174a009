import { heNormal, normalCdf } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { cpuTime } from "../../test/cpu-time.ts";
import { defaultConfig } from "../compare/compare.ts";
import { layerInitializers } from "../compare/layer-initializers.ts";
import { type ActivationName, activations } from "../engine/activations.ts";
import { activationFunctions } from "./activation-functions.ts";
import { propagate } from "./propagate.ts";

const square = (depth: number, width: number): number[] => new Array<number>(depth + 1).fill(width);
const names = Object.keys(activations) as ActivationName[];

/** The p-value of a Kolmogorov-Smirnov test of `sample` against `cdf`, by Stephens's form of the limit. */
function kolmogorovSmirnov(sample: readonly number[], cdf: (x: number) => number): number {
  const n = sample.length;
  const sorted = [...sample].sort((a, b) => a - b);
  const distance = Math.max(...sorted.map((x, i) => Math.max(cdf(x) - i / n, (i + 1) / n - cdf(x))));
  const scaled = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  let p = 0;
  for (let k = 1; k <= 100; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * scaled * scaled);
  return Math.min(1, Math.max(0, p));
}

describe("the 5 L / n law", () => {
  const [depth, width] = [50, 256];
  const laws: readonly (readonly [name: string, initializer: string, factor: number])[] = [
    ["He", "he_normal", 1],
    ["Glorot", "glorot_uniform", 1 / 2],
    ["PyTorch's default", "variance_scaling(scale=0.3333333333333333, mode='fan_in', distribution='uniform')", 1 / 6],
    ["tfjs's heNormal", "variance_scaling(scale=1.5474, mode='fan_in', distribution='truncated_normal')", 0.7737],
  ];
  const measured = new Map<string, readonly number[]>();
  const lnQ = (initializer: string): readonly number[] => {
    const known = measured.get(initializer) ?? measure(initializer);
    measured.set(initializer, known);
    return known;
  };
  const measure = (initializer: string): number[] =>
    Array.from({ length: 30 }, (_, seed) => {
      const { signals, input } = propagate(
        { layers: square(depth, width), activation: "relu", initializer },
        { seed, batch: 4 },
      );
      return ((signals.at(-1)?.forward.log10 ?? Number.NaN) - (input ?? 0)) * Math.LN10;
    });
  const lawOf = (factor: number) => (x: number) => {
    const variance = (5 * depth) / width;
    const median = Math.log(2) + depth * Math.log(factor) - variance / 2;
    return normalCdf((x - median) / Math.sqrt(variance));
  };

  it.each(laws)("holds for %s over 30 seeds", (_name, initializer, factor) => {
    // No ReLU halves the first layer, so it keeps the input's factor of 2.
    expect(kolmogorovSmirnov(lnQ(initializer), lawOf(factor))).toBeGreaterThan(0.01);
  });

  it("distinguishes tfjs's heNormal from He's", () => {
    expect(kolmogorovSmirnov(lnQ(laws[3]?.[1] ?? ""), lawOf(1))).toBeLessThan(1e-6);
  });
});

/** The reference implementation in plain f64: ln of the mean squares, forward and backward. */
function twin(
  layers: readonly number[],
  activation: ActivationName,
  weights: readonly Float32Array[],
  x: Float32Array,
  rows: number,
) {
  const f = activationFunctions[activation];
  const last = layers.length - 2;
  let a: number[] = [...x];
  const up: number[][] = [];
  for (const [l, outputs] of layers.slice(1).entries()) {
    const inputs = layers[l] ?? 0;
    const z = Array.from({ length: rows * outputs }, (_, at) => {
      const [r, j] = [Math.floor(at / outputs), at % outputs];
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += (a[r * inputs + i] ?? 0) * (weights[l]?.[i * outputs + j] ?? 0);
      return sum;
    });
    up.push(z);
    a = l === last ? z : z.map((value) => f.value(value));
  }
  const log10 = (values: readonly number[]): number =>
    Math.log10(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  return {
    forward: up.map(log10),
    z: up,
    slopes: up.map((z, l) => z.map((v) => (l === last ? 1 : f.derivative(v)))),
    log10,
  };
}

describe("propagate", () => {
  it.each(names)("agrees with plain f64 loops, forward and backward: %s", (activation) => {
    const layers = [7, 9, 6, 5];
    const weights = layers.slice(1).map((outputs, l) => heNormal({ seed: l })([layers[l] ?? 0, outputs]).data);
    const input = heNormal({ seed: 9 })([12, 7]).data;
    const { signals } = propagate({ layers, activation, weights }, { seed: 0, batch: 12, input });
    const { forward, slopes, log10 } = twin(layers, activation, weights, input, 12);
    for (const [l, signal] of signals.entries()) expect(signal.forward.log10).toBeCloseTo(forward[l] ?? 0, 5);
    // The gradient is linear in its readout: with a readout of one unit, the ratio of two layers gives the backward factor.
    const one = propagate(
      { layers: [7, 9, 1], activation, weights: [weights[0] as Float32Array, new Float32Array(9).fill(0.5)] },
      { seed: 0, batch: 12, input },
    );
    const [below, top] = one.signals.map(({ gradient }) => gradient.log10 ?? Number.NaN);
    expect((below ?? 0) - (top ?? 0)).toBeCloseTo(log10((slopes[0] ?? []).map((slope) => slope / 2)), 5);
  });

  it("distinguishes 1e-150 and 1e+300 from 0 and Infinity: a power of two per layer is an exact shift", () => {
    const measure = (stddev: number) =>
      propagate(
        { layers: square(60, 32), activation: "relu", initializer: `random_normal(stddev=${stddev})` },
        { seed: 3, batch: 8 },
      ).signals.map(({ forward, gradient }) => [forward.log10 ?? Number.NaN, gradient.log10 ?? Number.NaN] as const);
    const base = measure(0.25);
    for (const power of [-8, 8]) {
      for (const [l, [forward, gradient]] of measure(0.25 * 2 ** power).entries()) {
        const [lnForward, lnGradient] = base[l] ?? [0, 0];
        expect(forward).toBeCloseTo(lnForward + (l + 1) * 2 * power * Math.log10(2), 9);
        expect(gradient).toBeCloseTo(lnGradient + (59 - l) * 2 * power * Math.log10(2), 9);
      }
    }
  });

  it.each(names)("%s: stays within 4 deviations of theory at every layer", (activation) => {
    const { signals } = propagate(
      { layers: square(30, 128), activation, initializer: "lecun_normal" },
      { seed: 5, batch: 32 },
    );
    for (const { forward, gradient } of signals) {
      for (const { log10, theory } of [forward, gradient]) {
        const deviation = ((theory?.high ?? 0) - (theory?.low ?? 0)) / 3.92;
        expect(Math.abs((log10 ?? Number.NaN) - (theory?.log10 ?? Number.NaN))).toBeLessThan(4 * deviation);
      }
    }
  });

  it("draws the same layers as a run of compare, independent of later layers", () => {
    const layers = [20, 12, 12, 5];
    const config = { ...defaultConfig, layers };
    const weights = layerInitializers(config, { initializer: "he_normal", seed: 4 }).map(
      (initializer, l) => initializer([layers[l] ?? 0, layers[l + 1] ?? 0]).data,
    );
    const network = { layers, activation: "relu" } as const;
    const texts = ["he_normal", "he_normal", "glorot_uniform"];
    const [drawn, given] = [{ initializer: texts }, { weights }].map((source) =>
      propagate({ ...network, ...source }, { seed: 4, batch: 16 }).signals.map(({ forward }) => forward.log10),
    );
    expect(drawn).toEqual(given);
    const longer = propagate(
      {
        layers: [20, 12, 12, 12, 5],
        activation: "relu",
        initializer: [...texts.slice(0, 2), "he_normal", "glorot_uniform"],
      },
      { seed: 4, batch: 16 },
    );
    expect(longer.signals[1]?.forward.log10).toBe(drawn?.[1]);
  });

  it("is plain JSON and the same every time", () => {
    const run = () =>
      propagate(
        { layers: square(8, 40), activation: "tanh", initializer: "glorot_uniform", biasStddev: 0.2 },
        { seed: 1, batch: 10 },
      );
    expect(JSON.stringify(run())).toBe(JSON.stringify(run()));
    expect(JSON.parse(JSON.stringify(run()))).toEqual(run());
  });

  it("counts dead and saturated units, directions and values", () => {
    const input = new Float32Array(64 * 10).map((_, i) => ((i * 37) % 11) - 5);
    const dying = Float32Array.from({ length: 100 }, (_, i) => (i % 10 < 4 ? 0 : Math.sin(i)));
    const relu = propagate(
      { layers: [10, 10, 10], activation: "relu", weights: [dying, dying] },
      { seed: 0, batch: 64, input },
    );
    expect(relu.signals[0]?.dead).toBeCloseTo(0.4, 12);
    expect(relu.signals[0]?.saturated).toBeNull();
    expect(relu.signals[0]?.counts.reduce((sum, count) => sum + count, 0)).toBe(640);
    const tanh = propagate(
      { layers: square(2, 256), activation: "tanh", initializer: "random_normal(stddev=1)" },
      { seed: 0 },
    );
    expect(tanh.signals[0]?.saturated).toBeCloseTo(0.89, 1);
    const ones = propagate({ layers: square(2, 16), activation: "tanh", initializer: "ones" }, { seed: 0 });
    expect(ones.signals[0]?.effectiveRank).toBeCloseTo(1, 4);
    expect(ones.signals[0]?.forward.theory).toBeNull();
    const identity = Float32Array.from({ length: 256 }, (_, i) => (i % 17 === 0 ? 1 : 0));
    const spread = propagate(
      { layers: [16, 16, 16], activation: "linear", weights: [identity, identity] },
      { seed: 0, batch: 16, input: identity },
    );
    expect(spread.signals[0]?.effectiveRank).toBeCloseTo(16, 4);
    expect(spread.signals[0]?.correlation.measured).toBe(0);
  });

  it("is null for a signal of 0", () => {
    const { signals } = propagate(
      { layers: square(3, 8), activation: "relu", initializer: "zeros" },
      { seed: 0, batch: 4 },
    );
    expect(signals[0]?.forward).toEqual({ log10: null, theory: null });
    expect(signals[0]?.dead).toBe(1);
  });

  it("takes less than a second of one processor for 50 layers of 256 with a batch of 128", () => {
    const network = { layers: square(50, 256), activation: "relu", initializer: "he_normal" } as const;
    propagate(network, { seed: 0 });
    expect(cpuTime(() => propagate(network, { seed: 1 }))).toBeLessThan(1000);
  });

  it("names the faulty argument", () => {
    const network = { layers: [4, 4], activation: "relu", initializer: "he_normal" } as const;
    expect(() => propagate({ ...network, layers: [4] }, { seed: 0 })).toThrow(
      "layers: expected 2 to 10000 sizes, got 1",
    );
    expect(() => propagate({ ...network, activation: "rleu" as "relu" }, { seed: 0 })).toThrow('did you mean "relu"');
    expect(() => propagate({ ...network, initializer: ["he_normal", "zeros"] }, { seed: 0 })).toThrow(
      "initializer: expected 1 texts",
    );
    expect(() => propagate({ ...network, weights: [new Float32Array(3)] }, { seed: 0 })).toThrow(
      "weights[0]: expected 4 x 4 values, got 3",
    );
    expect(() => propagate(network, { seed: -1 })).toThrow("seed");
    expect(() => propagate(network, { seed: 0, batch: 2, input: new Float32Array(7) })).toThrow(
      "input: expected batch x inputs = 8 values, got 7",
    );
    expect(() => propagate({ ...network, biasStddev: -1 }, { seed: 0 })).toThrow("biasStddev");
  });
});

// Every initializer draws what its distribution says, and every distribution is the published formula.
// Source of the method: Kolmogorov's distribution (Marsaglia, Tsang and Wang 2003), whose tail is 2 exp(-2 k^2).
//
// About 2^17 draws with fixed seeds. Mean and variance may be five standard errors off, sqrt(n) times the greatest
// distance of distribution functions 2.75: by chance each of the three fails for 6 keys in 10 million, so one of the
// under 130 checks here for one choice of SEED in 13,000; once SEED is chosen, the outcome is the same on every run.

import { type Shape, sizeOf } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import * as core from "../src/index.ts";
import {
  type Distribution,
  extensions,
  type Initializer,
  type InitializerFactory,
  kerasInitializers,
} from "../src/index.ts";
import { defineRandom } from "../src/initializers/initializer.ts";
import { truncatedNormal } from "../src/random/distribution.ts";

const STANDARD_ERRORS = 5;
const KOLMOGOROV = 2.75;
const SEED = 20261121;

/** How `data` deviates from `distribution`, as sentences; `repeats` is how often each draw stands in `data`. */
function deviations(data: Float32Array, distribution: Distribution, repeats = 1): string[] {
  const n = data.length / repeats;
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const moment = (power: number) =>
    data.reduce((sum, value) => sum + (value - distribution.mean) ** power, 0) / data.length;
  const variance = moment(2);
  const meanError = STANDARD_ERRORS * Math.sqrt(distribution.variance / n);
  const varianceError = STANDARD_ERRORS * Math.sqrt(Math.max(0, moment(4) - variance ** 2) / n);
  const rounding = 1e-6 * Math.max(Math.abs(distribution.mean), Math.sqrt(distribution.variance));
  const found: string[] = [];
  if (!(Math.abs(mean - distribution.mean) <= meanError + rounding))
    found.push(`mean ${mean}, distribution ${distribution.mean}`);
  if (!(Math.abs(variance - distribution.variance) <= varianceError + rounding * Math.sqrt(distribution.variance))) {
    found.push(`variance ${variance}, distribution ${distribution.variance}`);
  }
  const [low, high] = distribution.support.map(Math.fround) as [number, number];
  if (data.some((value) => value < low || value > high)) found.push(`values outside [${low}, ${high}]`);
  if (distribution.cdf) {
    const distance = kolmogorov(data, distribution.cdf) * Math.sqrt(n);
    if (!(distance <= KOLMOGOROV)) found.push(`Kolmogorov-Smirnov ${distance}`);
  }
  return found;
}

/** The greatest distance between the distribution functions of `data` and of its distribution; steps count where they are. */
function kolmogorov(data: Float32Array, cdf: (x: number) => number): number {
  const sorted = data.toSorted();
  const n = sorted.length;
  let distance = 0;
  for (let start = 0, end = 0; start < n; start = end) {
    const value = sorted[start] ?? 0;
    for (end = start; end < n && sorted[end] === value; end++);
    const before = value - Math.max(Math.abs(value) * 2 ** -24, 2 ** -149);
    distance = Math.max(distance, Math.abs(end / n - cdf(value)), Math.abs(start / n - cdf(before)));
  }
  return distance;
}

interface DistributionCase {
  readonly shape: Shape;
  readonly options?: object;
  /** The published variance, by hand. */
  readonly variance: number;
  readonly mean?: number;
  readonly repeats?: number;
  /** How far, in proportion, the distribution itself may be from the formula. Defaults to 1e-12. */
  readonly rounding?: number;
}

const MATRIX = [256, 512];
const KERNEL = [3, 3, 64, 228]; // fan-in 576, fan-out 2052
const truncated = 0.87962566103423978 ** 2;

/** At least one case for every class; shapes whose fans tell the modes apart. */
const cases: Readonly<Record<string, readonly DistributionCase[]>> = {
  RandomNormal: [
    { shape: MATRIX, variance: 0.05 ** 2 },
    { shape: [2 ** 17], options: { mean: 3, stddev: 2 }, mean: 3, variance: 4 },
  ],
  RandomUniform: [
    { shape: MATRIX, variance: 0.1 ** 2 / 12 },
    { shape: [2 ** 17], options: { minval: -1, maxval: 3 }, mean: 1, variance: 16 / 12 },
  ],
  TruncatedNormal: [
    { shape: MATRIX, variance: truncated * 0.05 ** 2 },
    { shape: [2 ** 17], options: { mean: -1, stddev: 0.5 }, mean: -1, variance: truncated * 0.25 },
  ],
  Zeros: [{ shape: MATRIX, variance: 0 }],
  Ones: [{ shape: MATRIX, mean: 1, variance: 0 }],
  Constant: [{ shape: MATRIX, options: { value: 0.25 }, mean: 0.25, variance: 0 }],
  GlorotNormal: [{ shape: KERNEL, variance: 2 / (576 + 2052) }],
  GlorotUniform: [{ shape: KERNEL, variance: 2 / (576 + 2052) }],
  HeNormal: [
    { shape: KERNEL, variance: 2 / 576 },
    { shape: MATRIX, variance: 2 / 256 },
    { shape: [2 ** 17], variance: 2 / 2 ** 17 },
  ],
  HeUniform: [{ shape: KERNEL, variance: 2 / 576 }],
  LecunNormal: [{ shape: KERNEL, variance: 1 / 576 }],
  LecunUniform: [{ shape: KERNEL, variance: 1 / 576 }],
  VarianceScaling: [
    { shape: KERNEL, options: { scale: 3, mode: "fan_out" }, variance: 3 / 2052 },
    { shape: KERNEL, options: { mode: "fan_avg", distribution: "uniform" }, variance: 1 / 1314 },
    {
      shape: KERNEL,
      options: { mode: "fan_geo_avg", distribution: "untruncated_normal" },
      variance: 1 / Math.sqrt(576 * 2052),
    },
  ],
  Identity: [{ shape: MATRIX, options: { gain: 2 }, mean: 2 / 512, variance: (4 / 512) * (511 / 512) }],
  // cos(2 pi t k / 512): its distribution is that of its values, whose angles are rounded to float32.
  STFT: [
    {
      shape: [512, 1, 257],
      options: { window: null },
      mean: 1 / 257,
      variance: 259 / 514 - 1 / 257 ** 2,
      rounding: 1e-6,
    },
  ],
  Orthogonal: [
    { shape: MATRIX, options: { gain: 2 }, variance: 4 / 512 },
    { shape: KERNEL, variance: 1 / 576 },
  ],
  KaimingUniform: [{ shape: KERNEL, variance: 2 / 576 }],
  KaimingNormal: [{ shape: KERNEL, options: { mode: "fan_out", nonlinearity: "tanh" }, variance: 25 / 9 / 2052 }],
  XavierUniform: [{ shape: KERNEL, options: { gain: 2 }, variance: 8 / 2628 }],
  XavierNormal: [{ shape: KERNEL, variance: 2 / 2628 }],
  Eye: [{ shape: MATRIX, mean: 1 / 512, variance: (1 / 512) * (511 / 512) }],
  Dirac: [{ shape: [3, 3, 64, 256], mean: 64 / 147456, variance: (64 / 147456) * (1 - 64 / 147456) }],
  SparseNormal: [{ shape: MATRIX, options: { stddev: 2 }, variance: (4 * 15) / 256 }],
  DeltaOrthogonal: [{ shape: KERNEL, options: { gain: 2 }, variance: 4 / 228 / 9 }],
  SirenUniform: [
    { shape: MATRIX, variance: 2 / 256 / 900 },
    { shape: [2, 2 ** 16], options: { first: true }, variance: 1 / 12 },
  ],
  Icnr: [{ shape: [3, 3, 64, 1024], variance: 2 / 576, repeats: 4 }],
  ZerO: [
    { shape: [256, 256], mean: 1 / 256, variance: (1 / 256) * (255 / 256) },
    { shape: [3, 3, 64, 256], mean: 2 ** -3.5 / 576, variance: 2 ** -7 / 9 - (2 ** -3.5 / 576) ** 2 },
  ],
  ConvolutionAware: [
    { shape: KERNEL, variance: 2 / 576 },
    { shape: MATRIX, variance: 1 / 512 },
  ],
  MuNormal: [{ shape: MATRIX, options: { stddev: 0.1, baseShape: [64, 128] }, variance: 0.01 / 4 }],
  ScaledResidual: [{ shape: MATRIX, options: { numLayers: 8 }, variance: 0.02 ** 2 / 16 }],
  Fixup: [
    { shape: KERNEL, options: { branches: 16, layers: 3 }, variance: 2 / 2052 / 4 },
    { shape: MATRIX, options: { position: "last" }, variance: 0 },
  ],
};

const all: readonly InitializerFactory<never>[] = [...kerasInitializers, ...extensions];
const factories = all as readonly InitializerFactory<object>[];

function make(factory: InitializerFactory<object>, options: object): Initializer {
  return factory(factory.optionNames.includes("seed") ? { seed: SEED, ...options } : options);
}

describe("the table of distributions", () => {
  it("has a case for every class, and none for others", () => {
    expect(Object.keys(cases).sort()).toEqual(factories.map(({ className }) => className).sort());
  });

  it("has at least 2^16 independent draws in every case", () => {
    for (const { shape, repeats = 1 } of Object.values(cases).flat()) {
      expect(sizeOf(shape) / repeats).toBeGreaterThanOrEqual(2 ** 16);
    }
  });
});

describe.each(factories.map((factory) => ({ name: factory.className, factory })))("$name", ({ name, factory }) => {
  it.each(cases[name] ?? [])("$options of $shape follows its distribution, which is the published one", (test) => {
    const { shape, options = {}, mean = 0, variance, repeats, rounding = 1e-12 } = test;
    const init = make(factory, options);
    const distribution = init.distribution(shape);
    expect(Math.abs(distribution.mean - mean)).toBeLessThanOrEqual(rounding * (Math.abs(mean) + Math.sqrt(variance)));
    expect(Math.abs(distribution.variance - variance)).toBeLessThanOrEqual(rounding * variance);
    expect(deviations(init(shape).data, distribution, repeats)).toEqual([]);
  });
});

describe("these tests", () => {
  /** He normal but for a factor on the standard deviation, with the distribution that He normal has. */
  const wrong = (factor: number) =>
    defineRandom("WrongHeNormal", {
      parameters: {},
      distribution: (shape) => core.heNormal().distribution(shape),
      fill: (out, _slice, shape, _values, draw) => {
        const stddev = Math.sqrt(2 / core.computeFans(shape).fanIn) / 0.87962566103423978;
        draw.truncatedNormal(out, 0, factor * stddev);
      },
    })({ seed: SEED });

  it("pass the right factor", () => {
    const init = wrong(1);
    expect(deviations(init(MATRIX).data, init.distribution(MATRIX))).toEqual([]);
  });

  it("catch TensorFlow.js's missing truncation correction, 12 % of sigma, by variance and by distribution", () => {
    const init = wrong(0.87962566103423978);
    const found = deviations(init(MATRIX).data, init.distribution(MATRIX));
    expect(found.map((sentence) => sentence.split(" ")[0])).toEqual(["variance", "Kolmogorov-Smirnov"]);
    // And by far: 0.7737 is more than fifty standard errors (0.4 % each) from 1.
    const data = init(MATRIX).data;
    const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
    expect(variance / init.distribution(MATRIX).variance).toBeCloseTo(0.7737, 2);
  });

  it.each([0.98, 1.02])("catch a sigma that is wrong by the factor %d", (factor) => {
    const init = wrong(factor);
    expect(deviations(init(MATRIX).data, init.distribution(MATRIX)).join()).toMatch(/variance/);
  });

  it("catch a shifted mean, a plain normal for a truncated one, and values outside the support", () => {
    const distribution = truncatedNormal(0, 1);
    const shifted = core.truncatedNormal({ mean: 0.02, stddev: 1, seed: SEED })([2 ** 17]).data;
    expect(deviations(shifted, distribution).join()).toMatch(/mean.*outside.*Kolmogorov/);
    const plain = core.randomNormal({ stddev: Math.sqrt(distribution.variance), seed: SEED })([2 ** 17]).data;
    expect(deviations(plain, distribution).join()).toMatch(/outside.*Kolmogorov/);
  });

  it("use a distribution function that is right where values repeat", () => {
    const ones = Float32Array.of(0, 0, 0, 1);
    expect(kolmogorov(ones, (x) => (x < 0 ? 0 : x < 1 ? 0.75 : 1))).toBe(0);
    expect(kolmogorov(ones, (x) => (x < 0 ? 0 : x < 1 ? 0.5 : 1))).toBe(0.25);
  });
});

// Every function of torch.nn.init and jax.nn.initializers can be drawn by name, and has its distribution.

import { describe, expect, it } from "vitest";
import { jaxFunctions, jaxSample } from "../../frameworks/jax-sample.ts";
import type { Sample, SampleSource } from "../../frameworks/sample-source.ts";
import { torchFunctions, torchSample } from "../../frameworks/torch-sample.ts";
import { realValues } from "../../values/real-values.ts";
import { ValueStatistics } from "../../values/value-statistics.ts";
import { sampleNames, sampleSource, sampleStreams } from "./sample-sources.ts";

const SHAPE = [256, 32, 4, 4]; // 2^17 values: a standard deviation is known to 0.2 %
const MATRIX = [512, 256];

/** Arguments for functions that need some, or whose other arguments test more. */
const torchArguments: Readonly<Record<string, Record<string, unknown>>> = {
  constant: { val: 0.3 },
  uniform: { a: -2, b: 3 },
  normal: { mean: 1, std: 0.5 },
  trunc_normal: { mean: 0.5, std: 0.7, a: -0.5, b: 2 },
  dirac: { groups: 2 },
  xavier_normal: { gain: 1.5 },
  kaiming_uniform: { a: Math.sqrt(5), mode: "fan_out" },
  kaiming_normal: { nonlinearity: "relu", mode: "FAN_IN" },
  orthogonal: { gain: 2 },
  sparse: { sparsity: 0.3, std: 0.2 },
};
const jaxArguments: Readonly<Record<string, Record<string, unknown>>> = {
  constant: { value: 0.3 },
  variance_scaling: { scale: 2, mode: "fan_avg", distribution: "normal" },
  he_normal: { in_axis: 1, out_axis: 0 },
  truncated_normal: { stddev: 2, lower: -1, upper: 3 },
  orthogonal: { scale: 2, column_axis: 0 },
};

function expectDistribution({ dtype, data, distribution }: Sample): void {
  const found = new ValueStatistics();
  found.add(realValues(dtype, data));
  const std = Math.sqrt(distribution.variance);
  // Five standard errors of the mean, and of the standard deviation of a normal. Only mostly zero distributions have heavier
  // tails.
  expect(Math.abs(found.mean - distribution.mean)).toBeLessThanOrEqual((5 * std) / Math.sqrt(found.count) + 1e-9);
  expect(Math.abs(found.standardDeviation - std)).toBeLessThanOrEqual(0.01 * std + 1e-9);
  expect(found.min).toBeGreaterThanOrEqual((distribution.support[0] ?? 0) - 1e-6);
  expect(found.max).toBeLessThanOrEqual((distribution.support[1] ?? 0) + 1e-6);
}

const request = (name: string, shape: readonly number[], config: Record<string, unknown>, stream: string) => ({
  name,
  config,
  shape,
  seed: 7,
  isSeedGiven: true,
  dtype: undefined,
  stream,
});

describe("torchSample", () => {
  it.each(Object.keys(torchFunctions))("draws %s with its distribution", (name) => {
    const shape = name === "eye" || name === "sparse" ? MATRIX : SHAPE;
    const sample = torchSample(request(`${name}_`, shape, torchArguments[name] ?? {}, "torch"));
    expect(sample.initializer).toBe(`${name}_`);
    expect(sample.fans).toEqual(shape === MATRIX ? { fanIn: 256, fanOut: 512 } : { fanIn: 512, fanOut: 4096 });
    expect(sample.config).toEqual({ ...torchFunctions[name]?.defaults, ...torchArguments[name] });
    expectDistribution(sample);
  });

  it("restarts from its seed each time", () => {
    const [a, b] = [1, 2].map(() => torchSample(request("normal", [5], {}, "torch")).data);
    expect(a).toEqual(b);
  });
});

describe("jaxSample", () => {
  it.each(Object.keys(jaxFunctions))("draws %s with its distribution", (name) => {
    const shape = name === "delta_orthogonal" ? [3, 3, 64, 128] : name === "orthogonal" ? MATRIX : [4, 4, 128, 64];
    expectDistribution(jaxSample(request(name, shape, jaxArguments[name] ?? {}, "jax")));
  });
});

describe("sampleSource", () => {
  it.each(sampleStreams)("has a drawable name for %s", (stream) => {
    const source: SampleSource = sampleSource(stream);
    expect(source(request("normal", [3], {}, stream)).stream).toBe(stream);
  });

  it("lists names that some stream has", () => {
    expect(sampleNames()).toEqual(expect.arrayContaining(["he_normal", "siren_uniform", "zer_o", "kaiming_uniform"]));
    expect(sampleNames()).not.toContain("initializer");
  });
});

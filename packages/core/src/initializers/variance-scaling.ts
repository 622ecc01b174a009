// Variance scaling and its six presets: Var(w) = scale / fan.
// Source: keras/src/initializers/random_initializers.py 3.16; LeCun et al. 1998, Glorot and Bengio 2010, He et al. 2015.

import { type ArrayOf, DTYPES, type DType, type Shape } from "@fanin/tensor";
import { describeValue, expectReal, suggestion } from "@fanin/tensor/arguments";
import { type Law, normalLaw, TRUNCATED_STDDEV, truncatedNormalLaw, uniformLaw } from "../random/law.ts";
import type { Sampler, Slice } from "../random/stream.ts";
import { computeFans } from "./fans.ts";
import { type Draw, defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

type AnyArray = ArrayOf[DType];

/** Keras's three, and JAX's geometric mean, which Keras itself does not read. */
const modes = ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"] as const;

/** How values of a given variance are drawn: by one number, the spread, that the stream and the law both take. */
interface Shaped {
  readonly draws: keyof Sampler;
  spread(variance: number): number;
  fill(out: AnyArray, slice: Slice, spread: number, draw: Draw<DType>): void;
  law(spread: number): Law;
}

const distributions: Readonly<Record<Distribution, Shaped>> = {
  uniform: {
    draws: "uniform",
    spread: (variance) => Math.sqrt(3 * variance),
    fill: (out, slice, limit, { stream, seed }) => stream.uniform(out, slice, seed, -limit, limit),
    law: (limit) => uniformLaw(-limit, limit),
  },
  truncated_normal: {
    draws: "truncatedNormal",
    spread: (variance) => Math.sqrt(variance) / TRUNCATED_STDDEV,
    fill: (out, slice, stddev, { stream, seed }) => stream.truncatedNormal(out, slice, seed, 0, stddev),
    law: (stddev) => truncatedNormalLaw(0, stddev),
  },
  untruncated_normal: {
    draws: "normal",
    spread: (variance) => Math.sqrt(variance),
    fill: (out, slice, stddev, { stream, seed }) => stream.normal(out, slice, seed, 0, stddev),
    law: (stddev) => normalLaw(0, stddev),
  },
};

/** Which fan the variance is divided by. */
export type FanMode = (typeof modes)[number];

/** What the values are drawn from. */
export type Distribution = "uniform" | "truncated_normal" | "untruncated_normal";

/** Options of the presets. */
export interface PresetOptions extends RandomOptions {
  /** The axes whose product is fan-in; used only where `outputAxes` is given too. */
  readonly inputAxes?: readonly number[] | null | undefined;
  /** The axes whose product is fan-out. */
  readonly outputAxes?: readonly number[] | null | undefined;
}

/** Options of {@link varianceScaling}. */
export interface VarianceScalingOptions extends PresetOptions {
  /** Positive. Defaults to 1. */
  readonly scale?: number | undefined;
  /** Defaults to `fan_in`; `fan_geo_avg`, sqrt(fan-in fan-out), is JAX's and not Keras's. */
  readonly mode?: FanMode | undefined;
  /** Defaults to `truncated_normal`; `normal` means the same. */
  readonly distribution?: Distribution | "normal" | undefined;
}

interface Scaling {
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: Distribution;
}

/** He normal, which other initializers build on. */
const heScaling: Scaling = { scale: 2, mode: "fan_in", distribution: "truncated_normal" };

interface Axes {
  readonly inputAxes: readonly number[] | null;
  readonly outputAxes: readonly number[] | null;
}

/** The axes of a kernel (..., in, out). */
const kernelAxes: Axes = { inputAxes: null, outputAxes: null };

/** The spread for one shape, in float64 as Keras computes it. */
function spread(shape: Shape, { scale, mode, distribution }: Scaling, { inputAxes, outputAxes }: Axes): number {
  const { fanIn, fanOut } = computeFans(shape, inputAxes, outputAxes);
  const fan = {
    fan_in: fanIn,
    fan_out: fanOut,
    fan_avg: (fanIn + fanOut) / 2,
    fan_geo_avg: Math.sqrt(fanIn * fanOut),
  }[mode];
  return distributions[distribution].spread(scale / Math.max(1, fan));
}

function fill(out: AnyArray, slice: Slice, shape: Shape, scaling: Scaling, axes: Axes, draw: Draw<DType>): void {
  distributions[scaling.distribution].fill(out, slice, spread(shape, scaling, axes), draw);
}

function law(shape: Shape, scaling: Scaling, axes: Axes): Law {
  return distributions[scaling.distribution].law(spread(shape, scaling, axes));
}

function expectScale(name: string, value: unknown): number {
  const scale = expectReal(name, value);
  if (scale <= 0) throw new RangeError(`Argument \`scale\` must be positive float. Received: scale=${scale}`);
  return scale;
}

function expectMode(_name: string, value: unknown): FanMode {
  const mode = modes.find((candidate) => candidate === value);
  if (mode) return mode;
  const Kind = typeof value === "string" ? RangeError : TypeError;
  throw new Kind(`Invalid \`mode\` argument: ${describeValue(value)}. Please use one of ${modes.join(", ")}`);
}

function expectDistribution(name: string, value: unknown): Distribution {
  if (typeof value !== "string") throw new TypeError(`${name}: expected a string, got ${describeValue(value)}`);
  const lower = value.toLowerCase();
  if (lower === "normal") return "truncated_normal";
  if (Object.hasOwn(distributions, lower)) return lower as Distribution;
  const names = Object.keys(distributions);
  throw new RangeError(
    `Invalid \`distribution\` argument: ${lower}. Please use one of ${names.join(", ")}${suggestion(lower, names)}`,
  );
}

function expectAxes(name: string, value: unknown): readonly number[] | null {
  if (value === null) return null;
  const axes = typeof value === "number" ? [value] : value;
  if (Array.isArray(axes) && axes.every((axis) => Number.isInteger(axis))) return axes;
  throw new TypeError(`${name}: expected an array of integers or null, got ${describeValue(value)}`);
}

const axesParameters = {
  inputAxes: { default: null, expect: expectAxes },
  outputAxes: { default: null, expect: expectAxes },
};

/**
 * Values of variance scale / fan: `truncated_normal` draws within two standard deviations and is corrected for the cut,
 * `untruncated_normal` is plain, `uniform` is on [-limit, limit) with limit = sqrt(3 scale / fan).
 *
 * @throws RangeError for a scale that is not positive or an unknown mode or distribution.
 * @example
 * varianceScaling({ scale: 2, mode: "fan_out", distribution: "untruncated_normal", seed: 1 })([3, 3, 64, 128]);
 */
export const varianceScaling: InitializerFactory<VarianceScalingOptions> = defineRandom<
  Scaling & Axes,
  VarianceScalingOptions,
  DType
>("VarianceScaling", {
  dtypes: DTYPES,
  distribution: ({ distribution }) => distributions[distribution].draws,
  parameters: {
    scale: { default: 1, expect: expectScale },
    mode: { default: "fan_in", expect: expectMode },
    distribution: { default: "truncated_normal", expect: expectDistribution },
    ...axesParameters,
  },
  law: (shape, parameters) => law(shape, parameters, parameters),
  fill: (out, slice, shape, parameters, draw) => fill(out, slice, shape, parameters, parameters, draw),
});

/** He normal's fill and law, for a seed that comes from elsewhere. */
export const he = {
  fill: (out: Float32Array, slice: Slice, shape: Shape, draw: Draw): void =>
    fill(out, slice, shape, heScaling, kernelAxes, draw),
  law: (shape: Shape): Law => law(shape, heScaling, kernelAxes),
};

function preset(
  className: string,
  scale: number,
  mode: FanMode,
  distribution: Distribution,
): InitializerFactory<PresetOptions> {
  const scaling: Scaling = { scale, mode, distribution };
  return defineRandom<Axes, PresetOptions, DType>(className, {
    dtypes: DTYPES,
    distribution: () => distributions[distribution].draws,
    parameters: axesParameters,
    law: (shape, axes) => law(shape, scaling, axes),
    fill: (out, slice, shape, axes, draw) => fill(out, slice, shape, scaling, axes, draw),
  });
}

/**
 * Uniform with variance 2 / (fan-in + fan-out). Glorot and Bengio 2010; also known as Xavier uniform.
 *
 * @example
 * glorotUniform({ seed: 42 })([2, 2]).data; // => Float32Array(4) [ -0.5329278111457825, -0.0038777589797973633, 0.5277634859085083, -1.1752601861953735 ]
 */
export const glorotUniform: InitializerFactory<PresetOptions> = preset("GlorotUniform", 1, "fan_avg", "uniform");
/**
 * Truncated normal with variance 2 / (fan-in + fan-out). Glorot and Bengio 2010.
 *
 * @example
 * glorotNormal({ seed: 42 })([2, 2]).data; // => Float32Array(4) [ 0.012714911252260208, -1.2782269716262817, 0.08327672630548477, 0.6525401473045349 ]
 */
export const glorotNormal: InitializerFactory<PresetOptions> = preset("GlorotNormal", 1, "fan_avg", "truncated_normal");
/**
 * Uniform with variance 2 / fan-in. He et al. 2015; also known as Kaiming uniform.
 *
 * @example
 * heUniform({ seed: 42 }).law([784, 128]).support; // => [ -0.08748177652797065, 0.08748177652797065 ]
 */
export const heUniform: InitializerFactory<PresetOptions> = preset("HeUniform", 2, "fan_in", "uniform");
/**
 * Truncated normal with variance 2 / fan-in. He et al. 2015.
 *
 * @example
 * heNormal({ seed: 42 })([2, 2]).data; // => Float32Array(4) [ 0.017981600016355515, -1.8076859712600708, 0.11777107417583466, 0.922831118106842 ]
 * heNormal({ seed: 42, stream: "keras/jax" })([2, 2]).data; // => Float32Array(4) [ 0.18228228390216827, -1.557678461074829, -0.32627469301223755, 0.6037595868110657 ]
 */
export const heNormal: InitializerFactory<PresetOptions> = preset(
  "HeNormal",
  heScaling.scale,
  heScaling.mode,
  heScaling.distribution,
);
/**
 * Uniform with variance 1 / fan-in. LeCun et al. 1998.
 *
 * @example
 * lecunUniform({ seed: 42 })([2, 2]).data; // => Float32Array(4) [ -0.5329278111457825, -0.0038777589797973633, 0.5277634859085083, -1.1752601861953735 ]
 */
export const lecunUniform: InitializerFactory<PresetOptions> = preset("LecunUniform", 1, "fan_in", "uniform");
/**
 * Truncated normal with variance 1 / fan-in. LeCun et al. 1998.
 *
 * @example
 * lecunNormal({ seed: 42 }).law([100, 10]).variance; // => 0.010000000000000002
 */
export const lecunNormal: InitializerFactory<PresetOptions> = preset("LecunNormal", 1, "fan_in", "truncated_normal");

// Variance scaling and its six presets: Var(w) = scale / fan.
// Source: keras/src/initializers/random_initializers.py 3.15.1; LeCun et al. 1998, Glorot and Bengio 2010, He et al. 2015.

import type { Shape } from "@fanin/tensor";
import { describeValue, expectReal, suggestion } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, ValuesOf } from "../parameters/parameters.ts";
import {
  type DistributionKind,
  type DrawnDistribution,
  normal,
  TRUNCATED_STDDEV,
  truncatedNormal,
  uniform,
} from "../random/distribution.ts";
import { computeFans } from "./fans.ts";
import { defineDistribution, type InitializerFactory, type RandomOptions } from "./initializer.ts";

/** Keras's three, and JAX's geometric mean, which Keras itself does not read. */
const modes = ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"] as const;

/** The distributions of mean 0 by their variance, in float64 as Keras computes them. */
const distributions: Readonly<
  Record<DistributionName, { readonly kind: DistributionKind; of(variance: number): DrawnDistribution }>
> = {
  uniform: {
    kind: "uniform",
    of: (variance) => {
      const limit = Math.sqrt(3 * variance);
      return uniform(-limit, limit);
    },
  },
  truncated_normal: {
    kind: "truncatedNormal",
    of: (variance) => truncatedNormal(0, Math.sqrt(variance) / TRUNCATED_STDDEV),
  },
  untruncated_normal: { kind: "normal", of: (variance) => normal(0, Math.sqrt(variance)) },
};

/** Which fan the variance is divided by. */
export type FanMode = (typeof modes)[number];

/** The distributions that variance scaling draws from. */
export type DistributionName = "uniform" | "truncated_normal" | "untruncated_normal";

const axesParameters = {
  /** The axes whose product is fan-in. Used only if `outputAxes` is given too. Defaults to null. */
  inputAxes: { default: null, expect: expectAxes } as Parameter<readonly number[] | null>,
  /** The axes whose product is fan-out. Defaults to null. */
  outputAxes: { default: null, expect: expectAxes } as Parameter<readonly number[] | null>,
};

const scalingParameters = {
  /** Positive. Defaults to 1. */
  scale: { default: 1, expect: expectScale } as Parameter<number>,
  /** Defaults to `fan_in`. `fan_geo_avg`, sqrt(fan-in fan-out), is in JAX and not in Keras. */
  mode: { default: "fan_in", expect: expectMode } as Parameter<FanMode>,
  /** Defaults to `truncated_normal`; `normal` is another name for it. */
  distribution: { default: "truncated_normal", expect: expectDistribution } as Parameter<
    DistributionName,
    DistributionName | "normal"
  >,
};

const parameters = { ...scalingParameters, ...axesParameters };

/** Options of the presets. */
export interface PresetOptions extends OptionsOf<typeof axesParameters>, RandomOptions {}

/** Options of {@link varianceScaling}. */
export interface VarianceScalingOptions extends OptionsOf<typeof scalingParameters>, PresetOptions {}

/** The distribution for one shape. */
function scaled(
  shape: Shape,
  { scale, mode, distribution }: ValuesOf<typeof scalingParameters>,
  { inputAxes, outputAxes }: ValuesOf<typeof axesParameters>,
): DrawnDistribution {
  const { fanIn, fanOut } = computeFans(shape, inputAxes, outputAxes);
  const fan = {
    fan_in: fanIn,
    fan_out: fanOut,
    fan_avg: (fanIn + fanOut) / 2,
    fan_geo_avg: Math.sqrt(fanIn * fanOut),
  }[mode];
  return distributions[distribution].of(scale / Math.max(1, fan));
}

const heScaling: ValuesOf<typeof scalingParameters> = {
  scale: 2,
  mode: "fan_in",
  distribution: "truncated_normal",
};
const kernelAxes: ValuesOf<typeof axesParameters> = { inputAxes: null, outputAxes: null };

/** He normal for a kernel (..., in, out), for initializers that build on it. */
export function heDistribution(shape: Shape): DrawnDistribution {
  return scaled(shape, heScaling, kernelAxes);
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

function expectDistribution(name: string, value: unknown): DistributionName {
  if (typeof value !== "string") throw new TypeError(`${name}: expected a string, got ${describeValue(value)}`);
  const lower = value.toLowerCase();
  if (lower === "normal") return "truncated_normal";
  if (Object.hasOwn(distributions, lower)) return lower as DistributionName;
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

/**
 * Values of variance scale / fan: `truncated_normal` draws within two standard deviations and is corrected for the cut,
 * `untruncated_normal` is plain, `uniform` is on [-limit, limit) with limit = sqrt(3 scale / fan).
 *
 * @throws RangeError for a scale that is not positive or an unknown mode or distribution.
 * @example
 * varianceScaling({ scale: 2, mode: "fan_out", distribution: "untruncated_normal", seed: 1 })([3, 3, 64, 128]);
 */
export const varianceScaling: InitializerFactory<VarianceScalingOptions> = defineDistribution("VarianceScaling", {
  parameters,
  kind: ({ distribution }) => distributions[distribution].kind,
  distribution: (shape, values) => scaled(shape, values, values),
});

function preset(
  className: string,
  scale: number,
  mode: FanMode,
  distribution: DistributionName,
): InitializerFactory<PresetOptions> {
  const scaling = { scale, mode, distribution };
  return defineDistribution(className, {
    parameters: axesParameters,
    kind: () => distributions[distribution].kind,
    distribution: (shape, axes) => scaled(shape, scaling, axes),
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
 * heUniform({ seed: 42 }).distribution([784, 128]).support; // => [ -0.08748177652797065, 0.08748177652797065 ]
 */
export const heUniform: InitializerFactory<PresetOptions> = preset("HeUniform", 2, "fan_in", "uniform");
/**
 * Truncated normal with variance 2 / fan-in. He et al. 2015.
 *
 * @example
 * heNormal({ seed: 42 })([2, 2]).data; // => Float32Array(4) [ 0.017981600016355515, -1.8076859712600708, 0.11777107417583466, 0.922831118106842 ]
 * heNormal({ seed: 42, stream: "keras/jax" })([2, 2]).data; // => Float32Array(4) [ 0.18228228390216827, -1.557678461074829, -0.32627469301223755, 0.6037595868110657 ]
 */
export const heNormal: InitializerFactory<PresetOptions> = preset("HeNormal", 2, "fan_in", "truncated_normal");
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
 * lecunNormal({ seed: 42 }).distribution([100, 10]).variance.toFixed(6); // => '0.010000'
 */
export const lecunNormal: InitializerFactory<PresetOptions> = preset("LecunNormal", 1, "fan_in", "truncated_normal");

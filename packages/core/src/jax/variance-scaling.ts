// jax.nn.initializers.variance_scaling and its presets: Var(w) = scale / fan.
// Source: jax/_src/nn/initializers.py 0.10.2; LeCun et al. 1998, Glorot and Bengio 2010, He et al. 2015.

import { expectShape, type Shape } from "@fanin/tensor";
import { describeValue, expectNumber } from "@fanin/tensor/arguments";
import { type Law, normalLaw, TRUNCATED_STDDEV, truncatedNormalLaw, uniformLaw } from "../random/law.ts";
import type { Draw } from "../random/threefry.ts";
import { roundToHalf } from "../random/threefry-half.ts";
import type { JaxArray } from "./array.ts";
import { type AxisOptions, computeFans } from "./fans.ts";
import { defineInitializer, expectOptions, type JaxInitializer } from "./initializer.ts";
import type { LayoutOptions } from "./key.ts";
import { expectDraw, expectFloatType, type FloatType, normalArray, symmetricArray } from "./random.ts";

const modes = ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"] as const;

/** Which fan the variance is divided by: in, out, or their arithmetic or geometric mean. */
export type FanMode = (typeof modes)[number];

/** What the values are drawn from; `truncated_normal` is cut at two standard deviations and corrected for it. */
export type Distribution = "truncated_normal" | "normal" | "uniform";

/** Options of the presets. */
export interface PresetOptions extends AxisOptions, LayoutOptions {}

/** Options of {@link varianceScaling}. */
export interface VarianceScalingOptions extends PresetOptions {
  /** 0 or more. */
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: Distribution;
}

type Round = (value: number) => number;

/** How values of a given variance are drawn. Each step is rounded, as JAX computes them in the element type. */
interface Shaped {
  draw<D extends FloatType>(draw: Draw, shape: Shape, dtype: D, variance: number, round: Round): JaxArray<D>;
  law(variance: number): Law;
}

const distributions: Readonly<Record<Distribution, Shaped>> = {
  truncated_normal: {
    draw(draw, shape, dtype, variance, round) {
      const stddev = round(round(Math.sqrt(variance)) / round(TRUNCATED_STDDEV));
      return normalArray(draw, shape, dtype, stddev, [-2, 2]);
    },
    law: (variance) => truncatedNormalLaw(0, Math.sqrt(variance) / TRUNCATED_STDDEV),
  },
  normal: {
    draw: (draw, shape, dtype, variance, round) => normalArray(draw, shape, dtype, round(Math.sqrt(variance))),
    law: (variance) => normalLaw(0, Math.sqrt(variance)),
  },
  uniform: {
    draw(draw, shape, dtype, variance, round) {
      return symmetricArray(draw, shape, dtype, round(Math.sqrt(round(round(3) * variance))));
    },
    law: (variance) => uniformLaw(-Math.sqrt(3 * variance), Math.sqrt(3 * variance)),
  },
};

function variance(shape: Shape, scale: number, mode: FanMode, axes: AxisOptions): number {
  const { fanIn, fanOut } = computeFans(shape, axes);
  const fan = {
    fan_in: fanIn,
    fan_out: fanOut,
    fan_avg: (fanIn + fanOut) / 2,
    fan_geo_avg: Math.sqrt(fanIn * fanOut),
  };
  return scale / fan[mode];
}

const axisNames = ["inAxis", "outAxis", "batchAxis", "partitionable"];

/**
 * Values of variance scale / fan.
 *
 * @throws RangeError for a negative scale, or an unknown mode or distribution; when called, for a shape without fans:
 * rank 0 or 1 with the default in-axis, an axis it does not have, a dimension of 0.
 * @example
 * varianceScaling({ scale: 0.7, mode: "fan_geo_avg", distribution: "normal" })(key(42), [3, 3, 4, 5]);
 */
export function varianceScaling(options: VarianceScalingOptions): JaxInitializer<FloatType> {
  expectOptions("varianceScaling", options, ["scale", "mode", "distribution", ...axisNames]);
  const scale = expectNumber("scale", options.scale);
  if (scale < 0) throw new RangeError(`scale: expected 0 or more, got ${scale}`);
  const mode = modes.find((candidate) => candidate === options.mode);
  if (!mode) throw invalid("mode", options.mode);
  if (!Object.hasOwn(distributions, options.distribution)) throw invalid("distribution", options.distribution);
  const shaped = distributions[options.distribution];
  return defineInitializer<FloatType>(
    (key, shape, givenType) => {
      const draw = expectDraw(key, shape, options);
      const dtype = expectFloatType(givenType);
      const round = dtype === "float32" ? Math.fround : (value: number) => roundToHalf(dtype, value);
      return shaped.draw(draw, shape, dtype, round(variance(shape, scale, mode, options)), round);
    },
    (shape) => shaped.law(variance(expectShape(shape), scale, mode, options)),
  );
}

function invalid(name: string, value: unknown): Error {
  const Kind = typeof value === "string" ? RangeError : TypeError;
  const text = typeof value === "string" ? value : describeValue(value);
  return new Kind(`invalid ${name} for variance scaling initializer: ${text}`);
}

/** Makes the initializers of one preset. */
type Preset = (options?: PresetOptions) => JaxInitializer<FloatType>;

function preset(name: string, scale: number, mode: FanMode, distribution: Distribution): Preset {
  return (options = {}) => {
    expectOptions(name, options, axisNames);
    return varianceScaling({ ...options, scale, mode, distribution });
  };
}

/**
 * Uniform with variance 2 / (fan-in + fan-out). Glorot and Bengio 2010.
 *
 * @example
 * glorotUniform()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.0965558290481567, 1.172276496887207, -0.4108003079891205, -0.07674628496170044 ]
 */
export const glorotUniform: Preset = preset("glorotUniform", 1, "fan_avg", "uniform");
/**
 * Truncated normal with variance 2 / (fan-in + fan-out). Glorot and Bengio 2010.
 *
 * @example
 * glorotNormal()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.170405387878418, 1.3784390687942505, -0.33173829317092896, -0.060317303985357285 ]
 */
export const glorotNormal: Preset = preset("glorotNormal", 1, "fan_avg", "truncated_normal");
/**
 * Uniform with variance 1 / fan-in. LeCun et al. 1998.
 *
 * @example
 * lecunUniform()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.0965558290481567, 1.172276496887207, -0.4108003079891205, -0.07674628496170044 ]
 */
export const lecunUniform: Preset = preset("lecunUniform", 1, "fan_in", "uniform");
/**
 * Truncated normal with variance 1 / fan-in. LeCun et al. 1998.
 *
 * @example
 * lecunNormal()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.170405387878418, 1.3784390687942505, -0.33173829317092896, -0.060317303985357285 ]
 */
export const lecunNormal: Preset = preset("lecunNormal", 1, "fan_in", "truncated_normal");
/**
 * Uniform with variance 2 / fan-in. He et al. 2015.
 *
 * @example
 * heUniform()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.5507639646530151, 1.6578493118286133, -0.5809593200683594, -0.10853563249111176 ]
 */
export const heUniform: Preset = preset("heUniform", 2, "fan_in", "uniform");
/**
 * Truncated normal with variance 2 / fan-in. He et al. 2015.
 *
 * @example
 * heNormal()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.6552032232284546, 1.9494074583053589, -0.4691488444805145, -0.08530155569314957 ]
 */
export const heNormal: Preset = preset("heNormal", 2, "fan_in", "truncated_normal");

// jax.nn.initializers.variance_scaling and its presets: Var(w) = scale / fan.
// Source: jax/_src/nn/initializers.py 0.10.2; LeCun et al. 1998, Glorot and Bengio 2010, He et al. 2015.

import type { Shape } from "@fanin/tensor";
import { describeValue, expectNumber } from "@fanin/tensor/arguments";
import type { OptionsOf, RequiredParameter, ValuesOf } from "../parameters/parameters.ts";
import { type DrawnDistribution, normal, TRUNCATED_STDDEV, truncatedNormal, uniform } from "../random/distribution.ts";
import { type AxisOptions, axisParameters, computeFans } from "./fans.ts";
import { defineDistribution, type JaxFactory, type Round } from "./initializer.ts";
import { type LayoutOptions, layoutParameters } from "./key.ts";
import type { FloatType } from "./random.ts";

const modes = ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"] as const;

/** Which fan the variance is divided by: in, out, or their arithmetic or geometric mean. */
export type FanMode = (typeof modes)[number];

/** The distributions; `truncated_normal` is cut at two standard deviations and corrected for it. */
export type DistributionName = "truncated_normal" | "normal" | "uniform";

/** The distributions of mean 0 by their variance, each step rounded as JAX computes it in the element type. */
const distributions: Readonly<Record<DistributionName, (variance: number, round: Round) => DrawnDistribution>> = {
  truncated_normal: (variance, round) =>
    truncatedNormal(0, round(round(Math.sqrt(variance)) / round(TRUNCATED_STDDEV))),
  normal: (variance, round) => normal(0, round(Math.sqrt(variance))),
  uniform: (variance, round) => {
    const limit = round(Math.sqrt(round(round(3) * variance)));
    return uniform(-limit, limit);
  },
};

const presetParameters = { ...axisParameters, ...layoutParameters };

const scalingParameters = {
  /** 0 or more. */
  scale: { expect: expectScale } as RequiredParameter<number>,
  /** The fan that the variance is divided by. */
  mode: { expect: expectChoice(modes) } as RequiredParameter<FanMode>,
  /** What the values are drawn from. */
  distribution: { expect: expectChoice(Object.keys(distributions)) } as RequiredParameter<DistributionName>,
};

const parameters = { ...scalingParameters, ...presetParameters };

/** Options of the presets. */
export interface PresetOptions extends AxisOptions, LayoutOptions {}

/** Options of {@link varianceScaling}. */
export interface VarianceScalingOptions extends OptionsOf<typeof scalingParameters>, PresetOptions {}

function expectScale(name: string, value: unknown): number {
  const scale = expectNumber(name, value);
  if (scale < 0) throw new RangeError(`${name}: expected 0 or more, got ${scale}`);
  return scale;
}

function expectChoice(choices: readonly string[]) {
  return (name: string, value: unknown): string => {
    if (typeof value === "string" && choices.includes(value)) return value;
    const Kind = typeof value === "string" ? RangeError : TypeError;
    const text = typeof value === "string" ? value : describeValue(value);
    throw new Kind(`invalid ${name} for variance scaling initializer: ${text}`);
  };
}

function scaled(
  shape: Shape,
  { scale, mode, distribution, ...axes }: ValuesOf<typeof parameters>,
  round: Round,
): DrawnDistribution {
  const { fanIn, fanOut } = computeFans(shape, axes);
  const fan = {
    fan_in: fanIn,
    fan_out: fanOut,
    fan_avg: (fanIn + fanOut) / 2,
    fan_geo_avg: Math.sqrt(fanIn * fanOut),
  }[mode];
  return distributions[distribution](round(scale / fan), round);
}

/**
 * Values of variance scale / fan.
 *
 * @throws RangeError for a negative scale, or an unknown mode or distribution; when called, for a shape without fans:
 * rank 0 or 1 with the default in-axis, an axis it does not have, a dimension of 0.
 * @example
 * varianceScaling({ scale: 0.7, mode: "fan_geo_avg", distribution: "normal" })(key(42), [3, 3, 4, 5]);
 */
export const varianceScaling: JaxFactory<VarianceScalingOptions, FloatType> = defineDistribution(
  "varianceScaling",
  parameters,
  scaled,
);

function preset(
  name: string,
  scale: number,
  mode: FanMode,
  distribution: DistributionName,
): JaxFactory<PresetOptions, FloatType> {
  return defineDistribution(name, presetParameters, (shape, axes, round) =>
    scaled(shape, { scale, mode, distribution, ...axes }, round),
  );
}

/**
 * Uniform with variance 2 / (fan-in + fan-out). Glorot and Bengio 2010.
 *
 * @example
 * glorotUniform()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.0965558290481567, 1.172276496887207, -0.4108003079891205, -0.07674628496170044 ]
 */
export const glorotUniform: JaxFactory<PresetOptions, FloatType> = preset("glorotUniform", 1, "fan_avg", "uniform");
/**
 * Truncated normal with variance 2 / (fan-in + fan-out). Glorot and Bengio 2010.
 *
 * @example
 * glorotNormal()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.170405387878418, 1.3784390687942505, -0.33173829317092896, -0.060317303985357285 ]
 */
export const glorotNormal: JaxFactory<PresetOptions, FloatType> = preset(
  "glorotNormal",
  1,
  "fan_avg",
  "truncated_normal",
);
/**
 * Uniform with variance 1 / fan-in. LeCun et al. 1998.
 *
 * @example
 * lecunUniform()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.0965558290481567, 1.172276496887207, -0.4108003079891205, -0.07674628496170044 ]
 */
export const lecunUniform: JaxFactory<PresetOptions, FloatType> = preset("lecunUniform", 1, "fan_in", "uniform");
/**
 * Truncated normal with variance 1 / fan-in. LeCun et al. 1998.
 *
 * @example
 * lecunNormal()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.170405387878418, 1.3784390687942505, -0.33173829317092896, -0.060317303985357285 ]
 */
export const lecunNormal: JaxFactory<PresetOptions, FloatType> = preset("lecunNormal", 1, "fan_in", "truncated_normal");
/**
 * Uniform with variance 2 / fan-in. He et al. 2015.
 *
 * @example
 * heUniform()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.5507639646530151, 1.6578493118286133, -0.5809593200683594, -0.10853563249111176 ]
 */
export const heUniform: JaxFactory<PresetOptions, FloatType> = preset("heUniform", 2, "fan_in", "uniform");
/**
 * Truncated normal with variance 2 / fan-in. He et al. 2015.
 *
 * @example
 * heNormal()(key(0), [2, 2]).data; // => Float32Array(4) [ 1.6552032232284546, 1.9494074583053589, -0.4691488444805145, -0.08530155569314957 ]
 */
export const heNormal: JaxFactory<PresetOptions, FloatType> = preset("heNormal", 2, "fan_in", "truncated_normal");

// The public names of @fanin/core/jax: JAX's keys and random numbers, and jax.nn.initializers, bit for bit.
// Source: JAX 0.10.2 on a CPU with FMA, without x64; jax_threefry_partitionable is true unless an option says otherwise.

export type { Shape } from "@fanin/tensor";
export type { Arrays, JaxArray, JaxDType } from "./jax/array.ts";
export { type ConstantOptions, constant, ones, zeros } from "./jax/constant.ts";
export { type Axes, type AxisOptions, computeFans } from "./jax/fans.ts";
export type { CallOptions, JaxFactory, JaxInitializer } from "./jax/initializer.ts";
// uniform, normal and truncatedNormal are both in jax.random and in jax.nn.initializers: these are found here only.
export * as initializers from "./jax/initializers.ts";
export { foldIn, type Key, key, type LayoutOptions, split } from "./jax/key.ts";
export { deltaOrthogonal, type OrthogonalOptions, orthogonal } from "./jax/orthogonal.ts";
export {
  bits,
  type FloatType,
  type NormalOptions,
  normal,
  type RandintOptions,
  randint,
  type TruncatedNormalOptions,
  truncatedNormal,
  type UniformOptions,
  type UniformType,
  uniform,
} from "./jax/random.ts";
export {
  type DistributionName,
  type FanMode,
  glorotNormal,
  glorotNormal as xavierNormal,
  glorotUniform,
  glorotUniform as xavierUniform,
  heNormal,
  heNormal as kaimingNormal,
  heUniform,
  heUniform as kaimingUniform,
  lecunNormal,
  lecunUniform,
  type PresetOptions,
  type VarianceScalingOptions,
  varianceScaling,
} from "./jax/variance-scaling.ts";
export type { Distribution } from "./random/distribution.ts";

// jax.nn.initializers: every one of them, each a function of key and shape.
// Source: jax/_src/nn/initializers.py, JAX 0.10.2.

export { type ConstantOptions, constant, ones, zeros } from "./constant.ts";
export {
  type NormalOptions,
  normal,
  type TruncatedNormalOptions,
  truncatedNormal,
  type UniformOptions,
  uniform,
} from "./distributions.ts";
export { deltaOrthogonal, type OrthogonalOptions, orthogonal } from "./orthogonal.ts";
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
} from "./variance-scaling.ts";

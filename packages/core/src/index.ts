// The public names of @fanin/core: Keras's initializers and their seeds; the types of what they fill are those of @fanin/tensor.

export type { ArrayOf, DType, ElementArray, FloatDType, Shape, Tensor } from "@fanin/tensor";
export type { ArrayValue, NestedNumbers, SerializedArray } from "./initializers/array-value.ts";
export { type ConstantOptions, constant, ones, zeros } from "./initializers/constant.ts";
export { type ConvolutionAwareOptions, convolutionAware } from "./initializers/convolution-aware.ts";
export { deltaOrthogonal } from "./initializers/delta-orthogonal.ts";
export { type DiracOptions, dirac } from "./initializers/dirac.ts";
export { extensions } from "./initializers/extensions.ts";
export { eye } from "./initializers/eye.ts";
export { computeFans, type Fans } from "./initializers/fans.ts";
export { type FixupOptions, fixup } from "./initializers/fixup.ts";
export { calculateGain, type Nonlinearity } from "./initializers/gain.ts";
export { type IcnrOptions, icnr } from "./initializers/icnr.ts";
export { type IdentityOptions, identity } from "./initializers/identity.ts";
export type {
  Config,
  FillOptions,
  Initializer,
  InitializerFactory,
  RandomOptions,
  Seed,
} from "./initializers/initializer.ts";
export { type KaimingOptions, kaimingNormal, kaimingUniform } from "./initializers/kaiming.ts";
export { kerasInitializers } from "./initializers/keras-initializers.ts";
export { type MuNormalOptions, muNormal } from "./initializers/mu-normal.ts";
export { type OrthogonalOptions, orthogonal } from "./initializers/orthogonal.ts";
export { type InitializerIdentifier, splitList } from "./initializers/parse-initializer.ts";
export {
  type RandomNormalOptions,
  type RandomUniformOptions,
  randomNormal,
  randomUniform,
  truncatedNormal,
} from "./initializers/random.ts";
export {
  clone,
  deserialize,
  type GetOptions,
  get,
  type InitializerFunction,
  initializerNames,
  parseInitializer,
} from "./initializers/registry.ts";
export { type ScaledResidualOptions, scaledResidual } from "./initializers/scaled-residual.ts";
export type { SerializedSeedGenerator } from "./initializers/seed-option.ts";
export { type SerializedInitializer, serialize } from "./initializers/serialize.ts";
export { type SirenUniformOptions, sirenUniform } from "./initializers/siren-uniform.ts";
export { type SparseNormalOptions, sparseNormal } from "./initializers/sparse-normal.ts";
export { type StftOptions, stft } from "./initializers/stft.ts";
export {
  type DistributionName,
  type FanMode,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  type PresetOptions,
  type VarianceScalingOptions,
  varianceScaling,
} from "./initializers/variance-scaling.ts";
export { type XavierOptions, xavierNormal, xavierUniform } from "./initializers/xavier.ts";
export { zerO } from "./initializers/zer-o.ts";
export { type Qr, qr } from "./linalg/qr.ts";
export { makeDefaultSeed, setRandomSeed } from "./random/default-seed.ts";
export type { Distribution, DistributionKind, DrawnDistribution } from "./random/distribution.ts";
export { normalCdf } from "./random/distribution.ts";
export * as distributions from "./random/distributions.ts";
export * as random from "./random/keras-random.ts";
export { permutation, philoxWords } from "./random/permutation.ts";
export { PythonRandom } from "./random/python-random.ts";
export { SeedGenerator, type SeedGeneratorConfig, type SeedGeneratorOptions } from "./random/seed-generator.ts";
export { DEFAULT_STREAM, type StreamName, streamNames } from "./random/stream-names.ts";
export { configure, type RuntimeOptions } from "./runtime/streams.ts";
export { VERSION } from "./version.ts";

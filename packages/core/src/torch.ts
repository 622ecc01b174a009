// The public names of @fanin/core/torch: torch.nn.init and the initial state of torch.nn's layers, bit for bit.
// Source: PyTorch 2.13.0, CPU build, x86-64 with AVX2 and FMA (the library that pip installs on Linux).
//
// Uniform values are the same on every platform whose PyTorch uses fused multiply-add; normals of sixteen elements and
// more are those of the AVX2 kernel, from which other builds differ by up to 3 ulp; orthogonal agrees to about 1e-6.

export type { FloatDType, Shape, Tensor } from "@fanin/tensor";
export type { Distribution } from "./random/distribution.ts";
export {
  type ConstantOptions,
  constant,
  type DiracOptions,
  dirac,
  eye,
  ones,
  zeros,
} from "./torch/constants.ts";
export { type NormalOptions, normal, type UniformOptions, uniform } from "./torch/distributions.ts";
export { computeTorchFans } from "./torch/fans.ts";
export { calculateGain, type Nonlinearity } from "./torch/gain.ts";
export { Generator, initialSeed, manualSeed } from "./torch/generator.ts";
export type { DTypeOptions, GeneratorOptions, TorchInitializer } from "./torch/initializer.ts";
export { type KaimingOptions, kaimingNormal, kaimingUniform } from "./torch/kaiming.ts";
export {
  type Convolution,
  type ConvolutionOptions,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from "./torch/layers/convolution.ts";
export { type EmbeddingOptions, embedding } from "./torch/layers/embedding.ts";
export { type BiasOptions, linear, type StateDict } from "./torch/layers/linear.ts";
export { type MultiheadAttentionOptions, multiheadAttention } from "./torch/layers/multihead-attention.ts";
export {
  type BatchNormOptions,
  batchNorm,
  type LayerNormOptions,
  layerNorm,
} from "./torch/layers/normalization.ts";
export { gru, type LstmOptions, lstm, type RecurrentOptions, rnn } from "./torch/layers/recurrent.ts";
export { type OrthogonalOptions, orthogonal } from "./torch/orthogonal.ts";
export { type SparseOptions, sparse } from "./torch/sparse.ts";
export { type TruncNormalOptions, truncNormal } from "./torch/trunc-normal.ts";
export { type XavierOptions, xavierNormal, xavierUniform } from "./torch/xavier.ts";

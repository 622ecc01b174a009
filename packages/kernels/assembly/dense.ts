// The kernels of streams and of dense networks in one binary, the file kernels-dense.wasm: for pages that train only those.
// It has the kernels that packages/lab calls; a page of the demo site that needs another one fails its tests.

export * from "./data/gather-u8-f32";
export * from "./elementwise/bias-f32";
export { gemm_f32, gemm_workspace_f32 } from "./gemm/gemm-f32";
export {
  elu_f32,
  elu_gradient_f32,
  erf_f32,
  gelu_f32,
  gelu_gradient_f32,
  leaky_relu_f32,
  leaky_relu_gradient_f32,
  relu_f32,
  relu_gradient_f32,
  selu_f32,
  selu_gradient_f32,
  sigmoid_f32,
  sigmoid_gradient_f32,
  silu_f32,
  silu_gradient_f32,
  softplus_f32,
  softplus_gradient_f32,
  tanh_f32,
  tanh_gradient_f32,
} from "./generated/elementwise-f32";
export { column_sum_f32, sum_f32 } from "./reduce/sum-f32";
export * from "./streams";
export * from "./train/adam-f32";
export { rmsprop_f32 } from "./train/rmsprop-f32";
export { momentum_f32, sgd_f32 } from "./train/sgd-f32";
export { count_correct_f32, softmax_cross_entropy_f32, softmax_f32 } from "./train/softmax-cross-entropy-f32";

// The kernels of networks, one line a file: one binary, and a second with fused multiply-adds.
// The loops over the formulas in elementwise/ are generated.

export * from "./convolution/conv2d-f32";
export * from "./convolution/depthwise-f32";
export * from "./convolution/pool-f32";
export * from "./data/gather-u8-f32";
export * from "./data/rows-f32";
export * from "./data/strided-copy-f32";
export * from "./elementwise/bias-f32";
export * from "./elementwise/cast";
export * from "./elementwise/compare-f32";
export * from "./elementwise/logical-u8";
export * from "./gemm/gemm-f32";
export * from "./generated/broadcast-f32";
export * from "./generated/elementwise-f32";
export * from "./reduce/extremes-f32";
export * from "./reduce/moments-f32";
export * from "./reduce/sum-f32";
export * from "./runtime/heap-base";
export * from "./train/adam-f32";
export * from "./train/rmsprop-f32";
export * from "./train/sgd-f32";
export * from "./train/softmax-cross-entropy-f32";

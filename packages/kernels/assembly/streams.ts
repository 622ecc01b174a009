// The kernels of streams and initializers, one line a file; the bits of their results do not change between versions.
// A binary of its own, so that a page that draws weights and trains nothing loads these alone.

export * from "./fill/mt19937-f64";
export * from "./fill/mt19937-normal-f32";
export * from "./fill/mt19937-truncated-normal-f32";
export * from "./fill/mt19937-uniform-f32";
export * from "./fill/pcg64-normal-f64";
export * from "./fill/pcg64-uniform-f64";
export * from "./fill/philox-f64";
export * from "./fill/philox-normal-f32";
export * from "./fill/philox-truncated-normal-f32";
export { philox4x32_u32 } from "./fill/philox-u32";
export * from "./fill/philox-uniform-f32";
export * from "./fill/threefry-normal-f32";
export * from "./fill/threefry-truncated-normal-f32";
export { threefry_bits_u32, threefry2x32_u32 } from "./fill/threefry-u32";
export * from "./fill/threefry-uniform-f32";
export * from "./fill/trunc-normal-f32";
export * from "./linalg/qr-f32";
export { erf_inv_f32 } from "./math/erf-inv-f32";
export * from "./reduce/moments-f32";
export { mt19937_seed, mt19937_skip, mt19937_u32 } from "./rng/mt19937";
export { pcg64_bounded_u32 } from "./rng/pcg64";
export { philox_seed } from "./rng/philox4x32";
export { threefry_seed } from "./rng/threefry2x32";
export * from "./runtime/heap-base";
export * from "./runtime/stream-workspace";

// A WebAssembly module that only multiplies and adds: the peak that matrix products are compared with. Assembled by hand.
// Source: the binary format of WebAssembly 2.0 with SIMD, and of the relaxed SIMD proposal.
//
// Twelve accumulators hide the latency of either form and leave registers for the two constants:
//   plain  acc = acc * x + y, separate mul and add     fused  acc = x * y + acc, one relaxed_madd
// The engine cannot omit an operation or move it out of the loop, and the fused form needs no copy of a constant.
// @ts-check

const CHAINS = 12;
const LANES = 4;

/** Floating-point operations of one step. */
export const STEP_OPERATIONS = CHAINS * LANES * 2;

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const LOCAL = { steps: 0, x: 1, y: 2, wideX: 3, wideY: 4, chain: 5 };
const f32x4Splat = [0xfd, 0x13];
const f32x4ExtractFirst = [0xfd, 0x1f, 0];
const f32x4Add = [0xfd, 0xe4, 0x01];
const f32x4Mul = [0xfd, 0xe6, 0x01];
const f32x4RelaxedMadd = [0xfd, 0x85, 0x02];

/** @param {number} value below 2^14 */
const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
const get = (/** @type {number} */ local) => [0x20, local];
const set = (/** @type {number} */ local) => [0x21, local];
const sized = (/** @type {number[]} */ bytes) => [...leb(bytes.length), ...bytes];
const section = (/** @type {number} */ id, /** @type {number[]} */ bytes) => [id, ...sized(bytes)];

/**
 * The module of one function `run(steps, x, y)` that returns the first lane of the sum of all accumulators, which start
 * at 0, after `steps` >= 1 steps.
 * @param {boolean} fused
 */
export function peakModule(fused) {
  const { steps, x, y, wideX, wideY, chain } = LOCAL;
  const chains = Array.from({ length: CHAINS }, (_, i) => chain + i);
  const step = (/** @type {number} */ acc) =>
    fused
      ? [...get(wideX), ...get(wideY), ...get(acc), ...f32x4RelaxedMadd, ...set(acc)]
      : [...get(acc), ...get(wideX), ...f32x4Mul, ...get(wideY), ...f32x4Add, ...set(acc)];
  const body = [
    ...[1, ...leb(2 + CHAINS), V128],
    ...[...get(x), ...f32x4Splat, ...set(wideX)],
    ...[...get(y), ...f32x4Splat, ...set(wideY)],
    ...[0x03, 0x40], // loop
    ...chains.flatMap(step),
    ...[...get(steps), 0x41, 1, 0x6b, 0x22, steps, 0x0d, 0], // br_if 0 while (steps -= 1)
    0x0b,
    ...get(chain),
    ...chains.slice(1).flatMap((acc) => [...get(acc), ...f32x4Add]),
    ...f32x4ExtractFirst,
    0x0b,
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 3, I32, F32, F32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...sized([...new TextEncoder().encode("run")]), 0x00, 0]),
    ...section(10, [1, ...sized(body)]),
  ]);
}

/** The expected result of `run`: every operation is rounded to float32, except the product of the fused form. */
export function peakResult(
  /** @type {boolean} */ fused,
  /** @type {number} */ steps,
  /** @type {number} */ x,
  /** @type {number} */ y,
) {
  const { fround } = Math;
  let acc = 0;
  for (let i = 0; i < steps; i++) acc = fused ? fround(x * y + acc) : fround(fround(acc * x) + y);
  let sum = acc;
  for (let i = 1; i < CHAINS; i++) sum = fround(sum + acc);
  return sum;
}

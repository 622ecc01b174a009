// Reference implementations of the MT19937 kernels: one word, one value at a time, every rounding by Math.fround.

import { bitsOf, f32, floatOf, fma } from "./floats.ts";

export function mt19937_seed(state: Uint32Array, seed: number): undefined {
  state[0] = seed;
  for (let i = 1; i < 624; i++) {
    const before = state[i - 1] ?? 0;
    state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
  }
  state[625] = 624;
}

function twist(state: Uint32Array): void {
  for (let k = 0; k < 624; k++) {
    const y = ((state[k] ?? 0) & 0x80000000) | ((state[(k + 1) % 624] ?? 0) & 0x7fffffff);
    state[k] = (state[(k + 397) % 624] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
  state[624] = state[0] ?? 0;
  state[625] = 0;
}

function next(state: Uint32Array): number {
  if (state[625] === 624) twist(state);
  const position = state[625] ?? 0;
  let y = state[position] ?? 0;
  state[625] = position + 1;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return (y ^ (y >>> 18)) >>> 0;
}

export function mt19937_u32(state: Uint32Array, out: Uint32Array, n: number): undefined {
  for (let i = 0; i < n; i++) out[i] = next(state);
}

export function mt19937_skip(state: Uint32Array, n: number): undefined {
  for (let i = 0; i < n; i++) next(state);
}

const unit = (state: Uint32Array): number => (next(state) & 0xffffff) / 2 ** 24;

export function mt19937_uniform_f32(
  state: Uint32Array,
  out: Float32Array,
  n: number,
  range: number,
  low: number,
): undefined {
  for (let i = 0; i < n; i++) out[i] = f32(unit(state) * f32(range)) + f32(low);
}

export function mt19937_uniform_fused_f32(
  state: Uint32Array,
  out: Float32Array,
  n: number,
  low: number,
  high: number,
): undefined {
  const range = f32(f32(high) - f32(low));
  for (let i = 0; i < n; i++) {
    const x = fma(unit(state), range, f32(low));
    out[i] = x === f32(high) ? low : x;
  }
}

const logCoefficients = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f32);

/** Cephes's logf as GCC fuses it. */
export function log(u: number): number {
  const bits = bitsOf(u);
  let e = (bits >>> 23) - 126;
  let x = floatOf((bits & 0x807fffff) | 0x3f000000);
  if (x < floatOf(0x3f3504f3)) {
    e -= 1;
    x = f32(f32(x - 1) + x);
  } else {
    x = f32(x - 1);
  }
  const z = f32(x * x);
  let y = logCoefficients.reduce((sum, p) => fma(sum, x, p));
  y = f32(y * x);
  y = fma(y, z, f32(e * f32(-2.1219444e-4)));
  y = fma(-0.5, z, y);
  return fma(e, 0.693359375, f32(x + y));
}

/** Cephes's sinf and cosf of an angle from 0 to 2 pi, as GCC fuses them. */
export function sincos(angle: number): [number, number] {
  const j = (Math.trunc(f32(angle * f32(1.27323954473516))) + 1) & ~1;
  let x = fma(j, -0.78515625, angle);
  x = fma(j, -2.4187564849853516e-4, x);
  x = fma(j, f32(-3.774894977445941e-8), x);
  const z = f32(x * x);
  let c = fma(f32(2.443315711809948e-5), z, f32(-1.388731625493765e-3));
  c = fma(c, z, f32(4.166664568298827e-2));
  c = f32(fma(f32(c * z), z, -f32(z * 0.5)) + 1);
  let s = fma(f32(-1.9515295891e-4), z, f32(8.3321608736e-3));
  s = fma(s, z, f32(-1.6666654611e-1));
  s = fma(f32(s * z), x, x);
  const [sin, cos] = j & 2 ? [c, s] : [s, c];
  return [j & 4 ? -sin : sin, ~(j - 2) & 4 ? -cos : cos];
}

/** One block of sixteen normals. */
function block(state: Uint32Array, stddev: number, mean: number): number[] {
  const d = Array.from({ length: 16 }, () => unit(state));
  for (let j = 0; j < 8; j++) {
    const radius = f32(Math.sqrt(f32(-2 * log(f32(1 - (d[j] ?? 0))))));
    const [sin, cos] = sincos(f32(floatOf(0x40c90fdb) * (d[j + 8] ?? 0)));
    d[j] = fma(f32(radius * cos), f32(stddev), f32(mean));
    d[j + 8] = fma(f32(radius * sin), f32(stddev), f32(mean));
  }
  return d;
}

type BlockFill = (state: Uint32Array, out: Float32Array, blocks: number, stddev: number, mean: number) => undefined;

export const mt19937_normal_f32: BlockFill = (state, out, blocks, stddev, mean) => {
  for (let b = 0; b < blocks; b++) out.set(block(state, stddev, mean), 16 * b);
};

export const mt19937_truncated_normal_f32: BlockFill = (state, out, blocks, stddev, mean) => {
  for (let b = 0; b < blocks; b++) {
    const candidates = block(state, 1, 0);
    for (let i = 0; i < 4; i++) {
      const four = candidates.slice(4 * i, 4 * i + 4);
      const z = four.find((candidate) => Math.abs(candidate) < 2) ?? (four[0] as number);
      out[4 * b + i] = f32(z * f32(stddev)) + f32(mean);
    }
  }
};

function unitDouble(state: Uint32Array): number {
  const high = next(state) & 0x1fffff;
  return (high * 2 ** 32 + next(state)) / 2 ** 53;
}

export function mt19937_uniform_f64(state: Uint32Array, out: Float64Array, n: number): undefined {
  for (let i = 0; i < n; i++) out[i] = unitDouble(state);
}

export function mt19937_normal_f64(state: Uint32Array, out: Float64Array, blocks: number): undefined {
  for (let b = 0; b < blocks; b++) {
    const d = Array.from({ length: 16 }, () => unitDouble(state));
    for (let j = 0; j < 8; j++) {
      const radius = Math.sqrt(-2 * Math.log(1 - (d[j] ?? 0)));
      const angle = 2 * Math.PI * (d[j + 8] ?? 0);
      out[16 * b + j] = radius * Math.cos(angle);
      out[16 * b + j + 8] = radius * Math.sin(angle);
    }
  }
}

export function mt19937_normal_pairs_f64(state: Uint32Array, out: Float64Array, pairs: number): undefined {
  for (let p = 0; p < pairs; p++) {
    const u1 = unitDouble(state);
    const radius = Math.sqrt(-2 * Math.log1p(-unitDouble(state)));
    out[2 * p] = radius * Math.cos(2 * Math.PI * u1);
    out[2 * p + 1] = radius * Math.sin(2 * Math.PI * u1);
  }
}

export function trunc_normal_round_f32(
  out: Float32Array,
  pending: Uint8Array,
  candidates: Float32Array,
  u: Float32Array,
  n: number,
  mean: number,
  stddev: number,
  logPeak: number,
): number {
  let left = 0;
  for (let i = 0; i < n; i++) {
    if (pending[i] === 0) continue;
    const z = f32(f32((candidates[i] ?? 0) - f32(mean)) / f32(stddev));
    const density = f32(f32(f32(z * z) * -0.5) - f32(logPeak));
    out[i] = candidates[i] ?? 0;
    pending[i] = f32(Math.log(u[i] ?? 0)) > density ? 1 : 0;
    left += pending[i] ?? 0;
  }
  return left;
}

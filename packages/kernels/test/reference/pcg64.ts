// Reference implementations of the PCG64 kernels: one 128-bit state as a BigInt, NumPy's ziggurat as NumPy writes it.

import { readFileSync } from "node:fs";
import { logExact } from "./exact-math.ts";

const MULTIPLIER = (2549297995355413924n << 64n) | 4865540595714422341n;
const TAIL = 3.654152885361009;
const TAIL_INVERSE = 0.2736612373297583;
const wrap = (value: bigint): bigint => BigInt.asUintN(128, value);

const source = readFileSync(new URL("../../assembly/rng/ziggurat-tables.ts", import.meta.url), "utf8");
const [ki = [], wiBits = [], fiBits = []] = source
  .split("memory.data")
  .slice(1)
  .map((text) => [...text.matchAll(/0x[0-9a-f]{16}/g)].map(([digits]) => BigInt(digits)));
const doubles = (bits: readonly bigint[]): Float64Array => new Float64Array(BigUint64Array.from(bits).buffer);
const wi = doubles(wiBits);
const fi = doubles(fiBits);

/** The generator that twelve words hold: state, increment, kept half word and its flag, 64 bits each but the first two. */
class Generator {
  readonly #words: Uint32Array;

  constructor(words: Uint32Array) {
    this.#words = words;
  }

  #read(at: number, count: number): bigint {
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) value = (value << 32n) | BigInt(this.#words[at + i] ?? 0);
    return value;
  }

  next64(): bigint {
    const state = wrap(this.#read(0, 4) * MULTIPLIER + this.#read(4, 4));
    for (let i = 0; i < 4; i++) this.#words[i] = Number((state >> BigInt(32 * i)) & 0xffffffffn);
    const rotation = state >> 122n;
    const folded = (state >> 64n) ^ (state & 0xffffffffffffffffn);
    return BigInt.asUintN(64, (folded >> rotation) | (folded << (64n - rotation)));
  }

  next32(): number {
    if (this.#words[10]) {
      this.#words[10] = 0;
      return this.#words[8] ?? 0;
    }
    const word = this.next64();
    this.#words[8] = Number(word >> 32n);
    this.#words[10] = 1;
    return Number(word & 0xffffffffn);
  }

  double(): number {
    return Number(this.next64() >> 11n) / 2 ** 53;
  }

  normal(): number {
    for (;;) {
      let word = this.next64();
      const layer = Number(word & 0xffn);
      word >>= 8n;
      const negative = (word & 1n) === 1n;
      const place = (word >> 1n) & 0xfffffffffffffn;
      const size = Number(place) * (wi[layer] ?? 0);
      const x = negative ? -size : size;
      if (place < (ki[layer] ?? 0n)) return x;
      if (layer === 0) {
        for (;;) {
          const xx = -TAIL_INVERSE * logExact(1 - this.double());
          const yy = -logExact(1 - this.double());
          if (yy + yy > xx * xx) {
            return (place >> 8n) & 1n ? -(TAIL + xx) : TAIL + xx;
          }
        }
      }
      const inner = fi[layer] ?? 0;
      if (((fi[layer - 1] ?? 0) - inner) * this.double() + inner < Math.exp(-0.5 * x * x)) return x;
    }
  }
}

export function pcg64_uniform_f64(
  out: Float64Array,
  n: number,
  state: Uint32Array,
  range: number,
  low: number,
): undefined {
  const generator = new Generator(state);
  for (let i = 0; i < n; i++) out[i] = low + range * generator.double();
}

export function pcg64_normal_f64(
  out: Float64Array,
  n: number,
  state: Uint32Array,
  stddev: number,
  mean: number,
): undefined {
  const generator = new Generator(state);
  for (let i = 0; i < n; i++) out[i] = mean + stddev * generator.normal();
}

/** In batches of n, as Keras draws them; the state is left after the last value that was kept. */
export function pcg64_truncated_normal_f64(
  out: Float64Array,
  n: number,
  state: Uint32Array,
  stddev: number,
  mean: number,
  low: number,
  high: number,
): undefined {
  const ahead = new Generator(state.slice());
  const kept: number[] = [];
  while (kept.length < n) {
    const batch = Array.from({ length: n }, () => mean + stddev * ahead.normal());
    kept.push(...batch.filter((value) => value >= low && value <= high));
  }
  out.set(kept.slice(0, n));
  const generator = new Generator(state);
  for (let count = 0; count < n; ) {
    const value = mean + stddev * generator.normal();
    if (value >= low && value <= high) count++;
  }
}

export function pcg64_bounded_u32(out: Uint32Array, n: number, state: Uint32Array, range: number): undefined {
  const generator = new Generator(state);
  for (let i = 0; i < n; i++) {
    if (range === 0) out[i] = 0;
    else if (range === 0xffffffff) out[i] = generator.next32();
    else {
      const count = BigInt(range + 1);
      const threshold = BigInt(0xffffffff - range) % count;
      let product = BigInt(generator.next32()) * count;
      while ((product & 0xffffffffn) < threshold) product = BigInt(generator.next32()) * count;
      out[i] = Number(product >> 32n);
    }
  }
}

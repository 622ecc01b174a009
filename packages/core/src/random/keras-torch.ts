// The stream keras/torch: MT19937, what Keras 3 draws on PyTorch 2.13 (CPU build with AVX2 and FMA, x86-64).
// Source: keras/src/backend/torch/random.py 3.15.1; ATen/native/cpu/DistributionTemplates.h, PyTorch 2.13.
//
// The generator has one long state, so an element is not a function of its position: a slice costs the whole tensor
// before it, drawn and thrown away (per element under half the time of a uniform, a fifteenth of that of a normal).
// Elsewhere than on AVX2 PyTorch takes the logarithm and sine of the C library: normals may differ by 2 to 3 ulp there.

import { elementTypes, roundTo } from "@fanin/tensor";
import { getStreams } from "../runtime/streams.ts";
import { fma } from "./fma.ts";
import { Mt19937, type SequenceKernel, SHORT } from "./mt19937.ts";
import type { SeedPair } from "./seed.ts";
import type { Sampler, Slice, Stream } from "./stream.ts";

const CUT = 2;
const CANDIDATES = 4; // normals drawn for each truncated one
const WIDE = 2 ** 28; // integers of a range this large take two words each
const { fround } = Math;

/** Both words are int32 there, and their sum modulo 2^32 seeds the generator: [7, 1] gives what [8, 0] gives. */
function generatorOf(seed: SeedPair): Mt19937 {
  return new Mt19937(Number(BigInt.asUintN(32, seed[0] + seed[1])));
}

/** Of the four candidates of element `i` the first within the cut, or the first of all. */
function firstWithin(candidates: ArrayLike<number>, i: number): number {
  for (let c = i * CANDIDATES; c < (i + 1) * CANDIDATES; c++) {
    const z = candidates[c] ?? 0;
    if (z > -CUT && z < CUT) return z;
  }
  return candidates[i * CANDIDATES] ?? 0;
}

function expectStddev(stddev: number): void {
  if (!(stddev >= 0)) throw new RangeError(`stddev: expected 0 or more (keras/torch), got ${stddev}`);
}

function fillSlice(out: Float32Array, { offset }: Slice, value: (i: number) => number): void {
  for (let i = 0; i < out.length; i++) out[i] = value(offset + i);
}

/** Copies to `out` its slice of a tensor that is computed whole. */
function copySlice(out: Float64Array | Uint16Array, { offset }: Slice, whole: ArrayLike<number>): void {
  for (let i = 0; i < out.length; i++) out[i] = whole[offset + i] ?? 0;
}

/**
 * Doubles. Uniform is exact; of normals 0.3 % differ from PyTorch's in the last bit, because its logarithm, sine and
 * cosine are the C library's. PyTorch multiplies by the deviation and adds the mean in one operation for a normal, in two
 * for a truncated one.
 */
const doubles: Sampler<Float64Array> = {
  uniform(out, slice, seed, minval, maxval) {
    const whole = new Float64Array(slice.size);
    generatorOf(seed).fillDoubles(whole, getStreams().kernels.mt19937_uniform_f64);
    const values = whole.map((r) => (maxval - minval) * r + minval);
    copySlice(out, slice, values);
  },
  normal(out, slice, seed, mean, stddev) {
    expectStddev(stddev);
    const values = normalDoubles(generatorOf(seed), slice.size).map((z) => fma(z, stddev, mean));
    copySlice(out, slice, values);
  },
  truncatedNormal(out, slice, seed, mean, stddev) {
    const candidates = normalDoubles(generatorOf(seed), slice.size * CANDIDATES);
    const values = new Float64Array(slice.size).map((_, i) => firstWithin(candidates, i) * stddev + mean);
    copySlice(out, slice, values);
  },
};

/** Standard normals in float64: pairs below sixteen, else blocks, the last of which is drawn again if it is not whole. */
export function normalDoubles(generator: Mt19937, n: number): Float64Array {
  if (n < SHORT) return generator.normals(n);
  const { kernels } = getStreams();
  const out = new Float64Array(n);
  const whole = n - (n % SHORT);
  const blocks = (state: number, pointer: number, count: number): void =>
    kernels.mt19937_normal_f64(state, pointer, count / SHORT);
  generator.fillDoubles(out.subarray(0, whole), blocks);
  if (n > whole) {
    generator.skip(2 * (n - whole));
    generator.fillDoubles(out.subarray(n - SHORT), blocks);
  }
  return out;
}

/** Normals of a 16-bit type; a last block that is not whole is drawn again at once, not after its own part as in float32. */
export function normalHalves(
  dtype: "float16" | "bfloat16",
  generator: Mt19937,
  n: number,
  mean: number,
  stddev: number,
): Float32Array {
  const round = (value: number): number => roundTo(dtype, fround(value));
  if (n < SHORT) return Float32Array.from(generator.normals(n), (z) => round(fma(z, stddev, mean)));
  const { mt19937_normal_f32 } = getStreams().kernels;
  const draw: SequenceKernel = (state, pointer, count) => mt19937_normal_f32(state, pointer, count, stddev, mean);
  const out = new Float32Array(n);
  const whole = n - (n % SHORT);
  generator.fillBlocks(out.subarray(0, whole), { size: whole, offset: 0 }, SHORT, draw);
  if (n > whole) generator.fillBlocks(out.subarray(n - SHORT), { size: SHORT, offset: 0 }, SHORT, draw);
  return out.map(round);
}

/**
 * 16-bit floats: drawn in float32, rounded, and after that every operation computed in float32 and rounded to the type.
 * A factor stays a float32 there, a term is rounded to the type.
 */
function halves(dtype: "float16" | "bfloat16"): Sampler<Uint16Array> {
  const element = elementTypes[dtype];
  const encode = (value: number): number => element.encode(fround(value));
  const round = (value: number): number => element.decode(encode(value));

  return {
    uniform(out, { offset }, seed, minval, maxval) {
      const generator = generatorOf(seed);
      generator.skip(offset);
      const fractions = new Float32Array(out.length);
      const { mt19937_uniform_f32 } = getStreams().kernels;
      generator.fill(fractions, (state, pointer, n) => mt19937_uniform_f32(state, pointer, n, 1, 0));
      const range = fround(maxval - minval);
      const low = round(minval);
      for (let i = 0; i < out.length; i++) {
        const fraction = round(fractions[i] ?? 0);
        // PyTorch takes the low end where rounding reaches the high one, which the interval excludes.
        out[i] = encode(round((fraction === 1 ? 0 : fraction) * range) + low);
      }
    },
    normal(out, slice, seed, mean, stddev) {
      expectStddev(stddev);
      copySlice(out, slice, normalHalves(dtype, generatorOf(seed), slice.size, mean, stddev).map(encode));
    },
    truncatedNormal(out, slice, seed, mean, stddev) {
      const [scale, shift] = [fround(stddev), round(mean)];
      const candidates = normalHalves(dtype, generatorOf(seed), slice.size * CANDIDATES, 0, 1);
      const values = new Uint16Array(slice.size).map((_, i) =>
        encode(round(firstWithin(candidates, i) * scale) + shift),
      );
      copySlice(out, slice, values);
    },
  };
}

/**
 * What Keras 3 draws on PyTorch, bit for bit. Any integer seeds it (the low 32 bits count). Of the truncated normals about
 * 4 in 10^6 lie beyond two standard deviations, as they do in Keras. A slice that does not begin at 0 costs what is
 * before it, too.
 */
export const kerasTorch: Stream = {
  name: "keras/torch",
  seedDType: "int32",
  randomAccess: false,
  uniform(out, { offset }, seed, minval, maxval) {
    const range = fround(maxval - minval);
    const low = fround(minval);
    const generator = generatorOf(seed);
    generator.skip(offset);
    generator.fill(out, (state, pointer, n) => getStreams().kernels.mt19937_uniform_f32(state, pointer, n, range, low));
  },
  normal(out, slice, seed, mean, stddev) {
    expectStddev(stddev);
    const generator = generatorOf(seed);
    if (slice.size < SHORT) {
      const z = generator.normals(slice.size);
      fillSlice(out, slice, (i) => fma(z[i] ?? 0, stddev, mean));
    } else {
      const { mt19937_normal_f32 } = getStreams().kernels;
      generator.fillBlocks(out, slice, SHORT, (state, pointer, n) =>
        mt19937_normal_f32(state, pointer, n, stddev, mean),
      );
    }
  },
  truncatedNormal(out, slice, seed, mean, stddev) {
    const generator = generatorOf(seed);
    if (slice.size * CANDIDATES < SHORT) {
      const z = Float32Array.from(generator.normals(slice.size * CANDIDATES));
      fillSlice(out, slice, (i) => fround(firstWithin(z, i) * fround(stddev)) + fround(mean));
    } else {
      const { kernels, workspace } = getStreams();
      generator.fillBlocks(out, slice, SHORT / CANDIDATES, (state, pointer, n) =>
        kernels.mt19937_truncated_normal_f32(state, pointer, n, stddev, mean, workspace),
      );
    }
  },
  samplers: { float64: doubles, float16: halves("float16"), bfloat16: halves("bfloat16") },
  integers(out, { offset }, seed, minval, maxval) {
    const range = maxval - minval;
    const generator = generatorOf(seed);
    if (range < WIDE) {
      generator.skip(offset);
      out.set(generator.words(out.length).map((word) => word % range));
    } else {
      generator.skip(2 * offset);
      const words = generator.words(2 * out.length);
      for (let i = 0; i < out.length; i++) {
        const wide = (BigInt(words[2 * i] ?? 0) << 32n) | BigInt(words[2 * i + 1] ?? 0);
        out[i] = Number(wide % BigInt(range));
      }
    }
    for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + minval;
  },
};

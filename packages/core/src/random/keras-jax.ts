// The stream keras/jax: Threefry2x32 (partitionable) and the inverse normal, what Keras 3 draws on JAX 0.5 or later, CPU.
// Source: Keras 3.15.1 backend/jax/random.py, which takes a seed [a, b] as the raw key; JAX 0.10.2 on a CPU with FMA.

import type { SeedPair } from "./seed.ts";
import type { Sampler, Stream } from "./stream.ts";
import {
  cutNormal,
  drawIntegers,
  fillNormal,
  fillTruncatedNormal,
  fillUniform,
  type Key,
  partitionable,
} from "./threefry.ts";
import { fillNormalHalf, fillUniformHalf, type HalfType } from "./threefry-half.ts";

const SEED_HIGH = 2n ** 32n - 1n;
const CUT = cutNormal(-2, 2);

/** The seed as JAX's key. JAX raises OverflowError where this throws. */
function jaxKey(seed: SeedPair): Key {
  for (const value of seed) {
    if (value < 0n || value > SEED_HIGH) {
      throw new RangeError(`seed: expected an integer from 0 to 2^32 - 1 (keras/jax), got ${value}`);
    }
  }
  return [Number(seed[0]), Number(seed[1])];
}

const BOUNDS = [-2, 2] as const;

/** 16-bit floats, every operation rounded to the type. */
function halves(type: HalfType): Sampler<Uint16Array> {
  return {
    uniform(out, slice, seed, minval, maxval) {
      fillUniformHalf(out, type, partitionable(jaxKey(seed), slice), minval, maxval, 1, slice.offset);
    },
    normal(out, slice, seed, mean, stddev) {
      fillNormalHalf(out, type, partitionable(jaxKey(seed), slice), undefined, mean, stddev, slice.offset);
    },
    truncatedNormal(out, slice, seed, mean, stddev) {
      fillNormalHalf(out, type, partitionable(jaxKey(seed), slice), BOUNDS, mean, stddev, slice.offset);
    },
  };
}

/** JAX without x64 draws float32 where float64 is asked for: the same values, wider. */
function widened(name: keyof Sampler): Sampler<Float64Array>[keyof Sampler] {
  return (out, slice, seed, a, b) => {
    const narrow = new Float32Array(out.length);
    kerasJax[name](narrow, slice, seed, a, b);
    out.set(narrow);
  };
}

/** What Keras 3 draws on JAX, bit for bit; every element depends on the seed and its position only. */
export const kerasJax: Stream = {
  name: "keras/jax",
  seedDType: "uint32",
  randomAccess: true,
  uniform(out, slice, seed, minval, maxval) {
    fillUniform(out, slice.offset, partitionable(jaxKey(seed), slice), minval, maxval);
  },
  normal(out, slice, seed, mean, stddev) {
    fillNormal(out, slice.offset, partitionable(jaxKey(seed), slice), mean, stddev);
  },
  truncatedNormal(out, slice, seed, mean, stddev) {
    fillTruncatedNormal(out, slice.offset, partitionable(jaxKey(seed), slice), CUT, mean, stddev);
  },
  samplers: {
    float16: halves("float16"),
    bfloat16: halves("bfloat16"),
    float64: {
      uniform: widened("uniform"),
      normal: widened("normal"),
      truncatedNormal: widened("truncatedNormal"),
    },
  },
  integers(out, { size, offset }, seed, minval, maxval) {
    out.set(drawIntegers(jaxKey(seed), size, minval, maxval, true).subarray(offset, offset + out.length));
  },
};

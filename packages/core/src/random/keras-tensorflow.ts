// The stream keras/tensorflow: Philox4x32-10 and Box-Muller, what Keras 3 draws on TensorFlow (x86-64 or arm64 Linux).
// Source: TensorFlow 2.21 stateless_random_ops.cc (GenerateKey), random_op_cpu.h; Keras 3.16 backend/tensorflow/random.py.

import { getStreams } from "../runtime/streams.ts";
import { elementTypes } from "../tensor/dtype.ts";
import { type DrawTiles, drawTiles, fillTiles, TILE, TILE_F64 } from "./fill-tiles.ts";
import type { SeedPair } from "./seed.ts";
import type { Sampler, Stream } from "./stream.ts";

const SEED_MODULUS = 2147483646n; // Keras reduces seeds modulo int32.max - 1 before TensorFlow sees them
const SEED_LOW = -(2n ** 63n);
const SEED_HIGH = 2n ** 63n - 1n;
const SEED_KEY = [0x3ec8f720, 0x02461e29] as const; // the key with which GenerateKey scrambles a seed
const BLOCKS_PER_TILE = 4; // a tile is 64 bytes, a block 16
const TRUNCATED_COUNTERS = 256; // counters reserved for one group of four truncated normals
const TRUNCATED_COUNTERS_F64 = 128; // and of two that are doubles

/** The Philox key, and the upper half of the counter, of one seed. */
interface PhiloxKey {
  readonly key0: number;
  readonly key1: number;
  readonly c2: number;
  readonly c3: number;
}

/** A seed word as TensorFlow gets it from Keras: 0 .. 2147483645. */
function reduceSeed(word: bigint): number {
  if (word < SEED_LOW || word > SEED_HIGH) {
    throw new RangeError(`seed: expected an integer from -2^63 to 2^63 - 1 (keras/tensorflow), got ${word}`);
  }
  if (word >= 0n && word < SEED_MODULUS) return Number(word);
  return Number(((word % SEED_MODULUS) + SEED_MODULUS) % SEED_MODULUS);
}

/** The seed whose key was made last, and that key: an initializer is often called again, and small fills are mostly this. */
let lastSeed: SeedPair = [0n, 0n];
let lastKey: PhiloxKey | undefined;

/** GenerateKey: one Philox block with the seed as counter gives the key and the upper counter. */
export function philoxKey(seed: SeedPair): PhiloxKey {
  if (lastKey && seed[0] === lastSeed[0] && seed[1] === lastSeed[1]) return lastKey;
  const s0 = reduceSeed(seed[0]);
  const s1 = reduceSeed(seed[1]);
  const { kernels, arena, scratch } = getStreams();
  kernels.philox4x32_u32(scratch, BLOCKS_PER_TILE, s0, 0, s1, 0, SEED_KEY[0], SEED_KEY[1]);
  const words = arena.u32(scratch, 4);
  lastKey = { key0: words[0] ?? 0, key1: words[1] ?? 0, c2: words[2] ?? 0, c3: words[3] ?? 0 };
  lastSeed = [seed[0], seed[1]];
  return lastKey;
}

type PhiloxFill = (
  out: number,
  tiles: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  key0: number,
  key1: number,
  scale: number,
  shift: number,
) => void;

/** The kernel with key and counter filled in; each group of elements, one block's worth, has its own counters. */
function drawBy(kernel: PhiloxFill, seed: SeedPair, countersPerGroup: number, scale: number, shift: number): DrawTiles {
  const { key0, key1, c2, c3 } = philoxKey(seed);
  const countersPerTile = BLOCKS_PER_TILE * countersPerGroup;
  return (pointer, tiles, first) => {
    const counter = first * countersPerTile;
    kernel(pointer, tiles, counter % 2 ** 32, Math.floor(counter / 2 ** 32), c2, c3, key0, key1, scale, shift);
  };
}

/** Draws words, four to a counter. */
function drawWords(seed: SeedPair): DrawTiles {
  const words: PhiloxFill = (pointer, tiles, c0, c1, c2, c3, key0, key1) =>
    getStreams().kernels.philox4x32_u32(pointer, tiles * BLOCKS_PER_TILE, c0, c1, c2, c3, key0, key1);
  return drawBy(words, seed, 1, 1, 0);
}

function fillF64(out: Float64Array, offset: number, draw: DrawTiles): void {
  const { arena } = getStreams();
  drawTiles(out.length, offset, TILE_F64, draw, (pointer, count, at) => out.set(arena.f64(pointer, count), at));
}

/** Doubles: 64 bits each, so two uniforms to a counter, and normals by the double Box-Muller. */
const doubles: Sampler<Float64Array> = {
  uniform(out, { offset }, seed, minval, maxval) {
    // Keras hands the bounds over by tf.cast, which makes them float32 first, whatever the dtype.
    const low = Math.fround(minval);
    const range = Math.fround(maxval) - low;
    fillF64(out, offset, drawBy(getStreams().kernels.philox_uniform_f64, seed, 1, range, low));
  },
  normal(out, { offset }, seed, mean, stddev) {
    fillF64(out, offset, drawBy(getStreams().kernels.philox_normal_f64, seed, 1, stddev, mean));
  },
  truncatedNormal(out, { offset }, seed, mean, stddev) {
    const { kernels } = getStreams();
    fillF64(out, offset, drawBy(kernels.philox_truncated_normal_f64, seed, TRUNCATED_COUNTERS_F64, stddev, mean));
  },
};

/** 16-bit floats: one word each, and after that every operation rounded to the type. */
function halves(dtype: "float16" | "bfloat16", fractionBits: number): Sampler<Uint16Array> {
  const { encode, decode } = elementTypes[dtype];
  const round = (value: number): number => decode(encode(value));
  const mask = 2 ** fractionBits - 1;

  /** Casts the standard float32 normals of `kernel`, then scales and shifts. */
  function normal(
    kernel: PhiloxFill,
    countersPerGroup: number,
    out: Uint16Array,
    offset: number,
    seed: SeedPair,
    mean: number,
    stddev: number,
  ): void {
    const { arena } = getStreams();
    const scale = round(stddev);
    const shift = round(mean);
    // Adding -0 leaves every value as it is, the zeros included.
    const draw = drawBy(kernel, seed, countersPerGroup, 1, -0);
    drawTiles(out.length, offset, TILE, draw, (pointer, count, at) => {
      const values = arena.f32(pointer, count);
      for (let i = 0; i < count; i++) out[at + i] = encode(round(round(values[i] ?? 0) * scale) + shift);
    });
  }

  return {
    uniform(out, { offset }, seed, minval, maxval) {
      const { arena } = getStreams();
      const low = round(Math.fround(minval));
      const range = round(round(Math.fround(maxval)) - low);
      drawTiles(out.length, offset, TILE, drawWords(seed), (pointer, count, at) => {
        const words = arena.u32(pointer, count);
        for (let i = 0; i < count; i++) {
          out[at + i] = encode(round((((words[i] ?? 0) & mask) / (mask + 1)) * range) + low);
        }
      });
    },
    normal(out, { offset }, seed, mean, stddev) {
      normal(getStreams().kernels.philox_normal_f32, 1, out, offset, seed, mean, stddev);
    },
    truncatedNormal(out, { offset }, seed, mean, stddev) {
      const kernel = getStreams().kernels.philox_truncated_normal_f32;
      normal(kernel, TRUNCATED_COUNTERS, out, offset, seed, mean, stddev);
    },
  };
}

/** What Keras 3 draws on TensorFlow, bit for bit; every element depends on the seed and its position only. */
export const kerasTensorflow: Stream = {
  name: "keras/tensorflow",
  seedDType: "int64",
  addressable: true,
  samplers: { float64: doubles, float16: halves("float16", 10), bfloat16: halves("bfloat16", 7) },
  uniform(out, { offset }, seed, minval, maxval) {
    const low = Math.fround(minval);
    const range = Math.fround(Math.fround(maxval) - low);
    fillTiles(out, offset, drawBy(getStreams().kernels.philox_uniform_f32, seed, 1, range, low));
  },
  normal(out, { offset }, seed, mean, stddev) {
    fillTiles(out, offset, drawBy(getStreams().kernels.philox_normal_f32, seed, 1, stddev, mean));
  },
  truncatedNormal(out, { offset }, seed, mean, stddev) {
    const { kernels } = getStreams();
    fillTiles(out, offset, drawBy(kernels.philox_truncated_normal_f32, seed, TRUNCATED_COUNTERS, stddev, mean));
  },
  integers(out, { offset }, seed, minval, maxval) {
    const { arena } = getStreams();
    const range = maxval - minval;
    // TensorFlow takes the words modulo the range; it says itself that this is slightly biased.
    drawTiles(out.length, offset, TILE, drawWords(seed), (pointer, count, at) => {
      const words = arena.u32(pointer, count);
      for (let i = 0; i < count; i++) out[at + i] = minval + ((words[i] ?? 0) % range);
    });
  },
};

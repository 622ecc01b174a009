// The stream keras/tensorflow: Philox4x32-10 and Box-Muller, what Keras 3 draws on TensorFlow (x86-64 or arm64 Linux).
// Source: TensorFlow 2.21 stateless_random_ops.cc (GenerateKey), random_op_cpu.h; Keras 3.15.1 backend/tensorflow/random.py.

import { type ElementOf, elementTypes } from "@fanin/tensor";
import { getStreams } from "../runtime/streams.ts";
import { type DrawTiles, drawTiles, fillTiles, TILE, TILE_F64 } from "./fill-tiles.ts";
import { flushSubnormal } from "./flush.ts";
import type { SeedPair } from "./seed.ts";
import type { Sampler, Slice, Stream } from "./stream.ts";
import { tensorflowNumber } from "./tensorflow-number.ts";

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
  const { kernels, arena, scratch, workspace } = getStreams();
  kernels.philox_seed(workspace, 0, s1, 0, SEED_KEY[0], SEED_KEY[1]);
  kernels.philox4x32_u32(scratch, BLOCKS_PER_TILE, workspace, s0);
  const words = arena.u32(scratch, 4);
  lastKey = { key0: words[0] ?? 0, key1: words[1] ?? 0, c2: words[2] ?? 0, c3: words[3] ?? 0 };
  lastSeed = [seed[0], seed[1]];
  return lastKey;
}

/** A kernel that fills tiles from the counters that begin with `c0`, with a generator whose state is at `workspace`. */
type PhiloxFill = (out: number, tiles: number, workspace: number, c0: number, scale: number, shift: number) => void;

/** The kernel with key and counter filled in; each group of elements, one block's worth, has its own counters. */
function drawBy(kernel: PhiloxFill, seed: SeedPair, countersPerGroup: number, scale: number, shift: number): DrawTiles {
  const { key0, key1, c2, c3 } = philoxKey(seed);
  const { kernels, workspace } = getStreams();
  const countersPerTile = BLOCKS_PER_TILE * countersPerGroup;
  return (pointer, tiles, first) => {
    const counter = first * countersPerTile;
    kernels.philox_seed(workspace, Math.floor(counter / 2 ** 32), c2, c3, key0, key1);
    kernel(pointer, tiles, workspace, counter % 2 ** 32, scale, shift);
  };
}

/** Draws words, four to a counter. */
function drawWords(seed: SeedPair): DrawTiles {
  const { kernels } = getStreams();
  const words: PhiloxFill = (pointer, tiles, workspace, c0) =>
    kernels.philox4x32_u32(pointer, tiles * BLOCKS_PER_TILE, workspace, c0);
  return drawBy(words, seed, 1, 1, 0);
}

function bounds(minval: number, maxval: number): readonly [number, number] {
  return [tensorflowNumber("minval", minval), tensorflowNumber("maxval", maxval)];
}

/** Below this deviation, or range, a product with a standard value may be subnormal: the least such value is above 2^-60. */
const SMALL_F32 = 2 ** -60;
const SMALL_F64 = 2 ** -900;

/**
 * Draws z * scale + shift, by the kernel itself or, where a result may be subnormal, from its standard values z and in the
 * steps in which TensorFlow flushes.
 */
function drawScaled(
  kernel: PhiloxFill,
  seed: SeedPair,
  countersPerGroup: number,
  scale: number,
  shift: number,
  dtype: "float32" | "float64",
): DrawTiles {
  const isF32 = dtype === "float32";
  const round = isF32 ? Math.fround : (value: number): number => value;
  const flush = (value: number): number => flushSubnormal(dtype, value);
  const [factor, term] = [flush(round(scale)), flush(round(shift))];
  if (!(Math.abs(factor) < (isF32 ? SMALL_F32 : SMALL_F64))) {
    return drawBy(kernel, seed, countersPerGroup, factor, term);
  }
  // Adding -0 leaves every value as it is, the zeros included.
  const draw = drawBy(kernel, seed, countersPerGroup, 1, -0);
  return (pointer, tiles, first) => {
    draw(pointer, tiles, first);
    const { arena } = getStreams();
    const values = isF32 ? arena.f32(pointer, tiles * TILE) : arena.f64(pointer, tiles * TILE_F64);
    for (let i = 0; i < values.length; i++) {
      values[i] = flush(round(flush(round((values[i] ?? 0) * factor)) + term));
    }
  };
}

function fillF64(out: Float64Array, offset: number, draw: DrawTiles): void {
  const { arena } = getStreams();
  drawTiles(out.length, offset, TILE_F64, draw, (pointer, count, at) => out.set(arena.f64(pointer, count), at));
}

/** Doubles: 64 bits each, so two uniforms to a counter, and normals by the double Box-Muller. */
const doubles: Sampler<Float64Array> = {
  uniform(out, { offset }, seed, minval, maxval) {
    const [low, high] = bounds(minval, maxval);
    const { philox_uniform_f64 } = getStreams().kernels;
    fillF64(out, offset, drawScaled(philox_uniform_f64, seed, 1, high - low, low, "float64"));
  },
  normal(out, { offset }, seed, mean, stddev) {
    const { philox_normal_f64 } = getStreams().kernels;
    fillF64(out, offset, drawScaled(philox_normal_f64, seed, 1, stddev, mean, "float64"));
  },
  truncatedNormal(out, { offset }, seed, mean, stddev) {
    const { philox_truncated_normal_f64 } = getStreams().kernels;
    const draw = drawScaled(philox_truncated_normal_f64, seed, TRUNCATED_COUNTERS_F64, stddev, mean, "float64");
    fillF64(out, offset, draw);
  },
};

/** 16-bit floats: one word each, and after that every operation computed in float32 and rounded to the type. */
function halves(dtype: "float16" | "bfloat16", fractionBits: number): Sampler<Uint16Array> {
  const { encode, decode } = elementTypes[dtype];
  const round = (value: number): number => flushSubnormal(dtype, decode(encode(Math.fround(value))));
  const encodeFlushed = (value: number): number => encode(round(value));
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
      for (let i = 0; i < count; i++) out[at + i] = encodeFlushed(round(round(values[i] ?? 0) * scale) + shift);
    });
  }

  return {
    uniform(out, { offset }, seed, minval, maxval) {
      const { arena } = getStreams();
      const [low, high] = bounds(minval, maxval).map(round) as [number, number];
      const range = round(high - low);
      drawTiles(out.length, offset, TILE, drawWords(seed), (pointer, count, at) => {
        const words = arena.u32(pointer, count);
        for (let i = 0; i < count; i++) {
          out[at + i] = encodeFlushed(round((((words[i] ?? 0) & mask) / (mask + 1)) * range) + low);
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

/** Integers of [minval, maxval) of the words at hand: TensorFlow takes the remainder, and says that this is slightly biased. */
const integers = {
  int32: {
    uniform(out: Int32Array, { size, offset }: Slice, seed: SeedPair, minval: number, maxval: number): void {
      const [low, high] = integerBounds("int32", size, minval, maxval);
      fillInt32(out, offset, seed, low, high);
    },
  },
  int64: {
    uniform(out: BigInt64Array, { size, offset }: Slice, seed: SeedPair, minval: number, maxval: number): void {
      const [low, high] = integerBounds("int64", size, minval, maxval);
      const range = BigInt.asUintN(64, high - low);
      const { arena } = getStreams();
      // A counter gives two elements, each of a low and a high word.
      drawTiles(out.length, offset, TILE_F64, drawWords(seed), (pointer, count, at) => {
        const words = arena.u32(pointer, 2 * count);
        for (let i = 0; i < count; i++) {
          const bits = (BigInt(words[2 * i + 1] ?? 0) << 32n) | BigInt(words[2 * i] ?? 0);
          out[at + i] = low + (bits % range);
        }
      });
    },
  },
};

/** The bounds of a uniform of integers, cast as TensorFlow casts them; of an empty tensor it does not ask for an order. */
function integerBounds<D extends "int32" | "int64">(
  dtype: D,
  size: number,
  minval: number,
  maxval: number,
): readonly [ElementOf<D>, ElementOf<D>] {
  const { encode } = elementTypes[dtype];
  const [low, high] = bounds(minval, maxval).map(encode) as [ElementOf<D>, ElementOf<D>];
  if (size > 0 && low >= high) {
    throw new RangeError(`Need minval < maxval, got ${low} >= ${high} (keras/tensorflow, ${dtype})`);
  }
  return [low, high];
}

function fillInt32(out: Int32Array, offset: number, seed: SeedPair, minval: number, maxval: number): void {
  const { arena } = getStreams();
  const range = maxval - minval;
  drawTiles(out.length, offset, TILE, drawWords(seed), (pointer, count, at) => {
    const words = arena.u32(pointer, count);
    for (let i = 0; i < count; i++) out[at + i] = minval + ((words[i] ?? 0) % range);
  });
}

/** What Keras 3 draws on TensorFlow, bit for bit; every element depends on the seed and its position only. */
export const kerasTensorflow: Stream = {
  name: "keras/tensorflow",
  seedDType: "int64",
  randomAccess: true,
  samplers: {
    float64: doubles,
    float16: halves("float16", 10),
    bfloat16: halves("bfloat16", 7),
    ...integers,
  },
  uniform(out, { offset }, seed, minval, maxval) {
    const [low, high] = bounds(minval, maxval);
    const { philox_uniform_f32 } = getStreams().kernels;
    fillTiles(out, offset, drawScaled(philox_uniform_f32, seed, 1, Math.fround(high - low), low, "float32"));
  },
  normal(out, { offset }, seed, mean, stddev) {
    fillTiles(out, offset, drawScaled(getStreams().kernels.philox_normal_f32, seed, 1, stddev, mean, "float32"));
  },
  truncatedNormal(out, { offset }, seed, mean, stddev) {
    const { philox_truncated_normal_f32 } = getStreams().kernels;
    fillTiles(out, offset, drawScaled(philox_truncated_normal_f32, seed, TRUNCATED_COUNTERS, stddev, mean, "float32"));
  },
  integers(out, { offset }, seed, minval, maxval) {
    fillInt32(out, offset, seed, minval, maxval);
  },
};

// The stream keras/numpy: PCG64 and the ziggurat, what Keras 3 draws on NumPy.
// Source: Keras 3.15.1 backend/numpy/random.py; NumPy 2.4 numpy/random/_generator.pyx; any platform.

import { type ArrayOf, type DType, type ElementArray, elementsOf, elementTypes } from "@fanin/tensor";
import { getStreams, SCRATCH_LENGTH } from "../runtime/streams.ts";
import { advance, type Pcg64, pcg64FromWords } from "./pcg64.ts";
import type { SeedPair } from "./seed.ts";
import type { Sampler, Stream } from "./stream.ts";

const STATE_BYTES = 48; // see kernels/assembly/rng/pcg64.ts
const CHUNK = SCRATCH_LENGTH / 2; // doubles in the scratch block

/** A seed word as `np.uint32` takes it. */
function seedWord(word: bigint): number {
  if (word < 0n || word > 0xffffffffn) {
    throw new RangeError(`seed: expected an integer from 0 to 4294967295 (keras/numpy), got ${word}`);
  }
  return Number(word);
}

/** `np.random.default_rng([seed, draws])`. */
function generatorOf(seed: SeedPair): Pcg64 {
  return pcg64FromWords(seed.map(seedWord));
}

/**
 * Draws the elements `skip` .. skip + length - 1 that `draw` writes one after the other to the scratch block, and hands
 * them over in chunks: how many words an element takes is not known, so those before are drawn and thrown away.
 */
function drawChunks(
  generator: Pcg64,
  skip: number,
  length: number,
  draw: (pointer: number, count: number, state: number) => void,
  take: (pointer: number, count: number, at: number) => void,
): void {
  const { arena, scratch } = getStreams();
  arena.scope((alloc) => {
    const state = alloc(STATE_BYTES);
    const words = new BigUint64Array(arena.memory.buffer, state, STATE_BYTES / 8);
    words.set([generator.state, generator.state >> 64n, generator.increment, generator.increment >> 64n, 0n, 0n]);
    for (let done = 0; done < skip; done += CHUNK) draw(scratch, Math.min(CHUNK, skip - done), state);
    for (let at = 0; at < length; at += CHUNK) {
      const count = Math.min(CHUNK, length - at);
      draw(scratch, count, state);
      take(scratch, count, at);
    }
  });
}

/** The three distributions, computed in float64 as NumPy does, then stored by `store`. */
function sampler<A extends { readonly length: number }>(
  store: (out: A, values: Float64Array, at: number) => void,
): Sampler<A> {
  type ChunkKernel = (pointer: number, count: number, state: number) => void;
  function fill(out: A, skip: number, generator: Pcg64, draw: ChunkKernel): void {
    const { arena } = getStreams();
    drawChunks(generator, skip, out.length, draw, (pointer, count, at) => store(out, arena.f64(pointer, count), at));
  }
  return {
    uniform(out, { offset }, seed, minval, maxval) {
      const range = maxval - minval;
      if (!(range >= 0 && range < Number.POSITIVE_INFINITY)) {
        throw new RangeError(
          `maxval: expected at least minval = ${minval}, and a finite range (keras/numpy), got ${maxval}`,
        );
      }
      const { kernels } = getStreams();
      // One word an element, so what comes before can be jumped over.
      fill(out, 0, advance(generatorOf(seed), offset), (pointer, count, state) =>
        kernels.pcg64_uniform_f64(pointer, count, state, range, minval),
      );
    },
    normal(out, { offset }, seed, mean, stddev) {
      expectStddev(stddev);
      const { kernels } = getStreams();
      fill(out, offset, generatorOf(seed), (pointer, count, state) =>
        kernels.pcg64_normal_f64(pointer, count, state, stddev, mean),
      );
    },
    truncatedNormal(out, { offset }, seed, mean, stddev) {
      expectStddev(stddev);
      const low = mean - 2 * stddev;
      const high = mean + 2 * stddev;
      if (Number.isNaN(low) || Number.isNaN(high)) {
        throw new RangeError(`mean: expected a finite number where stddev is infinite (keras/numpy), got ${mean}`);
      }
      const { kernels } = getStreams();
      fill(out, offset, generatorOf(seed), (pointer, count, state) =>
        kernels.pcg64_truncated_normal_f64(pointer, count, state, stddev, mean, low, high),
      );
    },
  };
}

/** NumPy refuses a negative scale, -0 included. */
function expectStddev(stddev: number): void {
  if (stddev < 0 || Object.is(stddev, -0)) {
    throw new RangeError(`stddev: expected 0 or more (keras/numpy), got ${Object.is(stddev, -0) ? "-0" : stddev}`);
  }
}

/** Casts each double once to `dtype`, as `astype` does; integers are cut toward zero. */
function encoded<D extends DType>(dtype: D): Sampler<ArrayOf[D]> {
  const { encode } = elementTypes[dtype];
  return sampler<ArrayOf[D]>((out, values, at) => {
    const target = elementsOf(out as ElementArray);
    for (let i = 0; i < values.length; i++) target[at + i] = encode(values[i] ?? 0);
  });
}

/**
 * What Keras 3 draws on NumPy, bit for bit. A uniform element depends on the seed and its position only; for the normals
 * `fill` with an offset draws everything before it and throws it away, because the ziggurat takes words as it needs them.
 */
export const kerasNumpy: Stream = {
  name: "keras/numpy",
  seedDType: "uint32",
  randomAccess: false,
  ...sampler<Float32Array>((out, values, at) => out.set(values, at)),
  samplers: {
    float64: sampler<Float64Array>((out, values, at) => out.set(values, at)),
    float16: encoded("float16"),
    bfloat16: encoded("bfloat16"),
    int8: encoded("int8"),
    int16: encoded("int16"),
    int32: encoded("int32"),
    int64: encoded("int64"),
    uint8: encoded("uint8"),
    uint16: encoded("uint16"),
    uint32: encoded("uint32"),
    uint64: encoded("uint64"),
    bool: encoded("bool"),
  },
  integers(out, { offset }, seed, minval, maxval) {
    const { kernels, arena } = getStreams();
    const highest = maxval - minval - 1;
    drawChunks(
      generatorOf(seed),
      offset,
      out.length,
      (pointer, count, state) => kernels.pcg64_bounded_u32(pointer, count, state, highest),
      (pointer, count, at) => {
        const words = arena.u32(pointer, count);
        for (let i = 0; i < count; i++) out[at + i] = minval + (words[i] ?? 0);
      },
    );
  },
};

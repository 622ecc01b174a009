// The functions of keras.random: one tensor from one distribution, from a seed or from the global generator.
// Source: keras/src/random/random.py, seed_generator.py (draw_seed, global_seed_generator) 3.15.1.

import { allocate, expectDType, expectShape, type FloatDType, isFloat, type Shape, type Tensor } from "@fanin/tensor";
import { describeValue, expectInteger, expectNumber } from "@fanin/tensor/arguments";
import { seedEpoch } from "./default-seed.ts";
import type { SeedPair } from "./seed.ts";
import { SeedGenerator } from "./seed-generator.ts";
import { type Sampler, type Stream, samplerOf } from "./stream.ts";
import { DEFAULT_STREAM, expectStreamName, type StreamName } from "./stream-names.ts";
import { streams } from "./streams.ts";

/** Options of every function here. */
export interface DrawOptions {
  /** An integer, a generator, or null for the global generator of the stream. Defaults to null. */
  readonly seed?: number | bigint | SeedGenerator | null | undefined;
  readonly stream?: StreamName | undefined;
}

/** Options of {@link uniform}. */
export interface UniformOptions<D extends FloatDType> extends DrawOptions {
  /** Defaults to 0. */
  readonly minval?: number | undefined;
  /** Defaults to 1. */
  readonly maxval?: number | undefined;
  readonly dtype?: D | undefined;
}

/** Options of {@link normal} and {@link truncatedNormal}. */
export interface NormalOptions<D extends FloatDType> extends DrawOptions {
  /** Defaults to 0. */
  readonly mean?: number | undefined;
  /** Defaults to 1. */
  readonly stddev?: number | undefined;
  readonly dtype?: D | undefined;
}

interface GlobalGenerator {
  readonly generator: SeedGenerator;
  readonly epoch: number;
}

const globalGenerators = new Map<Stream, GlobalGenerator>();

/**
 * What `body` makes of the pair of a seed; null takes the stream's global generator, which `setRandomSeed` makes again. A
 * generator does not advance where `body` throws.
 */
function drawFrom<T>(seed: unknown, stream: Stream, body: (pair: SeedPair) => T): T {
  if (seed instanceof SeedGenerator) return seed.draw(stream.seedDType, body);
  if (typeof seed === "bigint") return body([seed, 0n]);
  if (typeof seed === "number" && Number.isSafeInteger(seed)) return body([BigInt(seed), 0n]);
  if (seed !== null) {
    const Kind = typeof seed === "number" ? RangeError : TypeError;
    throw new Kind(
      `Argument \`seed\` must be either an integer or an instance of \`SeedGenerator\`. Received: seed=${describeValue(seed)}`,
    );
  }
  let current = globalGenerators.get(stream);
  if (current?.epoch !== seedEpoch()) {
    current = { generator: new SeedGenerator({ name: "global_seed_generator" }), epoch: seedEpoch() };
    globalGenerators.set(stream, current);
  }
  return current.generator.drawUnordered(stream.seedDType, body);
}

function streamOf({ stream }: DrawOptions): Stream {
  return streams[stream === undefined ? DEFAULT_STREAM : expectStreamName(stream)];
}

/** Draws one tensor by the distribution `name`; `a` and `b` are its parameters. */
function draw<D extends FloatDType>(
  name: keyof Sampler,
  shape: Shape,
  options: DrawOptions & { readonly dtype?: D | undefined },
  a: number,
  b: number,
): Tensor<D> {
  const stream = streamOf(options);
  const dtype = expectDType(options.dtype ?? "float32");
  if (!isFloat(dtype)) {
    throw new RangeError(`\`keras.random.${name}\` requires a floating point \`dtype\`. Received: dtype=${dtype}`);
  }
  const sampler = samplerOf(stream, dtype as D, name, `keras.random.${name}`);
  const data = allocate(expectShape(shape), dtype as D);
  drawFrom(options.seed ?? null, stream, (seed) => sampler[name](data, { size: data.length, offset: 0 }, seed, a, b));
  return { shape, dtype: dtype as D, data };
}

/**
 * `keras.random.uniform`: values on [minval, maxval).
 *
 * @throws RangeError for a shape, dtype or seed that the stream does not have.
 * @example
 * setRandomSeed(1234);
 * random.uniform([4]); // what keras.random.uniform((4,)) gives after keras.utils.set_random_seed(1234)
 */
export function uniform<D extends FloatDType = "float32">(shape: Shape, options: UniformOptions<D> = {}): Tensor<D> {
  const minval = expectNumber("minval", options.minval ?? 0);
  const maxval = expectNumber("maxval", options.maxval ?? 1);
  return draw("uniform", shape, options, minval, maxval);
}

/** `keras.random.normal`; throws as {@link uniform} does. */
export function normal<D extends FloatDType = "float32">(shape: Shape, options: NormalOptions<D> = {}): Tensor<D> {
  const mean = expectNumber("mean", options.mean ?? 0);
  const stddev = expectNumber("stddev", options.stddev ?? 1);
  return draw("normal", shape, options, mean, stddev);
}

/** `keras.random.truncated_normal`, cut at two `stddev` from `mean`; throws as {@link uniform} does. */
export function truncatedNormal<D extends FloatDType = "float32">(
  shape: Shape,
  options: NormalOptions<D> = {},
): Tensor<D> {
  const mean = expectNumber("mean", options.mean ?? 0);
  const stddev = expectNumber("stddev", options.stddev ?? 1);
  return draw("truncatedNormal", shape, options, mean, stddev);
}

/**
 * `keras.random.randint`: int32 values of [minval, maxval).
 *
 * @throws RangeError where the range is empty or does not fit int32.
 * @example
 * random.randint([3], 0, 10, { seed: 42 });
 */
export function randint(shape: Shape, minval: number, maxval: number, options: DrawOptions = {}): Tensor<"int32"> {
  const stream = streamOf(options);
  expectInteger("minval", minval, -(2 ** 31), 2 ** 31 - 1);
  expectInteger("maxval", maxval, minval + 1, 2 ** 31 - 1);
  const data = allocate(expectShape(shape), "int32");
  drawFrom(options.seed ?? null, stream, (seed) =>
    stream.integers(data, { size: data.length, offset: 0 }, seed, minval, maxval),
  );
  return { shape, dtype: "int32", data };
}

// What a stream is: the random numbers of one framework, as a function of seed and position.

import type { ArrayOf, DType } from "@fanin/tensor";
import { describeValue } from "@fanin/tensor/arguments";
import type { DistributionKind } from "./distribution.ts";
import type { SeedDType, SeedPair } from "./seed.ts";

/** Which part of a tensor is drawn: `out.length` elements of its `size`, from the flat index `offset` on. */
export interface Slice {
  readonly size: number;
  readonly offset: number;
}

/** The distributions in one element type; parameters are rounded as the framework rounds them. */
export interface Sampler<A = Float32Array> {
  /** Fills `out` from the uniform distribution on [minval, maxval). */
  uniform(out: A, slice: Slice, seed: SeedPair, minval: number, maxval: number): void;
  /** Fills `out` from the normal distribution. */
  normal(out: A, slice: Slice, seed: SeedPair, mean: number, stddev: number): void;
  /** Fills `out` from the normal distribution cut at two standard deviations. */
  truncatedNormal(out: A, slice: Slice, seed: SeedPair, mean: number, stddev: number): void;
}

/** The distributions of one framework: its own methods draw float32. */
export interface Stream extends Sampler {
  readonly name: string;
  /** The type in which this framework's SeedGenerator counts. */
  readonly seedDType: SeedDType;
  /** Whether a slice costs only what it fills; otherwise everything before it is drawn too, or the whole tensor. */
  readonly randomAccess: boolean;
  /** How it draws the other element types; what is missing it cannot draw. */
  readonly samplers: { readonly [D in Exclude<DType, "float32">]?: Partial<Sampler<ArrayOf[D]>> };
  /** Fills `out` with integers of [minval, maxval), as `keras.random.randint` draws int32. */
  integers(out: Int32Array, slice: Slice, seed: SeedPair, minval: number, maxval: number): void;
}

/**
 * The sampler of `stream` for elements of `dtype`. Only its method `kind` is certain to exist.
 *
 * @throws RangeError, naming `drawn`, if the stream does not draw `kind` in `dtype`.
 */
export function samplerOf<D extends DType>(
  stream: Stream,
  dtype: D,
  kind: DistributionKind,
  drawn: string,
): Sampler<ArrayOf[D]> {
  if (dtype === "float32" || kind === "constant") return stream as Sampler as Sampler<ArrayOf[D]>;
  const sampler = stream.samplers[dtype as Exclude<D, "float32">] as Partial<Sampler<ArrayOf[D]>> | undefined;
  if (sampler?.[kind]) return sampler as Sampler<ArrayOf[D]>;
  const known = Object.entries(stream.samplers).flatMap(([name, { [kind]: draws }]) => (draws ? [name] : []));
  throw new RangeError(
    `dtype: expected one of float32, ${known.join(", ")} for ${drawn} on the stream ${stream.name}, got ${describeValue(dtype)}`,
  );
}

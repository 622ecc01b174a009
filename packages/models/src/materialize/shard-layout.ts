// Which tensor goes into which file, and where in it; and the pieces in which a file is written.
// Source: huggingface_hub's split_torch_state_dict_into_shards (tensors in order, a new file where one would be too large).

import { safetensorsHeader } from "@fanin/formats";
import { sizeOf } from "@fanin/tensor";
import { elementBytes, type TensorPlan, type WeightsPlan } from "./tensor-plan.ts";

/** Bytes of a piece of a file: large enough to hide a system call, small enough for the cache. */
export const SEGMENT_BYTES: number = 4 * 2 ** 20;

/** One file. */
export interface ShardPlan {
  /** `model-00001-of-00003.safetensors`. */
  readonly file: string;
  /** Its tensors, by their index in the plan. */
  readonly tensors: readonly number[];
  /** Bytes of the file, header included. */
  readonly bytes: number;
}

/** A run of elements of one tensor. */
export interface Run {
  /** The tensor's index in the plan. */
  readonly tensor: number;
  /** The first element. */
  readonly offset: number;
  readonly length: number;
  /** Where it begins, in bytes from the start of its segment. */
  readonly at: number;
}

/** A piece of a file that is written at once: the header, or runs of elements that follow each other. */
export interface Segment {
  /** Where it begins, in bytes from the start of the file. */
  readonly start: number;
  readonly bytes: number;
  /** None in the header. */
  readonly runs: readonly Run[];
}

/** Everything about one file that is needed to write it. */
export interface ShardLayout {
  readonly header: Uint8Array;
  readonly segments: readonly Segment[];
  readonly bytes: number;
}

/** Readers refuse a header of 100 MB; this many characters of names and shapes stay well below it. */
const HEADER_CHARACTERS = 50e6;

/** Characters of a tensor in a header, at most: its name, escaped, its shape and its place. */
function headerCharacters({ name, shape }: TensorPlan): number {
  return JSON.stringify(name).length + 17 * shape.length + 90;
}

/** Elements of a tensor. */
export function countOf({ shape }: Pick<TensorPlan, "shape">): number {
  return sizeOf(shape);
}

/** Bytes of a tensor's values. */
export function bytesOf(tensor: Pick<TensorPlan, "shape" | "dtype">): number {
  return countOf(tensor) * elementBytes[tensor.dtype];
}

/**
 * A size in decimal units, as `--shard-size` takes it.
 *
 * @example
 * formatBytes(401408); // => '401 kB'
 */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = bytes < 1 ? 0 : Math.min(5, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** The least round size that holds `bytes`: `3GB`, `120MB`. */
function roundSize(bytes: number): string {
  const [unit, name] = bytes > 1e9 ? [1e9, "GB"] : bytes > 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  return `${Math.ceil(bytes / (unit as number))}${name}`;
}

/** The largest tensor, in bytes, that is made whole in memory unless said. */
export const WHOLE_BYTES: number = 64 * 2 ** 20;

/**
 * Refuses tensors that cannot be filled in slices and are larger than `limit`: making one takes several times its size.
 *
 * @throws RangeError that names the tensor, and what would do.
 * @example
 * const plan = readWeightsSpec('{ "tensors": [{ "name": "w", "shape": [784, 128], "initializer": "he_normal" }] }');
 * expectWholeFits(plan, WHOLE_BYTES); // its values can be had in slices: however large, it fits
 */
export function expectWholeFits({ tensors }: Pick<WeightsPlan, "tensors">, limit: number): void {
  const large = tensors.filter((tensor) => !tensor.addressable && bytesOf(tensor) > limit);
  const [first] = large;
  if (!first) return;
  const largest = large.reduce((most, tensor) => Math.max(most, bytesOf(tensor)), 0);
  const { source } = first;
  const isCounter = source.kind === "initializer" && ["keras/tensorflow", "keras/jax"].includes(source.stream);
  const maker = source.kind === "keras" ? "its layer" : `${source.className} on ${source.stream}`;
  const what = `tensor ${JSON.stringify(first.name)} takes ${formatBytes(bytesOf(first))}, and ${maker} gives no slices of it`;
  const other = isCounter
    ? "an initializer that draws each element by itself"
    : "keras/tensorflow or keras/jax, whose elements depend on their position alone";
  const advice = `take ${other}, or --whole-limit ${roundSize(largest)} and several times that in memory for each job`;
  throw new RangeError(`--whole-limit: ${what}; ${advice}`);
}

/**
 * The files of a plan: tensors in order, a new file where the values of one would exceed `shardSize` bytes (headers, of some
 * kilobytes, come on top).
 *
 * @throws RangeError for a tensor that is larger than a file may be; says which size would do.
 * @example
 * const plan = readWeightsSpec('{ "tensors": [{ "name": "w", "shape": [784, 128], "initializer": "he_normal" }] }');
 * planShards(plan, 1e6).map(({ file }) => file); // => [ 'model-00001-of-00001.safetensors' ]
 */
export function planShards({ tensors, metadata }: WeightsPlan, shardSize: number): readonly ShardPlan[] {
  const groups: number[][] = [];
  let filled = Number.POSITIVE_INFINITY;
  let described = 0;
  const largest = tensors.reduce((most, tensor) => Math.max(most, bytesOf(tensor)), 0);
  for (const [index, tensor] of tensors.entries()) {
    const bytes = bytesOf(tensor);
    if (bytes > shardSize) {
      const size = `tensor ${JSON.stringify(tensor.name)} takes ${formatBytes(bytes)}, more than a shard of ${formatBytes(shardSize)}`;
      throw new RangeError(`--shard-size: ${size}; --shard-size ${roundSize(largest)} holds every tensor`);
    }
    described += headerCharacters(tensor);
    if (filled + bytes > shardSize || described > HEADER_CHARACTERS) {
      groups.push([]);
      filled = 0;
      described = headerCharacters(tensor);
    }
    groups.at(-1)?.push(index);
    filled += bytes;
  }
  const number = (value: number): string => String(value).padStart(5, "0");
  return groups.map((group, i) => ({
    file: `model-${number(i + 1)}-of-${number(groups.length)}.safetensors`,
    tensors: group,
    bytes: headerOf(tensors, group, metadata).size,
  }));
}

function headerOf(tensors: readonly TensorPlan[], group: readonly number[], metadata: WeightsPlan["metadata"]) {
  const described = group.map((index) => {
    const { name, shape, dtype } = tensors[index] as TensorPlan;
    return { name, shape, dtype };
  });
  return safetensorsHeader(described, metadata);
}

/** Collects runs into segments. */
class SegmentList {
  readonly segments: Segment[] = [];
  #runs: Run[] = [];
  #start: number;
  #end: number;

  constructor(start: number) {
    this.#start = start;
    this.#end = start;
  }

  /** Takes a run that begins where the last one ended; `bytes` fit into a segment, or are one. */
  push(run: Omit<Run, "at">, bytes: number): void {
    if (this.#end - this.#start + bytes > SEGMENT_BYTES) this.close();
    this.#runs.push({ ...run, at: this.#end - this.#start });
    this.#end += bytes;
  }

  close(): void {
    if (this.#runs.length > 0) {
      this.segments.push({ start: this.#start, bytes: this.#end - this.#start, runs: this.#runs });
    }
    this.#runs = [];
    this.#start = this.#end;
  }
}

/**
 * The pieces of one file. Small tensors share a piece; an addressable one is cut every `SEGMENT_BYTES`, another is a piece
 * of its own, however large.
 */
export function layoutOf(
  { tensors, metadata }: Pick<WeightsPlan, "tensors" | "metadata">,
  shard: ShardPlan,
): ShardLayout {
  const { header, entries, size } = headerOf(tensors, shard.tensors, metadata);
  const indexOf = new Map(shard.tensors.map((index) => [(tensors[index] as TensorPlan).name, index]));
  const list = new SegmentList(header.length);
  // The order of the values, which is not that of the names where dtypes differ.
  for (const name of entries.keys()) {
    const tensor = indexOf.get(name) as number;
    const { dtype, shape, addressable } = tensors[tensor] as TensorPlan;
    const count = countOf({ shape });
    const step = addressable ? SEGMENT_BYTES / elementBytes[dtype] : count;
    for (let offset = 0; offset < count; offset += step) {
      const length = Math.min(step, count - offset);
      list.push({ tensor, offset, length }, length * elementBytes[dtype]);
    }
  }
  list.close();
  const first: Segment = { start: 0, bytes: header.length, runs: [] };
  return { header, segments: [first, ...list.segments], bytes: size };
}

// The placement of tensors in files, and the segments in which a file is written.
// Source: huggingface_hub's split_torch_state_dict_into_shards (tensors in order, a new file if one would be too large).

import { safetensorsHeader } from "@fanin/formats";
import { sizeOf } from "@fanin/tensor";
import { elementBytes, type TensorPlan, type WeightsPlan } from "./tensor-plan.ts";

/** Bytes of a segment: large enough to hide a system call, small enough for the cache. */
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
  /** Its offset in bytes from the start of its segment. */
  readonly at: number;
}

/** A segment of a file, written at once: the header, or consecutive runs of elements. */
export interface Segment {
  /** Its offset in bytes from the start of the file. */
  readonly start: number;
  readonly bytes: number;
  /** None in the header. */
  readonly runs: readonly Run[];
}

/** The layout of one file. */
export interface ShardLayout {
  readonly header: Uint8Array;
  readonly segments: readonly Segment[];
  readonly bytes: number;
}

/** Readers refuse a header of 100 MB; this many characters of names and shapes stay well below. */
const HEADER_CHARACTERS = 50e6;

/** An upper bound of a tensor's characters in a header: its escaped name, its shape and its offsets. */
function headerCharacters({ name, shape }: TensorPlan): number {
  return JSON.stringify(name).length + 17 * shape.length + 90;
}

/** The number of elements of a tensor. */
export function countOf({ shape }: Pick<TensorPlan, "shape">): number {
  return sizeOf(shape);
}

/** The number of bytes of a tensor's values. */
export function bytesOf(tensor: Pick<TensorPlan, "shape" | "dtype">): number {
  return countOf(tensor) * elementBytes[tensor.dtype];
}

/**
 * Formats a size in decimal units.
 *
 * @example
 * formatBytes(401408); // => '401 kB'
 */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = bytes < 1 ? 0 : Math.min(5, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** The least round size of at least `bytes`: `3GB`, `120MB`. */
function roundSize(bytes: number): string {
  const [unit, name] = bytes > 1e9 ? [1e9, "GB"] : bytes > 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  return `${Math.ceil(bytes / (unit as number))}${name}`;
}

/** The default size limit, in bytes, for tensors that need whole memory. */
export const WHOLE_BYTES: number = 64 * 2 ** 20;

/**
 * Refuses tensors larger than `limit` that cannot be filled in slices: making one takes several times its size in memory.
 *
 * @throws RangeError that names the tensor and the alternatives.
 * @example
 * const plan = readWeightsSpec('{ "tensors": [{ "name": "w", "shape": [784, 128], "initializer": "he_normal" }] }');
 * expectWholeFits(plan, WHOLE_BYTES); // its values can be filled in slices, so any size fits
 */
export function expectWholeFits({ tensors }: Pick<WeightsPlan, "tensors">, limit: number): void {
  const large = tensors.filter((tensor) => !tensor.randomAccess && bytesOf(tensor) > limit);
  const [first] = large;
  if (!first) return;
  const largest = large.reduce((most, tensor) => Math.max(most, bytesOf(tensor)), 0);
  const { source } = first;
  const isCounter = source.kind === "initializer" && ["keras/tensorflow", "keras/jax"].includes(source.stream);
  const maker = source.kind === "keras" ? "its layer" : `${source.className} on ${source.stream}`;
  const what = `tensor ${JSON.stringify(first.name)} takes ${formatBytes(bytesOf(first))}, and ${maker} cannot fill it in slices`;
  const other = isCounter
    ? "an initializer that draws each element independently"
    : "keras/tensorflow or keras/jax, whose elements depend only on their position";
  const advice = `use ${other}, or --whole-limit ${roundSize(largest)} with several times that in memory for each job`;
  throw new RangeError(`--whole-limit: ${what}; ${advice}`);
}

/**
 * The files of a plan: tensors in order, with a new file if the values would exceed `shardSize` bytes (headers add some
 * kilobytes).
 *
 * @throws RangeError for a tensor larger than `shardSize`, with a sufficient size.
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

/** Groups runs into segments. */
class SegmentList {
  readonly segments: Segment[] = [];
  #runs: Run[] = [];
  #start: number;
  #end: number;

  constructor(start: number) {
    this.#start = start;
    this.#end = start;
  }

  /** Adds a run that follows the last one; `bytes` fit into a segment, or are one. */
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
 * The segments of one file. Small tensors share a segment. A tensor with random access is cut every `SEGMENT_BYTES`;
 * another one is a single segment of any size.
 */
export function layoutOf(
  { tensors, metadata }: Pick<WeightsPlan, "tensors" | "metadata">,
  shard: ShardPlan,
): ShardLayout {
  const { header, entries, size } = headerOf(tensors, shard.tensors, metadata);
  const indexOf = new Map(shard.tensors.map((index) => [(tensors[index] as TensorPlan).name, index]));
  const list = new SegmentList(header.length);
  // The order of the values differs from that of the names if dtypes differ.
  for (const name of entries.keys()) {
    const tensor = indexOf.get(name) as number;
    const { dtype, shape, randomAccess } = tensors[tensor] as TensorPlan;
    const count = countOf({ shape });
    const step = randomAccess ? SEGMENT_BYTES / elementBytes[dtype] : count;
    for (let offset = 0; offset < count; offset += step) {
      const length = Math.min(step, count - offset);
      list.push({ tensor, offset, length }, length * elementBytes[dtype]);
    }
  }
  list.close();
  const first: Segment = { start: 0, bytes: header.length, runs: [] };
  return { header, segments: [first, ...list.segments], bytes: size };
}

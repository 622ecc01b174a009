// tfjs models: model.json and its weight shards, quantized weights included; topology and all else passes through untouched.
// tensorflow/tfjs, tfjs-core/src/io: `decodeWeights` and the converter's write_weights.py.

import { decode } from "./byte-order.ts";
import { type ByteSource, bytesSource, expectSlice, joinedSource, readExactly } from "./byte-source.ts";
import { dtypeNameIn, type TensorData } from "./dtype.ts";
import { float16ToFloat32 } from "./half.ts";
import { limitsOf, type ReadOptions } from "./limits.ts";
import { MalformedFileError, quote } from "./malformed-file-error.ts";
import type { OutputFile } from "./output-file.ts";
import { plainOf } from "./parse-json.ts";
import { byteLengthOf, collect, encodedChunks } from "./streamed-values.ts";
import {
  expectTensors,
  type NamedTensor,
  namedTensorOf,
  type StoredTensor,
  sizeOf,
  type TensorInput,
} from "./tensor.ts";
import { parseTfjsManifest, type TfjsGroup, type TfjsWeight } from "./tfjs-manifest.ts";

/** A model's weights, in order, and model.json without its weightsManifest: modelTopology, format, trainingConfig and so on. */
export interface TfjsModel<T> {
  readonly tensors: ReadonlyMap<string, T>;
  readonly fields: ReadonlyMap<string, unknown>;
}

/** What goes into model.json beside the weights, and how long a shard is. */
export interface TfjsOptions {
  /** modelTopology, format, generatedBy, convertedBy, trainingConfig, ..., as JSON. */
  readonly fields?: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;
  /** 4 MiB unless said, which browsers cache. */
  readonly shardBytes?: number;
  /** What the shards' names start with; "group1" unless said. */
  readonly prefix?: string;
}

const SHARD_BYTES: number = 4 * 2 ** 20;

/**
 * Opens a model: model.json is parsed and checked, then `openShard` is asked for each path, and no shard is read.
 *
 * @throws MalformedFileError with a code E_TFJS_... or E_JSON_....
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * const files = await writeTfjsModel([bias]);
 * const open = async (path: string) => bytesSource(files.get(path) ?? new Uint8Array());
 * const { tensors } = await openTfjsModel(files.get("model.json") ?? "", open);
 * [...tensors.keys()]; // => [ 'bias' ]
 */
export async function openTfjsModel(
  manifest: string | Uint8Array,
  openShard: (path: string) => Promise<ByteSource>,
  options: ReadOptions = {},
): Promise<TfjsModel<StoredTensor>> {
  const { file } = options;
  const { groups, fields } = parseTfjsManifest(manifest, limitsOf(options), file);
  const tensors = new Map<string, StoredTensor>();
  for (const group of groups) {
    const shards: ByteSource[] = [];
    for (const path of group.paths) shards.push(await openShard(path));
    const source = joinedSource(shards);
    expectGroupSize(source, group, file);
    for (const weight of group.weights) tensors.set(weight.name, storedWeight(source, weight, file));
  }
  return { tensors, fields: new Map(Array.from(fields, ([key, value]) => [key, plainOf(value)])) };
}

function expectGroupSize(source: ByteSource, group: TfjsGroup, file: string | undefined): void {
  if (source.size === group.size) return;
  throw new MalformedFileError("E_TFJS_SIZE", {
    file,
    expected: `${group.size} bytes in ${quote(group.paths.join(", "))}`,
    got: `${source.size}`,
  });
}

function storedWeight(source: ByteSource, weight: TfjsWeight, file: string | undefined): StoredTensor {
  const { name, shape, dtype, bytes } = weight;
  const count = sizeOf(shape);
  const slice: StoredTensor["slice"] = async (start, end) => {
    expectSlice(start, end, count);
    return valuesOf(await readExactly(source, weight.start + start * bytes, (end - start) * bytes, file), weight);
  };
  return { name, shape, dtype, slice, read: async () => namedTensorOf(name, shape, dtype, await slice(0, count)) };
}

/** The values of stored bytes: as they are, from float16, or value * scale + min in float64, as tfjs computes it. */
function valuesOf(bytes: Uint8Array, { dtype, quantization }: TfjsWeight): TensorData {
  if (quantization === undefined) return decode(bytes, dtype, true);
  if (quantization.dtype === "float16") return float16ToFloat32(decode(bytes, "float16", true));
  const { scale, min } = quantization;
  const stored = decode(bytes, quantization.dtype, true);
  const round = dtype === "int32";
  const values = round ? new Int32Array(stored.length) : new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) {
    const value = (stored[i] as number) * scale + min;
    values[i] = round ? Math.round(value) : value;
  }
  return values;
}

/**
 * Reads a model; `readShard` gives the bytes of a path, and is asked only for paths within the folder of model.json.
 *
 * @throws MalformedFileError as {@link openTfjsModel} does.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * const files = await writeTfjsModel([bias]);
 * const read = async (path: string) => files.get(path) ?? new Uint8Array();
 * (await readTfjsModel(await read("model.json"), read)).tensors.get("bias")?.data; // => Float32Array(2) [ 1, 2 ]
 */
export async function readTfjsModel(
  manifest: string | Uint8Array,
  readShard: (path: string) => Promise<Uint8Array>,
  options: ReadOptions = {},
): Promise<TfjsModel<NamedTensor>> {
  const opened = await openTfjsModel(manifest, async (path) => bytesSource(await readShard(path)), options);
  const tensors = new Map<string, NamedTensor>();
  for (const [name, tensor] of opened.tensors) tensors.set(name, await tensor.read());
  return { tensors, fields: opened.fields };
}

/**
 * The files of a model: its shards, then model.json. Their chunks are taken in this order, each file's once.
 *
 * float16 tensors are stored as tfjs stores them: float32 with float16 quantization.
 *
 * @throws TypeError, RangeError for a tensor whose parts disagree, a dtype tfjs lacks, or an option out of range.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * tfjsFiles([bias]).map(({ path }) => path); // => [ 'group1-shard1of1.bin', 'model.json' ]
 */
export function tfjsFiles(tensors: readonly TensorInput[], options: TfjsOptions = {}): OutputFile[] {
  expectTensors(tensors);
  const { fields = {}, shardBytes = SHARD_BYTES, prefix = "group1" } = options;
  if (!Number.isSafeInteger(shardBytes) || shardBytes < 1) {
    throw new RangeError(`shardBytes: expected an integer of 1 or more, got ${shardBytes}`);
  }
  if (!/^[\w-]+$/.test(prefix))
    throw new RangeError(`prefix: expected letters, digits, - and _, got ${JSON.stringify(prefix)}`);
  const weights = tensors.map(({ name, shape, dtype }) =>
    dtype === "float16"
      ? { name, shape, dtype: "float32", quantization: { dtype, original_dtype: "float32" } }
      : { name, shape, dtype: dtypeNameIn("tfjs", name, dtype) },
  );
  const total = tensors.reduce((size, tensor) => size + byteLengthOf(tensor), 0);
  const count = Math.ceil(total / shardBytes);
  const paths = Array.from({ length: count }, (_, index) => `${prefix}-shard${index + 1}of${count}.bin`);
  const others = fields instanceof Map ? [...fields] : Object.entries(fields);
  const model = Object.fromEntries(others.filter(([key]) => key !== "weightsManifest"));
  const manifest = new TextEncoder().encode(JSON.stringify({ ...model, weightsManifest: [{ paths, weights }] }));

  const shards = splitter(tensors);
  const files: OutputFile[] = paths.map((path, index) => ({
    path,
    chunks: () => shards(index, Math.min(shardBytes, total - index * shardBytes)),
  }));
  async function* manifestChunks(): AsyncGenerator<Uint8Array, void, undefined> {
    // Values that do not fill their shapes have to be found before model.json says that they do.
    for await (const _ of shards(count, 0)) yield _;
    yield manifest;
  }
  return [...files, { path: "model.json", chunks: manifestChunks }];
}

/** Cuts the values of all tensors, one after the other, into shards that are taken in order. */
function splitter(
  tensors: readonly TensorInput[],
): (index: number, length: number) => AsyncGenerator<Uint8Array, void, undefined> {
  async function* values(): AsyncGenerator<Uint8Array, void, undefined> {
    for (const tensor of tensors) yield* encodedChunks(tensor);
  }
  const stream = values();
  let left: Uint8Array = new Uint8Array(0);
  let expected = 0;
  return async function* shard(index, length) {
    if (index !== expected) throw new RangeError(`shards: expected shard ${expected} next, got ${index}`);
    expected++;
    let missing = length;
    while (missing > 0) {
      if (left.length === 0) {
        const { done, value } = await stream.next();
        if (done) return;
        left = value;
      }
      const part = left.subarray(0, missing);
      left = left.subarray(part.length);
      missing -= part.length;
      yield part;
    }
    // The last shard is complete, but whether its tensor is, is known at the end of the stream.
    if (length === 0) await stream.next();
  };
}

/**
 * Writes a model whole: its files by path, model.json last.
 *
 * @throws as {@link tfjsFiles} does.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * [...(await writeTfjsModel([bias], { fields: { format: "layers-model" } })).keys()]; // => [ 'group1-shard1of1.bin', 'model.json' ]
 */
export async function writeTfjsModel(
  tensors: readonly TensorInput[],
  options: TfjsOptions = {},
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path, chunks } of tfjsFiles(tensors, options)) files.set(path, await collect(chunks()));
  return files;
}

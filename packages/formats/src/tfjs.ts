// tfjs models: model.json and its weight shards, including quantized weights; other fields pass through unchanged.
// tensorflow/tfjs, tfjs-core/src/io: `decodeWeights` and the converter's write_weights.py.
// One file: reading, writing and skipping follow the same manifest.

import { sizeOf, type TensorData, toFloat32 } from "@fanin/tensor";
import { decode } from "./byte-order.ts";
import { type ByteSource, bytesSource, expectSlice, joinedSource, readExactly } from "./byte-source.ts";
import { dtypeNameIn } from "./dtype-names.ts";
import { limitsOf, type ReadOptions } from "./limits.ts";
import { MalformedFileError, quote } from "./malformed-file-error.ts";
import { HEAD_BYTES, otherFile } from "./other-files.ts";
import type { OutputFile } from "./output-file.ts";
import { type Json, plainOf } from "./parse-json.ts";
import { type SkippedTensor, skippedBy } from "./skipped-tensor.ts";
import { chunksBySlices } from "./stored-chunks.ts";
import { byteLengthOf, collect, encodedChunks } from "./streamed-values.ts";
import { expectTensors, type NamedTensor, namedTensorOf, type StoredTensor, type TensorInput } from "./tensor.ts";
import { parseModelJson, readTfjsManifest, type TfjsGroup, type TfjsWeight } from "./tfjs-manifest.ts";

/** The weights of a model, in order, and the other fields of model.json: modelTopology, format, trainingConfig and so on. */
export interface TfjsModel<T> {
  readonly tensors: ReadonlyMap<string, T>;
  readonly fields: ReadonlyMap<string, unknown>;
  /** Weights of an unsupported element type, usually text. */
  readonly skipped: readonly SkippedTensor[];
}

/** Options for writing a model. */
export interface TfjsOptions {
  /** Other fields of model.json: modelTopology, format, generatedBy, convertedBy, trainingConfig, ... */
  readonly fields?: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;
  /** Size of a shard in bytes. Defaults to 4 MiB, which browsers cache. */
  readonly shardBytes?: number;
  /** Prefix of the names of the shards. Defaults to "group1". */
  readonly prefix?: string;
}

const SHARD_BYTES: number = 4 * 2 ** 20;

/** Bytes of one read when the lengths of texts are searched. */
const TEXT_BLOCK_BYTES = 65536;

/**
 * Opens a model: parses and checks model.json, then calls `openShard` for each path. Of the shards, only the
 * lengths of texts are read. A bare manifest, which is a list, is a model without other fields.
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
  return openTfjsManifest(parseModelJson(manifest, limitsOf(options), options.file), openShard, options);
}

/** Opens a model from its parsed model.json. */
export async function openTfjsManifest(
  model: Json,
  openShard: (path: string) => Promise<ByteSource>,
  options: ReadOptions,
): Promise<TfjsModel<StoredTensor>> {
  const { file } = options;
  const { groups, fields } = readTfjsManifest(model, limitsOf(options), file);
  const tensors = new Map<string, StoredTensor>();
  const skipped: SkippedTensor[] = [];
  for (const group of groups) {
    const shards: ByteSource[] = [];
    for (const path of group.paths) shards.push(await openShard(path));
    for (const weight of await placeWeights(group, shards, file)) {
      if ("code" in weight) skipped.push(weight);
      else tensors.set(weight.name, weight);
    }
  }
  return { tensors, fields: new Map(Array.from(fields, ([key, value]) => [key, plainOf(value)])), skipped };
}

/** Locates the weights of a group, and checks that they fill its shards. */
async function placeWeights(
  group: TfjsGroup,
  shards: readonly ByteSource[],
  file: string | undefined,
): Promise<readonly (StoredTensor | SkippedTensor)[]> {
  const source = joinedSource(shards);
  const placed: (StoredTensor | SkippedTensor)[] = [];
  let at = 0;
  let isPlaceKnown = true;
  for (const weight of group.weights) {
    if ("skipped" in weight) {
      placed.push(weight.skipped);
      if (weight.bytes === undefined) isPlaceKnown = false;
      else if (weight.bytes !== "text") at += weight.count * weight.bytes;
      else if (isPlaceKnown) at = await endOfTexts(source, at, weight.count, group, file);
      continue;
    }
    const { name, shape, dtype } = weight;
    if (isPlaceKnown) placed.push(storedWeight(source, weight, at, file));
    else {
      const [expected, got] = ["a place that follows from the previous weights", "one after a weight of unknown size"];
      const why = new MalformedFileError("E_TFJS_DTYPE", { file, tensor: name, expected, got });
      placed.push(skippedBy(why, name, dtype, shape));
    }
    at += sizeOf(shape) * weight.bytes;
  }
  if (isPlaceKnown ? source.size !== at : source.size < at) throw await sizeError(group, shards, at, file);
  return placed;
}

async function sizeError(
  { paths }: TfjsGroup,
  shards: readonly ByteSource[],
  expected: number,
  file: string | undefined,
): Promise<MalformedFileError> {
  let got = `${shards.reduce((sum, { size }) => sum + size, 0)}`;
  for (const [index, shard] of shards.entries()) {
    const head = await readExactly(shard, 0, Math.min(HEAD_BYTES, shard.size), file);
    const is = otherFile(head);
    if (is === undefined) continue;
    got += `; ${quote(paths[index] ?? "")} is ${is}`;
    break;
  }
  const size = `${expected} bytes in ${quote(paths.join(", "))}`;
  return new MalformedFileError("E_TFJS_SIZE", { file, expected: size, got });
}

/** Finds the end of `count` texts, each of which is preceded by its length. */
async function endOfTexts(
  source: ByteSource,
  start: number,
  count: number,
  { paths }: TfjsGroup,
  file: string | undefined,
): Promise<number> {
  let at = start;
  let block: Uint8Array = new Uint8Array(0);
  let blockStart = 0;
  for (let i = 0; i < count; i++) {
    if (at + 4 > source.size) {
      const expected = `${count} texts in ${quote(paths.join(", "))}`;
      throw new MalformedFileError("E_TFJS_SIZE", { file, expected, got: `the end after ${i}` });
    }
    if (at < blockStart || at + 4 > blockStart + block.length) {
      blockStart = at;
      block = await readExactly(source, at, Math.min(TEXT_BLOCK_BYTES, source.size - at), file);
    }
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    at += 4 + view.getUint32(at - blockStart, true);
  }
  return at;
}

function storedWeight(source: ByteSource, weight: TfjsWeight, at: number, file: string | undefined): StoredTensor {
  const { name, shape, dtype, bytes } = weight;
  const count = sizeOf(shape);
  const slice: StoredTensor["slice"] = async (start, end) => {
    expectSlice(start, end, count);
    return valuesOf(await readExactly(source, at + start * bytes, (end - start) * bytes, file), weight);
  };
  return {
    ...{ name, shape, dtype, slice },
    read: async () => namedTensorOf(name, shape, dtype, await slice(0, count)),
    chunks: () => chunksBySlices(count, slice),
  };
}

/** Decodes stored bytes: unchanged, from float16, or as value * scale + min in float64, as tfjs computes it. */
function valuesOf(bytes: Uint8Array, { dtype, quantization }: TfjsWeight): TensorData {
  if (quantization === undefined) return decode(bytes, dtype, true);
  if (quantization.dtype === "float16") {
    const data = decode(bytes, "float16", true);
    return toFloat32({ shape: [data.length], dtype: "float16", data }).data;
  }
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
 * Reads a model. `readShard` returns the bytes of a path; it is called only with paths within the folder of model.json.
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
  return { ...opened, tensors };
}

/**
 * Returns the files of a model: its shards, then model.json. Consume their chunks in this order, each file once.
 *
 * float16 tensors are stored as in tfjs: as float32 with float16 quantization.
 *
 * @throws TypeError, RangeError for an inconsistent tensor, a dtype that tfjs lacks, or an option out of range.
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
    // An incomplete tensor must be found before model.json declares it.
    for await (const _ of shards(count, 0)) yield _;
    yield manifest;
  }
  return [...files, { path: "model.json", chunks: manifestChunks }];
}

/** Splits the concatenated values of all tensors into shards, which must be consumed in order. */
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
    // The end of the stream shows whether the tensor of the last shard is complete.
    if (length === 0) await stream.next();
  };
}

/**
 * Writes a model to memory: its files by path, model.json last.
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

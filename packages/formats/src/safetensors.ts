// .safetensors files: named tensors and text metadata, read whole or in slices, written whole or from streams.
// huggingface/safetensors; the header's checks are in safetensors-header.ts.

import { elementLayouts, sizeOf } from "@fanin/tensor";
import { concatenate, decode, encode } from "./byte-order.ts";
import { type ByteSource, expectSlice, readExactly } from "./byte-source.ts";
import { limitsOf, type ReadOptions } from "./limits.ts";
import {
  parseSafetensorsHeader,
  SAFETENSORS_PREFIX_BYTES,
  type SafetensorsEntry,
  safetensorsHeader,
  safetensorsHeaderLength,
} from "./safetensors-header.ts";
import type { SkippedTensor } from "./skipped-tensor.ts";
import { chunksBySlices } from "./stored-chunks.ts";
import { encodedChunks } from "./streamed-values.ts";
import { type NamedTensor, namedTensorOf, type StoredTensor, type TensorInput } from "./tensor.ts";

/** Text stored with the tensors. */
export type Metadata = Readonly<Record<string, string>> | ReadonlyMap<string, string>;

/** The metadata of a file, its tensors by name in the header's order, and the skipped ones. */
export interface SafetensorsFile<T> {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, T>;
  /** Tensors of an unsupported element type, such as F8_E4M3. */
  readonly skipped: readonly SkippedTensor[];
}

/** Whether a file that starts with `head` is a .safetensors file: the highest byte of a valid header length is 0. */
export function isSafetensors(head: Uint8Array): boolean {
  return head.length > SAFETENSORS_PREFIX_BYTES && head[8] === 0x7b && head[7] === 0;
}

/**
 * Reads a .safetensors file; copies the values out of `bytes`.
 *
 * @throws MalformedFileError with a code E_SAFETENSORS_... or E_JSON_..., before any value is copied.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * readSafetensors(writeSafetensors([bias])).tensors.get("bias")?.data; // => Float32Array(2) [ 1, 2 ]
 */
export function readSafetensors(bytes: Uint8Array, options: ReadOptions = {}): SafetensorsFile<NamedTensor> {
  const { file } = options;
  const length = safetensorsHeaderLength(
    bytes.subarray(0, SAFETENSORS_PREFIX_BYTES),
    bytes.length,
    limitsOf(options),
    file,
  );
  const header = bytes.subarray(SAFETENSORS_PREFIX_BYTES, SAFETENSORS_PREFIX_BYTES + length);
  const { metadata, entries, skipped } = parseSafetensorsHeader(header, bytes.length, options);
  const tensors = new Map<string, NamedTensor>();
  for (const [name, { shape, dtype, start, end }] of entries) {
    tensors.set(name, namedTensorOf(name, shape, dtype, decode(bytes.subarray(start, end), dtype, true)));
  }
  return { metadata, tensors, skipped };
}

/**
 * Opens a .safetensors file of any size; reads only its header.
 *
 * @throws MalformedFileError as {@link readSafetensors} does.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * const { tensors } = await openSafetensors(bytesSource(writeSafetensors([bias])));
 * await tensors.get("bias")?.slice(1, 2); // => Float32Array(1) [ 2 ]
 */
export async function openSafetensors(
  source: ByteSource,
  options: ReadOptions = {},
): Promise<SafetensorsFile<StoredTensor>> {
  const { file } = options;
  const prefix = await readExactly(source, 0, Math.min(SAFETENSORS_PREFIX_BYTES, source.size), file);
  const length = safetensorsHeaderLength(prefix, source.size, limitsOf(options), file);
  const bytes = await readExactly(source, SAFETENSORS_PREFIX_BYTES, length, file);
  const { metadata, entries, skipped } = parseSafetensorsHeader(bytes, source.size, options);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of entries) tensors.set(name, storedEntry(source, name, entry, file));
  return { metadata, tensors, skipped };
}

function storedEntry(
  source: ByteSource,
  name: string,
  entry: SafetensorsEntry,
  file: string | undefined,
): StoredTensor {
  const { shape, dtype } = entry;
  const { bytes } = elementLayouts[dtype];
  const count = sizeOf(shape);
  const slice: StoredTensor["slice"] = async (start, end) => {
    expectSlice(start, end, count);
    return decode(await readExactly(source, entry.start + start * bytes, (end - start) * bytes, file), dtype, true);
  };
  return {
    ...{ name, shape, dtype, slice },
    read: async () => namedTensorOf(name, shape, dtype, await slice(0, count)),
    chunks: () => chunksBySlices(count, slice),
  };
}

/**
 * Writes a .safetensors file; equal tensors in the same order give equal bytes.
 *
 * @throws TypeError, RangeError for an inconsistent tensor, a repeated name, or a dtype that the format lacks (complex128).
 * @example writeSafetensors([{ name: "w", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) }], { seed: "42" });
 */
export function writeSafetensors(tensors: readonly NamedTensor[], metadata: Metadata = {}): Uint8Array<ArrayBuffer> {
  const { header, entries } = safetensorsHeader(tensors, metadata);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return concatenate([header, ...Array.from(entries.keys(), (name) => encode((byName.get(name) as NamedTensor).data))]);
}

/**
 * Yields the same bytes in chunks, for tensors that need not be in memory together. Throws before the first chunk.
 *
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * for await (const chunk of safetensorsChunks([bias])) console.log(chunk.length);
 */
export function safetensorsChunks(
  tensors: readonly TensorInput[],
  metadata: Metadata = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { header, entries } = safetensorsHeader(tensors, metadata);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    yield header;
    for (const name of entries.keys()) yield* encodedChunks(byName.get(name) as TensorInput);
  }
  return chunks();
}

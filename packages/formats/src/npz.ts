// .npz files: a zip archive of .npy files, stored or deflated.
// numpy.savez; zip-reader.ts finds the entries in the central directory and checks all of them before one is inflated.

import { type ByteSource, bytesSource } from "./byte-source.ts";
import { limitsOf, type ReadOptions } from "./limits.ts";
import { MalformedFileError, quote } from "./malformed-file-error.ts";
import { npyChunks, storedNpy } from "./npy.ts";
import { NPY_PREFIX_BYTES, npyHeader, npyHeaderSpan, npyOutline, parseNpyHeader } from "./npy-header.ts";
import { type SkippedTensor, skippedBy, TensorMap } from "./skipped-tensor.ts";
import { byteLengthOf, collect } from "./streamed-values.ts";
import { expectTensors, type NamedTensor, type StoredTensor, type TensorInput } from "./tensor.ts";
import { entryReader } from "./zip-entry.ts";
import { entryNameFault, openZip, type ZipEntry } from "./zip-reader.ts";
import { zipChunks } from "./zip-writer.ts";

/** Options for writing a .npz file. */
export interface NpzOptions {
  /** Deflates the entries, as `numpy.savez_compressed` does. Random weights barely shrink. Defaults to false. */
  readonly compress?: boolean;
}

/** Returns the tensor of an entry, or the reason for skipping it. A wrong checksum is damage and throws. */
async function openMember(
  source: ByteSource,
  entry: ZipEntry,
  options: ReadOptions,
): Promise<StoredTensor | SkippedTensor> {
  const { file } = options;
  const name = entry.name.replace(/\.npy$/, "");
  const where = `${file === undefined ? "" : `${file}, `}entry ${quote(entry.name)}`;
  if (entry.fault !== undefined) return skippedBy(entry.fault, name);
  const reader = entryReader(source, entry, file);
  if (!entry.name.endsWith(".npy")) {
    await reader.verify();
    const why = new MalformedFileError("E_NPZ_ENTRY", {
      file,
      expected: "entries named *.npy",
      got: quote(entry.name),
    });
    return skippedBy(why, entry.name);
  }
  let bytes: Uint8Array = new Uint8Array(0);
  try {
    const prefix = await reader.head(NPY_PREFIX_BYTES);
    const { start, end } = npyHeaderSpan(prefix, entry.size, limitsOf(options), where);
    bytes = (await reader.head(end)).subarray(start, end);
    return storedNpy(name, reader.source, parseNpyHeader(bytes, end, entry.size, where), where, reader);
  } catch (error) {
    if (!(error instanceof MalformedFileError && error.code.startsWith("E_NPY_"))) throw error;
    await reader.verify();
    const { descr, shape } = npyOutline(bytes);
    return skippedBy(error, name, descr, shape);
  }
}

/**
 * Opens a .npz file without reading its values. Tensors have the names of the entries without `.npy`.
 *
 * Entries that are not numeric arrays (text, objects, a README) are listed in `skipped`.
 *
 * @throws MalformedFileError with a code E_ZIP_...; E_NPZ_ENTRY if no entry of a nonempty archive is a .npy file.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * const tensors = await openNpz(bytesSource(await writeNpz([bias])));
 * [...tensors.keys()]; // => [ 'bias' ]
 */
export async function openNpz(source: ByteSource, options: ReadOptions = {}): Promise<TensorMap<StoredTensor>> {
  const { file } = options;
  const entries = await openZip(source, limitsOf(options), file);
  const names = entries.map(({ name }) => name);
  if (names.length > 0 && !names.some((name) => name.endsWith(".npy"))) {
    const got = `a zip archive without .npy files, such as ${quote(names[0] as string)}`;
    throw new MalformedFileError("E_NPZ_ENTRY", { file, expected: "entries named *.npy", got });
  }
  const tensors: [string, StoredTensor][] = [];
  const skipped: SkippedTensor[] = [];
  for (const entry of entries) {
    const member = await openMember(source, entry, options);
    if ("code" in member) skipped.push(member);
    else tensors.push([member.name, member]);
  }
  return new TensorMap(tensors, skipped);
}

/**
 * Reads a .npz file. Checks sizes, ratios and names first, and checksums while inflating.
 *
 * @throws MalformedFileError as {@link openNpz} does.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * const weights = await readNpz(await writeNpz([bias]));
 * weights.get("bias")?.shape; // => [ 2 ]
 */
export async function readNpz(bytes: Uint8Array, options: ReadOptions = {}): Promise<TensorMap<NamedTensor>> {
  const opened = await openNpz(bytesSource(bytes), options);
  const tensors: [string, NamedTensor][] = [];
  for (const [name, tensor] of opened) tensors.push([name, await tensor.read()]);
  return new TensorMap(tensors, opened.skipped);
}

/**
 * Yields the bytes of a .npz file in chunks; equal tensors give equal bytes.
 *
 * @throws TypeError, RangeError for an inconsistent tensor, a dtype that NumPy lacks, or a name that readers reject.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * for await (const chunk of npzChunks([bias])) console.log(chunk.length);
 */
export function npzChunks(
  tensors: readonly TensorInput[],
  options: NpzOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  expectTensors(tensors);
  const items = tensors.map((tensor, index) => {
    const fault = entryNameFault(`${tensor.name}.npy`);
    if (fault !== undefined) {
      throw new RangeError(`tensors[${index}].name: expected a relative path, got ${quote(tensor.name)}, ${fault}`);
    }
    if (new TextEncoder().encode(tensor.name).length > 65000) {
      throw new RangeError(`tensors[${index}].name: expected at most 65000 bytes, got ${quote(tensor.name)}`);
    }
    return {
      name: `${tensor.name}.npy`,
      size: npyHeader(tensor.name, tensor.shape, tensor.dtype).length + byteLengthOf(tensor),
      chunks: () => npyChunks(tensor),
    };
  });
  return zipChunks(items, options.compress ?? false);
}

/**
 * Writes a .npz file.
 *
 * @throws as {@link npzChunks} does.
 * @example await writeNpz([{ name: "w", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) }], { compress: true });
 */
export async function writeNpz(
  tensors: readonly TensorInput[],
  options: NpzOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return collect(npzChunks(tensors, options));
}

// .npz files: a zip archive of .npy files, stored or deflated.
// numpy.savez; entries are found by the central directory and checked by zip-reader.ts before one is inflated.

import { type ByteSource, bytesSource } from "./byte-source.ts";
import { limitsOf, type ReadOptions } from "./limits.ts";
import { MalformedFileError, quote } from "./malformed-file-error.ts";
import { npyChunks, readNpyHeader, storedNpy } from "./npy.ts";
import { npyHeader } from "./npy-header.ts";
import { byteLengthOf, collect } from "./streamed-values.ts";
import { expectTensors, type NamedTensor, type StoredTensor, type TensorInput } from "./tensor.ts";
import { entrySource, readEntry } from "./zip-entry.ts";
import { entryNameFault, openZip } from "./zip-reader.ts";
import { zipChunks } from "./zip-writer.ts";

/** How a .npz file is written. */
export interface NpzOptions {
  /** Deflates the entries, as `numpy.savez_compressed` does; random weights hardly shrink. */
  readonly compress?: boolean;
}

/**
 * Opens a .npz file without reading its values; names are the entries' without `.npy`.
 *
 * @throws MalformedFileError with a code E_ZIP_..., E_NPZ_ENTRY, or E_NPY_... for an entry.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * const tensors = await openNpz(bytesSource(await writeNpz([bias])));
 * [...tensors.keys()]; // => [ 'bias' ]
 */
export async function openNpz(source: ByteSource, options: ReadOptions = {}): Promise<Map<string, StoredTensor>> {
  const { file } = options;
  const tensors = new Map<string, StoredTensor>();
  for (const entry of await openZip(source, limitsOf(options), file)) {
    if (!entry.name.endsWith(".npy")) {
      throw new MalformedFileError("E_NPZ_ENTRY", { file, expected: "entries named *.npy", got: quote(entry.name) });
    }
    const name = entry.name.slice(0, -".npy".length);
    const where = `${file === undefined ? "" : `${file}, `}entry ${quote(entry.name)}`;
    const inside = entrySource(source, entry, file);
    const header = await readNpyHeader(inside, { ...options, file: where });
    tensors.set(
      name,
      storedNpy(name, inside, header, where, () => readEntry(source, entry, file)),
    );
  }
  return tensors;
}

/**
 * Reads a .npz file; sizes, ratios and names are checked first, checksums while inflating.
 *
 * @throws MalformedFileError as {@link openNpz} does.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * const weights = await readNpz(await writeNpz([bias]));
 * weights.get("bias")?.shape; // => [ 2 ]
 */
export async function readNpz(bytes: Uint8Array, options: ReadOptions = {}): Promise<Map<string, NamedTensor>> {
  const tensors = new Map<string, NamedTensor>();
  for (const [name, tensor] of await openNpz(bytesSource(bytes), options)) tensors.set(name, await tensor.read());
  return tensors;
}

/**
 * The bytes of a .npz file, a piece at a time; the same tensors give the same bytes.
 *
 * @throws TypeError, RangeError for a tensor whose parts disagree, a dtype NumPy lacks, or a name no reader would take.
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

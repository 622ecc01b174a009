// .npy files: one unnamed array, read whole or in slices, written whole or from a stream.
// NumPy enhancement proposal 1; Fortran order and big-endian values are read, C order and little-endian are written.

import { type AnyTensor, elementLayouts, sizeOf, type TensorData, tensorOf } from "@fanin/tensor";
import { concatenate, decode, encode } from "./byte-order.ts";
import { type ByteSource, CHUNK_BYTES, expectSlice, readExactly } from "./byte-source.ts";
import { fileOrder, gatherFortran } from "./fortran-order.ts";
import { limitsOf, type ReadOptions } from "./limits.ts";
import { NPY_PREFIX_BYTES, type NpyHeader, npyHeader, npyHeaderSpan, parseNpyHeader } from "./npy-header.ts";
import { CHUNK_ELEMENTS, chunksBySlices, regrouped } from "./stored-chunks.ts";
import { encodedChunks } from "./streamed-values.ts";
import { allocate, expectTensor, namedTensorOf, type StoredTensor, type TensorInput } from "./tensor.ts";
import type { EntryReader } from "./zip-entry.ts";

/** Bytes of one block when a file in Fortran order is reordered. Each block reads the whole file once. */
const FORTRAN_BLOCK_BYTES: number = 2 ** 28;

/** Reads a header from a source; of the values, only the size is checked. */
export async function readNpyHeader(source: ByteSource, options: ReadOptions = {}): Promise<NpyHeader> {
  const prefix = await readExactly(source, 0, Math.min(NPY_PREFIX_BYTES, source.size), options.file);
  const { start, end } = npyHeaderSpan(prefix, source.size, limitsOf(options), options.file);
  return parseNpyHeader(await readExactly(source, start, end - start, options.file), end, source.size, options.file);
}

/** Decodes all values of a file. */
function valuesOf(bytes: Uint8Array, { shape, dtype, littleEndian, fortranOrder }: NpyHeader): TensorData {
  const data = decode(bytes, dtype, littleEndian);
  if (!fortranOrder || shape.length < 2) return data;
  const ordered = allocate(dtype, sizeOf(shape));
  gatherFortran(ordered, data, fileOrder(shape, 0), elementLayouts[dtype].bytes);
  return ordered;
}

/**
 * Reads a .npy file, versions 1 to 3, every numeric dtype, either byte order; Fortran order becomes row-major.
 *
 * @throws MalformedFileError with a code E_NPY_... for everything else, including objects (pickles).
 * @example
 * const bytes = writeNpy({ shape: [2], dtype: "float32", data: Float32Array.of(1, 2) });
 * readNpy(bytes).data; // => Float32Array(2) [ 1, 2 ]
 */
export function readNpy(bytes: Uint8Array, options: ReadOptions = {}): AnyTensor {
  const { start, end } = npyHeaderSpan(
    bytes.subarray(0, NPY_PREFIX_BYTES),
    bytes.length,
    limitsOf(options),
    options.file,
  );
  const header = parseNpyHeader(bytes.subarray(start, end), end, bytes.length, options.file);
  return tensorOf(header.shape, header.dtype, valuesOf(bytes.subarray(end), header));
}

/** Makes the tensor of an opened file; `entry` is its archive entry, if `source` is one. */
export function storedNpy(
  name: string,
  source: ByteSource,
  header: NpyHeader,
  file?: string,
  entry?: EntryReader,
): StoredTensor {
  const { shape, dtype, littleEndian, fortranOrder, dataOffset } = header;
  const { bytes } = elementLayouts[dtype];
  const count = sizeOf(shape);
  const isScattered = fortranOrder && shape.length > 1;

  /** A row-major slice is scattered over a Fortran file: reads the file once and keeps the elements of the slice. */
  async function sliceFortran(start: number, end: number): Promise<TensorData> {
    const slice = allocate(dtype, end - start);
    const step = Math.floor(CHUNK_BYTES / bytes);
    const order = fileOrder(shape, start);
    for (let at = 0; at < count; at += step) {
      const length = Math.min(step, count - at) * bytes;
      const chunk = decode(await readExactly(source, dataOffset + at * bytes, length, file), dtype, littleEndian);
      gatherFortran(slice, chunk, order, bytes);
    }
    return slice;
  }

  async function slice(start: number, end: number): Promise<TensorData> {
    expectSlice(start, end, count);
    if (start === end) return allocate(dtype, 0);
    if (isScattered) return sliceFortran(start, end);
    const piece = await readExactly(source, dataOffset + start * bytes, (end - start) * bytes, file);
    return decode(piece, dtype, littleEndian);
  }

  async function* streamed(from: EntryReader): AsyncGenerator<TensorData, void, undefined> {
    for await (const piece of regrouped(from.chunks(), dataOffset, CHUNK_ELEMENTS * bytes)) {
      yield decode(piece, dtype, littleEndian);
    }
  }

  return {
    name,
    shape,
    dtype,
    slice,
    chunks() {
      if (isScattered) return chunksBySlices(count, slice, Math.floor(FORTRAN_BLOCK_BYTES / bytes));
      return entry ? streamed(entry) : chunksBySlices(count, slice);
    },
    async read() {
      const values = entry
        ? (await entry.whole()).subarray(dataOffset)
        : await readExactly(source, dataOffset, count * bytes, file);
      return namedTensorOf(name, shape, dtype, valuesOf(values, header));
    },
  };
}

/**
 * Opens a .npy file without reading its values. `name` names the tensor, because the file does not.
 *
 * @throws MalformedFileError as {@link readNpy} does.
 * @example
 * const bytes = writeNpy({ shape: [2, 3], dtype: "float32", data: new Float32Array(6) });
 * (await openNpy(bytesSource(bytes), "kernel")).shape; // => [ 2, 3 ]
 */
export async function openNpy(source: ByteSource, name: string, options: ReadOptions = {}): Promise<StoredTensor> {
  return storedNpy(name, source, await readNpyHeader(source, options), options.file);
}

/**
 * Writes a .npy file, version 1.0, little-endian, C order, as `numpy.save` does.
 *
 * @throws TypeError, RangeError for an inconsistent tensor; RangeError for bfloat16, which NumPy lacks.
 * @example writeNpy({ shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) });
 */
export function writeNpy(tensor: AnyTensor): Uint8Array<ArrayBuffer> {
  expectTensor("tensor", tensor);
  return concatenate([npyHeader("", tensor.shape, tensor.dtype), encode(tensor.data)]);
}

/**
 * Yields the same bytes in chunks, for a tensor that need not be in memory. Throws before the first chunk.
 *
 * @example
 * let size = 0;
 * for await (const chunk of npyChunks({ shape: [2], dtype: "float32", data: Float32Array.of(1, 2) })) size += chunk.length;
 * size; // => 136
 */
export function npyChunks(tensor: AnyTensor | TensorInput): AsyncGenerator<Uint8Array, void, undefined> {
  expectTensor("tensor", tensor);
  const named: TensorInput = "name" in tensor ? tensor : { ...tensor, name: "" };
  const header = npyHeader(named.name, named.shape, named.dtype);
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    yield header;
    yield* encodedChunks(named);
  }
  return chunks();
}

// A data set of an HDF5 file as a stored tensor: its element type, and boxes of it for slices of flat elements.

import { type AnyDType, elementLayouts, type Shape, sizeOf, type TensorData } from "@fanin/tensor";
import { decode } from "../byte-order.ts";
import { expectSlice } from "../byte-source.ts";
import { MalformedFileError } from "../malformed-file-error.ts";
import { type SkippedTensor, skippedBy } from "../skipped-tensor.ts";
import { CHUNK_ELEMENTS, chunksBySlices } from "../stored-chunks.ts";
import { allocate, namedTensorOf, type StoredTensor } from "../tensor.ts";
import { type Hdf5File, hdf5Classes } from "./hdf5-file.ts";
import type { Hdf5Metadata } from "./hdf5-module.ts";

/** Bytes that the library reads at once; its memory does not shrink. */
const PIECE_BYTES: number = 2 ** 22;

const integers: Readonly<Record<string, AnyDType>> = {
  "1true": "int8",
  "2true": "int16",
  "4true": "int32",
  "8true": "int64",
  "1false": "uint8",
  "2false": "uint16",
  "4false": "uint32",
  "8false": "uint64",
};

const floats: Readonly<Record<number, AnyDType>> = { 2: "float16", 4: "float32", 8: "float64" };

/** Returns the element type, or its name if it cannot be computed with; Keras names bfloat16 in an attribute. */
function dtypeOf(metadata: Hdf5Metadata, named: string | undefined): AnyDType | { readonly other: string } {
  const { type, size, signed, littleEndian } = metadata;
  const { integer, float, opaque, compound, enumeration, string } = hdf5Classes;
  if (size === 2 && named === "bfloat16" && (type === opaque || type === float)) return "bfloat16";
  if (type === integer) return integers[`${size}${signed}`] ?? { other: `an integer of ${size} bytes` };
  if (type === float) return floats[size] ?? { other: `a float of ${size} bytes` };
  if (type === string) return { other: "text" };
  if (type === opaque) return { other: `opaque values of ${size} bytes` };
  if (type === enumeration) {
    const members = Object.entries(metadata.enum_type?.members ?? {}).sort(([, a], [, b]) => a - b);
    const isBool = size === 1 && members.map(([name, value]) => `${name}=${value}`).join() === "FALSE=0,TRUE=1";
    return isBool ? "bool" : { other: "an enumeration" };
  }
  if (type === compound) {
    const parts = metadata.compound_type?.members ?? [];
    const isComplex =
      parts.length === 2 &&
      parts.every((part, i) => part.type === float && part.littleEndian && part.offset === (i * size) / 2) &&
      parts.map(({ name }) => name).join() === "r,i";
    if (isComplex && (littleEndian || size === 8 || size === 16)) {
      if (size === 8) return "complex64";
      if (size === 16) return "complex128";
    }
    return { other: "a compound of fields" };
  }
  return { other: `elements of the class ${type}` };
}

/** A part of a tensor that is a box. */
interface Box {
  readonly offset: readonly number[];
  readonly count: readonly number[];
  readonly elements: number;
}

/** Divides the flat elements from `start` up to `end` into boxes of at most `most` elements. */
export function* boxesOf(shape: Shape, start: number, end: number, most: number): Generator<Box, void, undefined> {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  let at = start;
  while (at < end) {
    const room = Math.min(end - at, most);
    const axis = strides.findIndex((stride) => at % stride === 0 && stride <= room);
    if (axis < 0) {
      yield { offset: [], count: [], elements: 1 };
      return;
    }
    const offset = shape.map((dimension, i) => Math.floor(at / (strides[i] as number)) % dimension);
    const stride = strides[axis] as number;
    const rows = Math.min((shape[axis] as number) - (offset[axis] as number), Math.floor(room / stride));
    const count = shape.map((dimension, i) => (i < axis ? 1 : i === axis ? rows : dimension));
    yield { offset, count, elements: rows * stride };
    at += rows * stride;
  }
}

/** Opens a data set as a tensor, or says why it is skipped; `completed` is called when all its values were read. */
export function openHdf5Tensor(
  file: Hdf5File,
  path: string,
  name: string,
  completed: () => Promise<void>,
): StoredTensor | SkippedTensor {
  const metadata = file.dataset(path);
  const hasName = metadata.size === 2 && file.attributeNames(path).includes("dtype");
  const dtype = dtypeOf(metadata, hasName ? file.attribute(path, "dtype").texts?.[0] : undefined);
  const shape = metadata.shape ?? [];
  const skip = (expected: string, got: string): SkippedTensor => {
    const fault = new MalformedFileError("E_HDF5_DTYPE", { file: file.file, tensor: name, expected, got });
    return skippedBy(fault, name, got, shape);
  };
  if (metadata.shape === null) return skip("values", "an empty data space");
  if (typeof dtype === "object") return skip("numbers", dtype.other);

  const { bytes } = elementLayouts[dtype];
  const count = sizeOf(shape);
  const most = Math.max(1, Math.floor(PIECE_BYTES / bytes));

  async function slice(start: number, end: number): Promise<TensorData> {
    expectSlice(start, end, count);
    const values = allocate(dtype as AnyDType, end - start);
    const target = new Uint8Array(values.buffer);
    let at = 0;
    for (const { offset, count: box, elements } of boxesOf(shape, start, end, most)) {
      const piece = decode(file.read(path, elements * bytes, offset, box), dtype as AnyDType, true);
      target.set(new Uint8Array(piece.buffer), at);
      at += elements * bytes;
    }
    return values;
  }

  /** Elements of one chunk: whole rows of the file's own chunks, so that each is inflated once. */
  function step(): number {
    const rows = metadata.chunks?.[0];
    const [first = 1] = shape;
    if (rows === undefined || first === 0) return CHUNK_ELEMENTS;
    const unit = rows * (count / first);
    return unit > 16 * CHUNK_ELEMENTS ? CHUNK_ELEMENTS : unit * Math.max(1, Math.floor(CHUNK_ELEMENTS / unit));
  }

  async function* chunks(): AsyncGenerator<TensorData, void, undefined> {
    yield* chunksBySlices(count, slice, step());
    await completed();
  }

  return {
    name,
    shape,
    dtype,
    slice,
    chunks,
    async read() {
      const data = await slice(0, count);
      await completed();
      return namedTensorOf(name, shape, dtype, data);
    },
  };
}

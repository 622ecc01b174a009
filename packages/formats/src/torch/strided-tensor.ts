// A lazy tensor over a storage: contiguous ranges are read as they lie, other views are gathered from the span they touch.

import { type AnyDType, elementLayouts, sizeOf, type TensorData } from "@fanin/tensor";
import { decode } from "../byte-order.ts";
import { type ByteSource, expectSlice, readExactly } from "../byte-source.ts";
import { chunksBySlices } from "../stored-chunks.ts";
import { namedTensorOf, type StoredTensor } from "../tensor.ts";

/** Where the values of a tensor lie. */
export interface StridedView {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: AnyDType;
  /** In elements. */
  readonly strides: readonly number[];
  /** The first element, in elements of the storage. */
  readonly offset: number;
  /** The bytes of the storage. */
  readonly source: ByteSource;
  readonly isLittleEndian: boolean;
}

/** Bytes of a storage that are read at once while a view is gathered. */
const SPAN_BYTES = 32 * 2 ** 20;

/** Whether the elements follow each other in row-major order. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** The number of elements from the first to the last one of a view; 0 for an empty one. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] as number), 1);
}

/** The offset of each element from `start` to `end`, in elements. */
function offsetsOf({ shape, strides, offset }: StridedView, start: number, end: number): Float64Array {
  const index = new Array<number>(shape.length).fill(0);
  let rest = start;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  let at = index.reduce((sum, value, axis) => sum + value * (strides[axis] as number), offset);
  const offsets = new Float64Array(end - start);
  for (let i = 0; i < offsets.length; i++) {
    offsets[i] = at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      at += strides[axis] as number;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      at -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return offsets;
}

/** Gathers the elements from `start` to `end`: reads the span that they touch in pieces. */
async function gather(view: StridedView, start: number, end: number, file?: string): Promise<Uint8Array> {
  const { bytes } = elementLayouts[view.dtype];
  const offsets = offsetsOf(view, start, end);
  const gathered = new Uint8Array(offsets.length * bytes);
  if (offsets.length === 0) return gathered;
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const at of offsets) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  const piece = Math.floor(SPAN_BYTES / bytes);
  for (let from = first; from <= last; from += piece) {
    const to = Math.min(last + 1, from + piece);
    const span = await readExactly(view.source, from * bytes, (to - from) * bytes, file);
    for (let i = 0; i < offsets.length; i++) {
      const at = ((offsets[i] as number) - from) * bytes;
      if (at < 0 || at >= span.length) continue;
      for (let b = 0; b < bytes; b++) gathered[i * bytes + b] = span[at + b] as number;
    }
  }
  return gathered;
}

/** Makes the tensor; the view lies within its storage. */
export function stridedTensor(view: StridedView, file?: string): StoredTensor {
  const { name, shape, dtype, strides, offset, source, isLittleEndian } = view;
  const count = sizeOf(shape);
  const { bytes } = elementLayouts[dtype];
  const isDense = isContiguous(shape, strides);
  const slice: StoredTensor["slice"] = async (start, end): Promise<TensorData> => {
    expectSlice(start, end, count);
    const raw = isDense
      ? await readExactly(source, (offset + start) * bytes, (end - start) * bytes, file)
      : await gather(view, start, end, file);
    return decode(raw, dtype, isLittleEndian);
  };
  return {
    ...{ name, shape, dtype, slice },
    read: async () => namedTensorOf(name, shape, dtype, await slice(0, count)),
    chunks: () => chunksBySlices(count, slice),
  };
}

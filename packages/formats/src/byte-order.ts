// Converts bytes of a file to typed arrays and back. Files are little-endian by default.

import { type AnyArrayOf, type AnyDType, elementLayouts, type TensorData } from "@fanin/tensor";
import { allocate } from "./tensor.ts";

/** Whether this machine is little-endian. */
const HOST_LITTLE: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Reverses the bytes of every unit, in place. */
function swapUnits(bytes: Uint8Array, unit: number): void {
  for (let start = 0; start + unit <= bytes.length; start += unit) bytes.subarray(start, start + unit).reverse();
}

/** Copies `bytes` to an array of `dtype`; `bytes` holds whole elements. */
export function decode<D extends AnyDType>(
  bytes: Uint8Array,
  dtype: D,
  littleEndian: boolean,
): AnyArrayOf<ArrayBuffer>[D] {
  const { bytes: size, unit } = elementLayouts[dtype];
  const data = allocate(dtype, bytes.length / size);
  const target = new Uint8Array(data.buffer);
  target.set(bytes);
  if (unit > 1 && littleEndian !== HOST_LITTLE) swapUnits(target, unit);
  return data;
}

/** Returns the values as little-endian bytes; shares the memory of `data` on little-endian machines. */
export function encode(data: TensorData): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (HOST_LITTLE || data.BYTES_PER_ELEMENT === 1) return bytes;
  const swapped = bytes.slice();
  swapUnits(swapped, data.BYTES_PER_ELEMENT);
  return swapped;
}

/** Joins arrays of bytes. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

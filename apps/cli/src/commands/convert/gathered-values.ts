// Tensors of OUT that are made of parts of tensors of IN: elements picked by offsets, joined or added.
// The tensors of IN that a tensor is made of are in memory one at a time, or all if they are added.

import type { StoredTensor } from "@fanin/formats";
import {
  type AnyDType,
  bfloat16FromFloat32,
  elementLayouts,
  float16FromFloat32,
  type Shape,
  sizeOf,
  type TensorData,
} from "@fanin/tensor";
import { realValues } from "../../values/real-values.ts";

/** Elements of one chunk. */
const CHUNK = 2 ** 20;

/** Elements of a tensor of IN: for each axis the offsets of its positions, which add up. */
export interface Gather {
  readonly from: string;
  readonly axes: readonly (readonly number[])[];
}

/** A tensor of OUT that is made of tensors of IN. */
export interface MadeTensor {
  readonly name: string;
  readonly shape: Shape;
  /** The parts, one after the other, or added. Without any, the values are zeros. */
  readonly gathers: readonly Gather[];
  readonly isSum?: boolean;
}

/** Returns `count` offsets from `start` on, `stride` apart. */
export function offsets(count: number, stride = 1, start = 0): number[] {
  return Array.from({ length: count }, (_, i) => start + i * stride);
}

/** Yields the picked elements in chunks; `parts` array elements make one element. */
function* picked(data: TensorData, axes: Gather["axes"], parts: number): Generator<TensorData, void, undefined> {
  const last = axes.at(-1) ?? [0];
  const outer = axes.slice(0, -1);
  const rows = outer.reduce((product, axis) => product * axis.length, 1);
  if (rows * last.length === 0) return;
  const Kind = data.constructor as new (length: number) => TensorData;
  const perChunk = Math.max(1, Math.floor(CHUNK / last.length));
  for (let first = 0; first < rows; first += perChunk) {
    const count = Math.min(perChunk, rows - first);
    const chunk = new Kind(count * last.length * parts);
    for (let row = 0; row < count; row++) {
      let [base, rest] = [0, first + row];
      for (let axis = outer.length - 1; axis >= 0; axis--) {
        const positions = outer[axis] as readonly number[];
        base += positions[rest % positions.length] as number;
        rest = Math.floor(rest / positions.length);
      }
      for (let k = 0; k < last.length; k++) {
        const [target, source] = [(row * last.length + k) * parts, (base + (last[k] as number)) * parts];
        for (let part = 0; part < parts; part++) chunk[target + part] = data[source + part] as never;
      }
    }
    yield chunk;
  }
}

/** Rounds sums to an element type. */
function rounded(dtype: AnyDType, sums: Float64Array): TensorData {
  if (dtype === "float64") return sums as Float64Array<ArrayBuffer>;
  const single = Float32Array.from(sums);
  if (dtype === "float32") return single;
  return Uint16Array.from(single, dtype === "float16" ? float16FromFloat32 : bfloat16FromFloat32);
}

/** Whether values of an element type can be added. */
export const canAdd = (dtype: AnyDType): boolean =>
  dtype === "float64" || dtype === "float32" || dtype === "float16" || dtype === "bfloat16";

/** Yields the values of a tensor of OUT in chunks; `sources` are tensors of IN of one element type. */
export async function* gatheredValues(
  { shape, gathers, isSum = false }: MadeTensor,
  dtype: AnyDType,
  sources: ReadonlyMap<string, StoredTensor>,
): AsyncGenerator<TensorData, void, undefined> {
  const { array, bytes, unit } = elementLayouts[dtype];
  const parts = bytes / unit;
  const read = async (name: string): Promise<TensorData> => (await (sources.get(name) as StoredTensor).read()).data;
  if (gathers.length === 0) {
    for (let left = sizeOf(shape); left > 0; left -= CHUNK) yield new array(Math.min(left, CHUNK) * parts);
    return;
  }
  if (!isSum) {
    for (const { from, axes } of gathers) yield* picked(await read(from), axes, parts);
    return;
  }
  const sums = new Float64Array(sizeOf(shape));
  for (const { from, axes } of gathers) {
    let start = 0;
    for (const piece of picked(await read(from), axes, parts)) {
      const values = realValues(dtype, piece);
      for (let i = 0; i < values.length; i++) sums[start + i] = (sums[start + i] as number) + (values[i] as number);
      start += values.length;
    }
  }
  yield rounded(dtype, sums);
}

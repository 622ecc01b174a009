// Recognises structured kernels: identities, orthogonal matrices, ZerO, ICNR, sparse ones.
// Source: Saxe 2014; Xiao 2018 (delta-orthogonal); Zhao 2022 (ZerO); Aitken 2017 (ICNR); Martens 2010 (sparse).

import { sizeOf } from "@fanin/tensor";
import type { Layout } from "./layout.ts";
import { type UnitMatrix, unitMatrix, type Values } from "./weight-tensor.ts";

/** The name of a structured kernel and its factor. */
export interface StructuredFamily {
  readonly name: "identity" | "dirac" | "delta_orthogonal" | "orthogonal" | "zero";
  readonly description: string;
  readonly gain: number;
}

/** Float32 QR has errors of about 1e-6; bfloat16 rounds each product to 2^-9, and many errors average out. */
const TOLERANCE = 2e-3;
const MAX_VECTORS = 48;

const at = ({ values, inputStride, unitStride }: UnitMatrix, i: number, u: number): number =>
  values[i * inputStride + u * unitStride] as number;

/** The gain of a full or partial identity; undefined for any other matrix. */
function identityGain(matrix: UnitMatrix): number | undefined {
  const gain = at(matrix, 0, 0);
  if (gain === 0) return undefined;
  for (let u = 0; u < matrix.units; u++) {
    for (let i = 0; i < matrix.inputs; i++) if (at(matrix, i, u) !== (i === u ? gain : 0)) return undefined;
  }
  return gain;
}

/** The sign of an entry of the Sylvester-Hadamard matrix: minus if the number of common bits is odd. */
function hadamardSign(row: number, column: number): number {
  let bits = row & column;
  for (const shift of [16, 8, 4, 2, 1]) bits ^= bits >>> shift;
  return (bits & 1) === 1 ? -1 : 1;
}

/** The factor of a truncated Hadamard matrix, which ZerO uses for a widening layer. */
function hadamardGain(matrix: UnitMatrix): number | undefined {
  const gain = at(matrix, 0, 0);
  if (!(gain > 0) || matrix.units <= matrix.inputs || matrix.inputs < 2) return undefined;
  for (let u = 0; u < matrix.units; u++) {
    for (let i = 0; i < matrix.inputs; i++) {
      if (Math.abs(at(matrix, i, u) - gain * hadamardSign(u, i)) > 1e-3 * gain) return undefined;
    }
  }
  return gain;
}

/** The common length of the columns, or of the rows if there are fewer, if they are orthogonal to each other. */
function orthogonalGain(matrix: UnitMatrix): number | undefined {
  const byUnits = matrix.units <= matrix.inputs;
  const [vectors, length] = byUnits ? [matrix.units, matrix.inputs] : [matrix.inputs, matrix.units];
  if (vectors < 2) return undefined;
  const get = (k: number, j: number) => (byUnits ? at(matrix, j, k) : at(matrix, k, j));
  // A sample is enough: independent random vectors are never this close to orthogonal.
  const chosen = Array.from({ length: Math.min(vectors, MAX_VECTORS) }, (_, k) =>
    Math.floor((k * vectors) / Math.min(vectors, MAX_VECTORS)),
  );
  const product = (a: number, b: number): number => {
    let sum = 0;
    for (let j = 0; j < length; j++) sum += get(a, j) * get(b, j);
    return sum;
  };
  const square = product(chosen[0] ?? 0, chosen[0] ?? 0);
  if (!(square > 0)) return undefined;
  for (const [k, a] of chosen.entries()) {
    for (let m = 0; m <= k; m++) {
      const expected = m === k ? 1 : 0;
      if (Math.abs(product(a, chosen[m] ?? 0) / square - expected) > TOLERANCE) return undefined;
    }
  }
  return Math.sqrt(square);
}

const gainText = (gain: number): string =>
  Math.abs(gain - 1) < 1e-3 ? "" : `, gain ${Number(Math.abs(gain).toPrecision(4))}`;

/** The centre tap of a convolution kernel as (in, out); undefined if another tap is not zero. */
function centreTap(values: Values, shape: readonly number[], layout: Layout): UnitMatrix | undefined {
  const field = layout === "keras" ? shape.slice(0, -2) : shape.slice(2);
  const [a = 1, b = 1] = layout === "keras" ? shape.slice(-2) : shape;
  const taps = sizeOf(field);
  if (taps < 2) return undefined;
  // PyTorch's dirac uses tap k/2 and JAX's delta-orthogonal (k-1)/2, which differ for even sizes, so both are tried.
  for (const centreOf of [(k: number) => (k - 1) >> 1, (k: number) => k >> 1]) {
    const centre = field.reduce((index, k) => index * k + centreOf(k), 0);
    const tap = new Float64Array(a * b);
    for (let j = 0; j < a * b; j++) {
      tap[j] = values[layout === "keras" ? centre * a * b + j : j * taps + centre] as number;
    }
    let outside = 0;
    for (const value of values) if (value !== 0) outside++;
    for (const value of tap) if (value !== 0) outside--;
    if (outside === 0) return unitMatrix(tap, [a, b], layout);
  }
  return undefined;
}

/**
 * The structured family of a kernel (of rank 2 or more, at least two units and two inputs, not all equal); undefined if
 * it has none.
 */
export function structuredFamily(
  values: Values,
  shape: readonly number[],
  layout: Layout,
): StructuredFamily | undefined {
  const matrix = unitMatrix(values, shape, layout);
  if (matrix.units < 2 || matrix.inputs < 2) return undefined;
  const tap = shape.length > 2 ? centreTap(values, shape, layout) : undefined;
  if (tap) {
    const dirac = identityGain(tap);
    if (dirac !== undefined) return { name: "dirac", description: `dirac${gainText(dirac)}`, gain: dirac };
    const gain = orthogonalGain(tap);
    if (gain !== undefined) {
      return { name: "delta_orthogonal", description: `delta-orthogonal${gainText(gain)}`, gain };
    }
    const zero = hadamardGain(tap);
    return zero === undefined ? undefined : { name: "zero", description: "ZerO (Hadamard)", gain: zero };
  }
  const identity = identityGain(matrix);
  if (identity !== undefined) {
    return { name: "identity", description: `identity${gainText(identity)}`, gain: identity };
  }
  const hadamard = hadamardGain(matrix);
  if (hadamard !== undefined) return { name: "zero", description: "ZerO (Hadamard)", gain: hadamard };
  const gain = orthogonalGain(matrix);
  return gain === undefined ? undefined : { name: "orthogonal", description: `orthogonal${gainText(gain)}`, gain };
}

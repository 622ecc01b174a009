// Finds units of a layer with the same weights, and the number of directions that a kernel uses.
// Source: table T14 of papers/: equal to 1e-3, because rounding separates symmetric units; Saxe 2014 for directions.

import type { UnitMatrix } from "./weight-tensor.ts";

/** The equal units of a layer. */
export interface UnitSymmetry {
  readonly units: number;
  /** The number of sets of equal units; a unit without a duplicate is its own set. */
  readonly distinct: number;
  /** The number of units with at least one duplicate. */
  readonly twins: number;
  /** The size of the largest set. */
  readonly largest: number;
  /** The common size of all sets, if there is one. */
  readonly multiplicity: number | null;
}

/** Units whose weights differ by less than this share of their norm count as equal. */
const SYMMETRY_TOLERANCE = 1e-3;

const MAX_DIRECTIONS = 128;

/** A projection direction, ±1 by a hash of the index: only units with similar projections need a comparison. */
function sign(i: number): number {
  let bits = Math.imul(i + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  return ((bits ^ (bits >>> 13)) & 1) === 0 ? 1 : -1;
}

/** Finds the equal units; all zero units are equal. */
export function unitSymmetry({ values, inputs, units, inputStride, unitStride }: UnitMatrix): UnitSymmetry {
  const projection = new Float64Array(units);
  const length = new Float64Array(units);
  for (let u = 0; u < units; u++) {
    let [sum, square] = [0, 0];
    for (let i = 0; i < inputs; i++) {
      const value = values[i * inputStride + u * unitStride] as number;
      sum += sign(i) * value;
      square += value * value;
    }
    projection[u] = sum;
    length[u] = Math.sqrt(square);
  }
  const isSame = (a: number, b: number): boolean => {
    const bound = (SYMMETRY_TOLERANCE * Math.max(length[a] ?? 0, length[b] ?? 0)) ** 2;
    let square = 0;
    for (let i = 0; i < inputs; i++) {
      const [left, right] = [values[i * inputStride + a * unitStride], values[i * inputStride + b * unitStride]];
      square += ((left as number) - (right as number)) ** 2;
      if (square > bound) return false;
    }
    return true;
  };
  const order = Array.from({ length: units }, (_, u) => u).sort((a, b) => (projection[a] ?? 0) - (projection[b] ?? 0));
  // The first unit represents its set. A unit is compared with the sets whose projection can be within the bound.
  const sets: { first: number; size: number }[] = [];
  const reach = SYMMETRY_TOLERANCE * Math.sqrt(inputs);
  for (const u of order) {
    let found: { first: number; size: number } | undefined;
    for (let s = sets.length - 1; s >= 0 && !found; s--) {
      const set = sets[s] as { first: number; size: number };
      const distance = (projection[u] ?? 0) - (projection[set.first] ?? 0);
      if (distance > reach * Math.max(length[u] ?? 0, length[set.first] ?? 0)) {
        // The following sets are further away. A longer unit there could reach, but is not equal in length.
        break;
      }
      if (isSame(u, set.first)) found = set;
    }
    if (found) found.size++;
    else sets.push({ first: u, size: 1 });
  }
  const sizes = sets.map(({ size }) => size);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  return {
    units,
    distinct: sets.length,
    twins: sizes.reduce((sum, size) => sum + (size > 1 ? size : 0), 0),
    largest,
    multiplicity: sizes.every((size) => size === largest) ? largest : null,
  };
}

/**
 * The effective rank of a kernel: the participation ratio (Σ s²)² / Σ s⁴ of its singular values, over at most 128 of its
 * units. A Gaussian kernel of n inputs and u units has about n u / (n + u); equal units have 1.
 */
export function effectiveRank({ values, inputs, units, inputStride, unitStride }: UnitMatrix): number {
  const chosen = Math.min(units, MAX_DIRECTIONS);
  const columns = Array.from({ length: chosen }, (_, k) => {
    const u = Math.floor((k * units) / chosen);
    return Float64Array.from({ length: inputs }, (_, i) => values[i * inputStride + u * unitStride] as number);
  });
  let [trace, squares] = [0, 0];
  for (const [k, column] of columns.entries()) {
    for (let m = 0; m <= k; m++) {
      const other = columns[m] as Float64Array;
      let product = 0;
      for (let i = 0; i < inputs; i++) product += (column[i] as number) * (other[i] as number);
      if (m === k) trace += product;
      squares += (m === k ? 1 : 2) * product * product;
    }
  }
  return squares === 0 ? 0 : trace ** 2 / squares;
}

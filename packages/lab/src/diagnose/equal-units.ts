// The findings on units of a layer that have the same weights.
// Source: the papers' table T14; T16 and Zhao 2022 for ZerO, whose equal units are meant; Aitken 2017 for ICNR's copies.

import { type Finding, finding } from "./finding.ts";
import type { UnitSymmetry } from "./unit-symmetry.ts";

/** One layer's units. */
export interface EqualUnits {
  readonly where: readonly string[];
  readonly symmetry: UnitSymmetry;
  readonly effectiveRank: number;
  /** Whether the kernel is ZerO's, which breaks the symmetry by its Hadamard matrix. */
  readonly isZerO: boolean;
  readonly isConvolution: boolean;
  /** The number that all weights are, if they are one. */
  readonly constant: number | null;
  readonly notes: readonly string[];
}

/** Copies that ICNR makes of each channel: squares of the factor of enlargement. */
const ICNR = [4, 9, 16];

/** Nothing, a note on copies that are meant, a warning on some twins, or an error where half of the units are equal. */
export function equalUnits({
  where,
  symmetry,
  effectiveRank,
  isZerO,
  isConvolution,
  constant,
  notes,
}: EqualUnits): Finding[] {
  const { units, distinct, twins, largest, multiplicity } = symmetry;
  if (isZerO || twins === 0 || units < 2) return [];
  if (isConvolution && multiplicity !== null && multiplicity < units && ICNR.includes(multiplicity)) {
    const found = `every channel comes ${multiplicity} times, as ICNR makes them before a pixel shuffle`;
    return [finding("W303", { where, found, severity: "note", numbers: { multiplicity } })];
  }
  const numbers = { units, distinct, twins, largest, effectiveRank };
  const rank = Number(effectiveRank.toPrecision(3));
  const all = constant === null ? "" : `all weights are ${Number(constant.toPrecision(4))}; `;
  const found = `${all}${distinct} of ${units} units ${distinct === 1 ? "is" : "are"} distinct (to 1e-3); effective rank ${rank}`;
  return [finding(2 * twins < units ? "W303" : "E301", { where, found, numbers, notes })];
}

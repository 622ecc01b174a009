// The findings on units of a layer with the same weights.
// Source: tables T14 and T16 of papers/; Zhao 2022 for ZerO, whose equal units are intended; Aitken 2017 for ICNR's copies.

import { type Finding, finding } from "./finding.ts";
import type { UnitSymmetry } from "./unit-symmetry.ts";

/** The units of one layer. */
export interface EqualUnits {
  readonly where: readonly string[];
  readonly symmetry: UnitSymmetry;
  readonly effectiveRank: number;
  /** Whether the kernel is ZerO's. Its Hadamard matrix breaks the symmetry. */
  readonly isZerO: boolean;
  readonly isConvolution: boolean;
  /** The common value of all weights, if there is one. */
  readonly constant: number | null;
  readonly notes: readonly string[];
}

/** The numbers of copies that ICNR makes of each channel: squares of the upscaling factor. */
const ICNR = [4, 9, 16];

/** No finding, a note on intended copies, a warning on some duplicates, or an error if half of the units are equal. */
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
    const found = `every channel occurs ${multiplicity} times, as ICNR makes it before a pixel shuffle`;
    return [finding("W303", { where, found, severity: "note", numbers: { multiplicity } })];
  }
  const numbers = { units, distinct, twins, largest, effectiveRank };
  const rank = Number(effectiveRank.toPrecision(3));
  const all = constant === null ? "" : `all weights are ${Number(constant.toPrecision(4))}; `;
  const found = `${all}${distinct} of ${units} units ${distinct === 1 ? "is" : "are"} distinct (to 1e-3); effective rank ${rank}`;
  return [finding(2 * twins < units ? "W303" : "E301", { where, found, numbers, notes })];
}

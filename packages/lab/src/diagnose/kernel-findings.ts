// The faults of the kernels of a weight file, each judged as a part of its network: dead, symmetric, exploded, damaged.
// Source: the papers of codes.ts; tables T14 and T16 of papers/ for symmetry.

import type { Severity } from "./codes.ts";
import { equalUnits } from "./equal-units.ts";
import { type Finding, finding } from "./finding.ts";
import type { InspectedTensor } from "./inspect-tensor.ts";
import { type FileRecipes, followsRecipe } from "./recipes.ts";
import type { TrainingState } from "./training-state.ts";

/** The facts about other tensors that the checks of one tensor use. */
export interface Surroundings {
  readonly tensors: readonly InspectedTensor[];
  readonly chain: readonly InspectedTensor[] | null;
  readonly residual: boolean | undefined;
  readonly isNormalized: boolean;
  /** Names of kernels that are tied to an embedding, and so have its variance. */
  readonly tied: ReadonlySet<string>;
  readonly states: ReadonlyMap<string, TrainingState>;
  readonly recipes: FileRecipes;
}

/** Outside these bounds, a unit's output is eight times too small or too large for any activation. */
const LOWEST_SCALE = 1 / 8;
const HIGHEST_SCALE = 8;
/** Normalization undoes a wrong scale until values overflow, attention picks one token, or rounding dominates. */
const LOWEST_NORMALIZED = 1e-8;
const HIGHEST_NORMALIZED = 64;
/** Above these, one layer multiplies its input by a hundred, or by a thousand for trained weights. */
const EXPLODED = 1e4;
const EXPLODED_TRAINED = 1e6;
const FEWEST = 16;
const OFF_CENTRE = 0.5;
const SIGNIFICANT = 4.9; // standard errors: two-sided 1e-6 of a normal
const SHARE_OF_DIRECTIONS = 0.04;

const short = (value: number): string => String(Number(value.toPrecision(3)));

export function isKernel({ report }: InspectedTensor): boolean {
  return report.role === "kernel" || report.role === "recurrent" || report.role === "depthwise";
}

/** Whether all values are one number. */
function isOneNumber({ report }: InspectedTensor): boolean {
  const kind = report.family?.kind;
  return kind === "zeros" || kind === "ones" || kind === "constant";
}

/** Whether a tensor is a kernel: by its name, by its bias, or because it is too large for anything else. */
function isKnownKernel({ part, tensor }: InspectedTensor): boolean {
  return part.evidence !== "assumed" || tensor.count >= FEWEST;
}

/** The common prefix of the kernels of one branch: the name without layer and kernel. */
const branchOf = (name: string): string => name.replace(/(^|[/.])[^/.]*$/, "").replace(/(^|[/.])[^/.]*$/, "");

/** Whether every kernel of the file is one number, so that nothing breaks the symmetry. */
export function isAllDead(tensors: readonly InspectedTensor[]): boolean {
  const kernels = tensors.filter(isKernel);
  return kernels.length > 0 && kernels.every(isOneNumber);
}

/**
 * The severity of a kernel of zeros: a note if it is the output layer or ends a branch whose other kernels are not zeros,
 * a warning if it may end one, an error if the file has nothing else, null if it is a hidden layer of a plain network.
 */
function severityOfZeros(inspected: InspectedTensor, surroundings: Surroundings): Severity | null {
  const { chain, residual, tensors } = surroundings;
  if (residual) return "note";
  const kernels = tensors.filter(isKernel);
  if (kernels.length === 1) return "error";
  if (chain?.at(-1) === inspected) return chain.length > 1 ? "note" : "warning";
  if (residual === false || chain !== null || kernels.every(({ report }) => report.family?.kind === "zeros"))
    return null;
  const branch = branchOf(inspected.tensor.name);
  const startsElsewhere = tensors.some(
    (other) =>
      branch !== "" &&
      branchOf(other.tensor.name) === branch &&
      isKernel(other) &&
      other.report.family !== null &&
      !isOneNumber(other),
  );
  return startsElsewhere ? "note" : "warning";
}

/** The findings on constant kernels and equal units. */
export function symmetryFindings(inspected: InspectedTensor, surroundings: Surroundings): Finding[] {
  const { chain } = surroundings;
  const { report, tensor, part } = inspected;
  const { symmetry, family, role } = report;
  if (!isKernel(inspected) || !family || !isKnownKernel(inspected)) return [];
  const where = [tensor.name];
  const isOutput = chain?.at(-1) === inspected;
  if (family.kind === "zeros") {
    // A recurrent layer may start without memory.
    const isMemory = role === "recurrent" && /recurrent|_hh/.test(tensor.name) && !isAllDead(surroundings.tensors);
    const severity = isMemory ? "note" : severityOfZeros(inspected, surroundings);
    const zeros = `all ${report.statistics?.count} values are 0`;
    if (severity !== null) return [finding("W105", { where, found: zeros, severity })];
    // A single unit has no equal; each depthwise filter has its own input.
    if (!symmetry || symmetry.units < 2) return [finding("W105", { where, found: zeros })];
  }
  if (!symmetry) return [];
  const isAlone = surroundings.tensors.filter(isKernel).length === 1;
  if ((family.kind === "constant" || family.kind === "ones") && (isOutput || (isAlone && symmetry.units < 2))) {
    const found = `all values are ${short(report.statistics?.mean ?? 0)}`;
    return [finding("W106", { where, found, severity: isAlone ? "error" : "warning" })];
  }
  if (symmetry.units < 2) return [];
  const notes =
    chain && !isOutput && chain.length > 1
      ? ["If the layer above has random weights, training separates the units slowly, and worse than a random start."]
      : [];
  return equalUnits({
    where,
    symmetry,
    effectiveRank: report.effectiveRank ?? 0,
    isZerO: family.name === "zero",
    isConvolution: tensor.shape.length > 2 && part.kind !== "attention",
    constant: isOneNumber(inspected) ? (report.statistics?.mean ?? null) : null,
    notes,
  });
}

/** The finding on values far from the others. */
export function outlierFindings({ outliers, restFamily, report, tensor }: InspectedTensor): Finding[] {
  if (!outliers || !(isDrawnRole(report.role) || report.role === "embedding")) return [];
  const isDrawn = restFamily?.kind === "drawn";
  if (!isDrawn && !outliers.isApart) return [];
  const { count, deviations, farthest } = outliers;
  const found = `${count} value${count === 1 ? " is" : "s are"} far beyond the others; the farthest, ${short(farthest)}, is ${short(deviations)} of their standard deviations from the mean`;
  return [finding("W107", { where: [tensor.name], found, numbers: { count, deviations, farthest } })];
}

const isDrawnRole = (role: string): boolean => role === "kernel" || role === "recurrent" || role === "depthwise";

/** Families that scale with the fans by design. */
const BY_FANS = /^(tfjs_)?(he|glorot|lecun)_|^pytorch_/;

/** The finding on a scale that no design has. */
function explosionFindings(inspected: InspectedTensor, state: TrainingState | undefined): Finding[] {
  const { report, tensor } = inspected;
  const { statistics, scaledDeviation, role } = report;
  if (!statistics || scaledDeviation === null || !(isKernel(inspected) || role === "embedding")) return [];
  // A few outlying values are a separate finding.
  if (inspected.outliers) return [];
  // A constant has no deviation but a magnitude.
  const size =
    Math.hypot(statistics.mean, statistics.standardDeviation) * (scaledDeviation > 0 ? Math.sqrt(report.fanIn) : 1);
  const scale = role === "embedding" ? statistics.standardDeviation ** 2 : size ** 2;
  if (!(scale > (state === "fresh" ? EXPLODED : EXPLODED_TRAINED))) return [];
  const found = `values of size ${short(Math.hypot(statistics.mean, statistics.standardDeviation))}: the layer multiplies its input by about ${short(Math.sqrt(scale))}`;
  return [finding("W101", { where: [tensor.name], found, numbers: { varianceTimesFanIn: scale }, severity: "error" })];
}

/** The findings on the spread of an untrained kernel. */
export function spreadFindings(inspected: InspectedTensor, surroundings: Surroundings): Finding[] {
  const { report, tensor } = inspected;
  const { isNormalized, tied, states, recipes } = surroundings;
  const { statistics, family, scaledDeviation, role } = report;
  const state = states.get(tensor.name);
  const exploded = explosionFindings(inspected, state);
  if (!statistics || !family || scaledDeviation === null || role !== "kernel") return exploded;
  if (statistics.standardDeviation === 0 || statistics.count < FEWEST) return exploded;
  if (family.kind !== "drawn" || state !== "fresh") return exploded;
  const where = [tensor.name];
  const findings: Finding[] = [...exploded];
  const { mean, standardDeviation } = statistics;
  // For few values the mean is less certain.
  const standardErrors = (Math.abs(mean) / standardDeviation) * Math.sqrt(statistics.count);
  if (Math.abs(mean) > OFF_CENTRE * standardDeviation && standardErrors > SIGNIFICANT) {
    const found = `mean ${short(mean)}, standard deviation ${short(standardDeviation)}: ${family.description}`;
    findings.push(finding("W108", { where, found, numbers: { mean, standardDeviation } }));
  }
  const scale = scaledDeviation ** 2;
  const isWithin = scale >= LOWEST_SCALE && scale <= HIGHEST_SCALE;
  const isDesigned =
    BY_FANS.test(family.name) ||
    tied.has(tensor.name) ||
    followsRecipe({ name: tensor.name, standardDeviation, count: statistics.count, fanIn: report.fanIn }, recipes);
  if (exploded.length > 0 || isWithin || isDesigned) return findings;
  const found = `variance ${short(scale)}/fan_in, where 1/fan_in to 2/fan_in keeps the signal (${family.description})`;
  const isSiren = family.name.startsWith("siren");
  const isUndone = isNormalized && scale >= LOWEST_NORMALIZED && scale <= HIGHEST_NORMALIZED;
  const notes = isSiren
    ? ["SIREN's sine multiplies its argument by 30, which compensates for it."]
    : isUndone
      ? ["The file has normalization layers, which undo the scale of the weights below them."]
      : [];
  const severity = isUndone || isSiren ? "note" : "warning";
  findings.push(finding("W101", { where, found, numbers: { varianceTimesFanIn: scale }, severity, notes }));
  return findings;
}

/** The finding on a kernel that uses few directions although its units differ. */
export function rankFindings(
  { report, tensor, mostDirections: most }: InspectedTensor,
  state?: TrainingState,
): Finding[] {
  const { symmetry, effectiveRank: rank, family } = report;
  if (!symmetry || rank === null || family?.kind === "zeros" || 2 * symmetry.twins >= symmetry.units) return [];
  if (most < 8 || rank >= Math.max(1.5, SHARE_OF_DIRECTIONS * most) || family?.kind !== "unknown") return [];
  const found = `effective rank ${short(rank)} of at most ${most}`;
  // Training may not need more directions.
  const severity = state === "trained" ? "note" : "warning";
  return [finding("W302", { where: [tensor.name], found, numbers: { effectiveRank: rank, most }, severity })];
}

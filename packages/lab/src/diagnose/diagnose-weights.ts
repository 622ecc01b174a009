// diagnose for loaded weights: what each tensor looks like, and what is wrong with it or between them.
// Source: the papers' table T14 and T16 for symmetry; the papers of codes.ts.

import { expectOneOf, formatShape } from "@fanin/core";
import { expectLayers } from "../signal/network.ts";
import type { Severity } from "./codes.ts";
import { equalUnits } from "./equal-units.ts";
import { type Finding, finding, joinFindings, sortFindings } from "./finding.ts";
import { type InspectedTensor, inspectTensor, type TensorReport } from "./inspect-tensor.ts";
import { channels, layerChain } from "./layer-chain.ts";
import { type Layout, layoutOfNames, layouts } from "./layout.ts";
import { kernelsByOwner } from "./recognize-family.ts";
import { duplicates, type SharedGroup, scaledCopies } from "./shared-values.ts";
import { someOf } from "./some-of.ts";
import { valueFindings } from "./value-findings.ts";
import { FALSE_ALARM } from "./weight-family.ts";
import { countOf, expectWeights, ownerOf, type WeightTensor } from "./weight-tensor.ts";

/** What is known of the network beside its weights. */
export interface DiagnoseWeightsOptions {
  /** Where a kernel has its inputs; by the names unless given. */
  readonly layout?: Layout | undefined;
  /** Sizes from input to output that the kernels must have, such as [784, 128, 10]. */
  readonly layers?: readonly number[] | undefined;
  /** Whether kernels may end residual branches, where zeros are a good start; by the names unless given. */
  readonly residual?: boolean | undefined;
}

/** What diagnose says of weights; plain data. */
export interface WeightsDiagnosis {
  readonly schemaVersion: 1;
  readonly kind: "weights";
  readonly layout: Layout;
  readonly tensors: readonly TensorReport[];
  readonly parameters: number;
  readonly findings: readonly Finding[];
  /** The chance per test that a tensor drawn from a known law is not recognised. */
  readonly falseAlarm: number;
}

/** Beyond these, a unit's output is eight times too small or too large for any activation. */
const LOWEST_SCALE = 1 / 8;
const HIGHEST_SCALE = 8;
const OUTLIER = 20;
const OFF_CENTRE = 0.5;
const SHARE_OF_DIRECTIONS = 0.04;
const MOST_NAMED = 3; // tensors that a finding names

const short = (value: number): string => String(Number(value.toPrecision(3)));

/**
 * What a kernel of zeros is: a note where it is the output layer or ends a branch whose other kernels are not zeros, a
 * warning where it may end one, null where it is a hidden layer of a plain network.
 */
function severityOfZeros(
  inspected: InspectedTensor,
  tensors: readonly InspectedTensor[],
  { chain, residual }: Surroundings,
): Severity | null {
  if (residual) return "note";
  // Of a kernel that comes alone it is not known which layer it is.
  if (chain?.at(-1) === inspected) return chain.length > 1 ? "note" : "warning";
  if (residual === false || chain !== null) return null;
  const branch = ownerOf(ownerOf(inspected.tensor.name));
  const startsElsewhere = tensors.some(
    ({ tensor, report }) =>
      branch !== "" &&
      ownerOf(ownerOf(tensor.name)) === branch &&
      report.role === "kernel" &&
      report.family?.kind === "drawn",
  );
  return startsElsewhere ? "note" : "warning";
}

/** What the checks of one tensor know of the others. */
interface Surroundings {
  readonly chain: readonly InspectedTensor[] | null;
  readonly residual: boolean | undefined;
  readonly isNormalized: boolean;
  /** Names of kernels that are an embedding's too, and so have its variance. */
  readonly tied: ReadonlySet<string>;
}

/** Equal units, by kernel. */
function symmetryFindings(
  inspected: InspectedTensor,
  tensors: readonly InspectedTensor[],
  surroundings: Surroundings,
): Finding[] {
  const { chain } = surroundings;
  const { report, tensor } = inspected;
  const { symmetry, family } = report;
  if (!symmetry || !family || symmetry.units < 2) return [];
  const where = [tensor.name];
  const isOutput = chain?.at(-1) === inspected;
  const severity = family.kind === "zeros" ? severityOfZeros(inspected, tensors, surroundings) : null;
  if (severity !== null) {
    return [finding("W105", { where, found: `all ${report.statistics?.count} values are 0`, severity })];
  }
  if ((family.kind === "constant" || family.kind === "ones") && isOutput) {
    return [finding("W106", { where, found: `all values are ${short(report.statistics?.mean ?? 0)}` })];
  }
  const notes =
    chain && !isOutput && chain.length > 1
      ? ["If the layer above has random weights, training tells the units apart slowly, and worse than a random start."]
      : [];
  return equalUnits({
    where,
    symmetry,
    effectiveRank: report.effectiveRank ?? 0,
    isZerO: family.name === "zero",
    isConvolution: tensor.shape.length > 2,
    notes,
  });
}

/** What is odd about the spread of a kernel's values. */
function spreadFindings({ report, tensor }: InspectedTensor, { isNormalized, tied }: Surroundings): Finding[] {
  const { statistics, family, scaledDeviation, role } = report;
  if (!statistics || !family || scaledDeviation === null || role !== "kernel") return [];
  if (statistics.standardDeviation === 0 || statistics.count < 16) return [];
  const where = [tensor.name];
  const findings: Finding[] = [];
  const { mean, standardDeviation, min, max, count } = statistics;
  const furthest = Math.max(max - mean, mean - min) / standardDeviation;
  // The more values, the farther the farthest of a trained layer's heavy tail.
  if (family.kind === "unknown" && furthest > OUTLIER * Math.sqrt(Math.log10(count))) {
    const found = `the farthest value is ${short(furthest)} standard deviations from the mean`;
    findings.push(finding("W107", { where, found, numbers: { deviations: furthest } }));
  }
  if (family.kind !== "drawn") return findings;
  if (Math.abs(mean) > OFF_CENTRE * standardDeviation) {
    const found = `mean ${short(mean)}, standard deviation ${short(standardDeviation)}: ${family.description}`;
    findings.push(finding("W108", { where, found, numbers: { mean, standardDeviation } }));
  }
  const scale = scaledDeviation ** 2;
  if ((scale < LOWEST_SCALE || scale > HIGHEST_SCALE) && !tied.has(tensor.name)) {
    const found = `variance ${short(scale)}/fan_in, where 1/fan_in to 2/fan_in keeps the signal (${family.description})`;
    const isSiren = family.name.startsWith("siren");
    const severity = isNormalized || isSiren ? "note" : "warning";
    const notes = isSiren
      ? ["SIREN's sine multiplies its argument by 30, which makes up for it."]
      : isNormalized
        ? ["The file has normalization layers, which undo the scale of the weights below them."]
        : [];
    findings.push(finding("W101", { where, found, numbers: { varianceTimesFanIn: scale }, severity, notes }));
  }
  return findings;
}

/** A kernel that uses few of its directions, though its units differ. */
function rankFindings({ report, tensor }: InspectedTensor): Finding[] {
  const { symmetry, effectiveRank: rank, family, statistics } = report;
  if (!symmetry || rank === null || !statistics || family?.kind === "zeros" || 2 * symmetry.twins >= symmetry.units)
    return [];
  const most = Math.min(symmetry.units, statistics.count / symmetry.units, 128);
  if (most < 8 || rank >= Math.max(1.5, SHARE_OF_DIRECTIONS * most) || family?.kind !== "unknown") return [];
  const found = `effective rank ${short(rank)} of at most ${most}`;
  return [finding("W302", { where: [tensor.name], found, numbers: { effectiveRank: rank, most } })];
}

/** Biases that do not fit their kernels, and kernels that do not fit the sizes asked for. */
function shapeFindings(
  tensors: readonly InspectedTensor[],
  layout: Layout,
  chain: readonly InspectedTensor[] | null,
  layers: readonly number[] | undefined,
): Finding[] {
  const kernels = kernelsByOwner(tensors.map(({ tensor }) => tensor));
  const findings: Finding[] = [];
  for (const { tensor, report } of tensors) {
    const kernel = kernels.get(ownerOf(tensor.name));
    if (report.role !== "bias" || tensor.shape.length !== 1 || !kernel || kernel.shape.length < 2) continue;
    const { inputs, outputs } = channels(kernel.shape, layout);
    const size = tensor.shape[0] ?? 0;
    // A depthwise kernel has inputs times multiplier outputs, a transposed or grouped convolution either number.
    const sizes = kernel.shape.length > 2 ? [outputs, inputs, inputs * outputs] : [outputs];
    if (sizes.includes(size)) continue;
    const found = `${tensor.name} has ${size} values, ${kernel.name} ${formatShape(kernel.shape)} has ${outputs} units`;
    findings.push(
      finding("E104", { where: [kernel.name, tensor.name], found, numbers: { bias: size, units: outputs } }),
    );
  }
  if (layers) findings.push(...sizeFindings(tensors, layout, chain, expectLayers(layers)));
  return findings;
}

function sizeFindings(
  tensors: readonly InspectedTensor[],
  layout: Layout,
  chain: readonly InspectedTensor[] | null,
  layers: readonly number[],
): Finding[] {
  const kernels = chain ?? tensors.filter(({ report }) => report.role === "kernel");
  if (kernels.length !== layers.length - 1) {
    const found = `${layers.length} sizes have ${layers.length - 1} kernels between them, the file has ${kernels.length}`;
    return [finding("E104", { where: kernels.map(({ tensor }) => tensor.name), found })];
  }
  return kernels.flatMap(({ tensor }, l) => {
    const { inputs, outputs } = channels(tensor.shape, layout);
    if (inputs === layers[l] && outputs === layers[l + 1]) return [];
    const found = `${formatShape(tensor.shape)} takes ${inputs} and gives ${outputs}, expected ${layers[l]} and ${layers[l + 1]}`;
    return [finding("E104", { where: [tensor.name], found })];
  });
}

/** Names of tensors that hold the same as an embedding, which an output layer does when it is tied. */
function tiedNames(tensors: readonly InspectedTensor[], groups: readonly SharedGroup[]): ReadonlySet<string> {
  const embeddings = new Set(
    tensors.filter(({ report }) => report.role === "embedding").map(({ tensor }) => tensor.name),
  );
  return new Set(groups.filter((names) => names.some((name) => embeddings.has(name))).flat());
}

/** Tensors that share their values; an output tied to an embedding is meant. */
function sharedFindings(
  tensors: readonly InspectedTensor[],
  groups: readonly SharedGroup[],
  tied: ReadonlySet<string>,
): Finding[] {
  return [
    ...groups.map((names) => {
      const isTied = tied.has(names[0] ?? "");
      return finding("W103", {
        where: names,
        found: `${someOf(names, MOST_NAMED)} hold the same values${isTied ? ": tied to the embedding" : ""}`,
        severity: isTied ? "note" : "warning",
      });
    }),
    ...scaledCopies(tensors).map((names) =>
      finding("W104", {
        where: names,
        found: `${someOf(names, MOST_NAMED)} begin with the same random numbers, scaled`,
      }),
    ),
  ];
}

/** What diagnose finds in `weights`, with what it inspected on the way; `diagnose` is the public door. */
export function inspectWeights(
  weights: readonly WeightTensor[],
  options: DiagnoseWeightsOptions = {},
): { readonly diagnosis: WeightsDiagnosis; readonly chain: readonly InspectedTensor[] | null } {
  expectWeights(weights);
  const layout =
    options.layout === undefined
      ? (layoutOfNames(weights.map(({ name }) => name)) ?? "keras")
      : expectOneOf("layout", options.layout, layouts);
  const kernels = kernelsByOwner(weights);
  const tensors = weights.map((tensor) => inspectTensor(tensor, layout, kernels));
  const chain = layerChain(tensors, layout);
  const isNormalized = tensors.some(({ report }) => report.role === "scale" || report.role === "statistic");
  const groups = duplicates(tensors);
  const tied = tiedNames(tensors, groups);
  const surroundings = { chain, residual: options.residual, isNormalized, tied };
  const findings = tensors.flatMap((tensor) => [
    ...valueFindings(tensor),
    ...symmetryFindings(tensor, tensors, surroundings),
    ...spreadFindings(tensor, surroundings),
    ...rankFindings(tensor),
  ]);
  findings.push(...shapeFindings(tensors, layout, chain, options.layers), ...sharedFindings(tensors, groups, tied));
  const diagnosis: WeightsDiagnosis = {
    schemaVersion: 1,
    kind: "weights",
    layout,
    tensors: tensors.map(({ report }) => report),
    parameters: weights.reduce((sum, tensor) => sum + countOf(tensor), 0),
    findings: sortFindings(joinFindings(findings)),
    falseAlarm: FALSE_ALARM,
  };
  return { diagnosis, chain };
}

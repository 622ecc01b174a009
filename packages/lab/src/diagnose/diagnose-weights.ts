// diagnose for loaded weights: the initializer that each tensor resembles, and the faults of tensors and between them.
// Source: the papers of codes.ts; kernel-findings.ts has the checks of one kernel.

import { formatShape } from "@fanin/tensor";
import { expectOneOf } from "@fanin/tensor/arguments";
import { expectLayers } from "../signal/network.ts";
import { type Finding, finding, fixFor, joinFindings, sortFindings } from "./finding.ts";
import { type InspectedTensor, inspectTensor, type TensorReport } from "./inspect-tensor.ts";
import {
  isKernel,
  outlierFindings,
  rankFindings,
  type Surroundings,
  spreadFindings,
  symmetryFindings,
} from "./kernel-findings.ts";
import { layerChain } from "./layer-chain.ts";
import { type Layout, layouts } from "./layout.ts";
import { measureTensor } from "./measured-tensor.ts";
import { fileRecipes } from "./recipes.ts";
import { duplicates, isTelling, type SharedGroup, scaledCopies } from "./shared-values.ts";
import { someOf } from "./some-of.ts";
import { type FileEvidence, type TensorPart, tensorParts } from "./tensor-parts.ts";
import { type TrainingState, trainingStates } from "./training-state.ts";
import { valueFindings } from "./value-findings.ts";
import { FALSE_ALARM } from "./weight-family.ts";
import { expectWeights, type WeightTensor } from "./weight-tensor.ts";

/** Known properties of the network besides its weights. */
export interface DiagnoseWeightsOptions {
  /** The layout of all kernels. Defaults to the evidence of shapes, biases, metadata and names for each. */
  readonly layout?: Layout | undefined;
  /** The metadata of the file; `format` and `layout` are evidence for the layout of kernels. */
  readonly metadata?: ReadonlyMap<string, string> | undefined;
  /** The layout of the framework whose format the file has; evidence for kernels without their own. */
  readonly proven?: Layout | undefined;
  /** The sizes that the kernels must have, from input to output, such as [784, 128, 10]. */
  readonly layers?: readonly number[] | undefined;
  /** Whether kernels may end residual branches, where zeros are a good start. Defaults to the evidence of the names. */
  readonly residual?: boolean | undefined;
}

/** The diagnosis of weights; plain data. */
export interface WeightsDiagnosis {
  readonly schemaVersion: 1;
  readonly kind: "weights";
  /** The layout of all kernels, or `mixed` if they differ. */
  readonly layout: Layout | "mixed";
  readonly tensors: readonly TensorReport[];
  readonly parameters: number;
  readonly findings: readonly Finding[];
  /** The chance per test of not recognising a tensor from a known distribution. */
  readonly falseAlarm: number;
}

/** A diagnosis with the inspected tensors. */
export interface JudgedWeights {
  readonly diagnosis: WeightsDiagnosis;
  readonly chain: readonly InspectedTensor[] | null;
  readonly states: ReadonlyMap<string, TrainingState>;
}

const MAX_NAMED = 3; // tensors that a finding names

/** Biases that do not fit their kernels, and kernels that do not fit the given sizes. */
function shapeFindings(
  tensors: readonly InspectedTensor[],
  chain: readonly InspectedTensor[] | null,
  layers: readonly number[] | undefined,
): Finding[] {
  const byName = new Map(tensors.map((each) => [each.tensor.name, each]));
  const findings: Finding[] = [];
  for (const kernel of tensors) {
    const { part, tensor } = kernel;
    const bias = part.beside === null || part.isFitting || !isKernel(kernel) ? undefined : byName.get(part.beside);
    if (!bias) continue;
    const found = `${bias.tensor.name} has ${bias.tensor.count} values, ${tensor.name} ${formatShape(tensor.shape)} has ${part.outputs} units`;
    const numbers = { bias: bias.tensor.count, units: part.outputs };
    findings.push(finding("E104", { where: [tensor.name, bias.tensor.name], found, numbers }));
  }
  if (layers) findings.push(...sizeFindings(tensors, chain, expectLayers(layers)));
  return findings;
}

function sizeFindings(
  tensors: readonly InspectedTensor[],
  chain: readonly InspectedTensor[] | null,
  layers: readonly number[],
): Finding[] {
  const kernels = chain ?? tensors.filter(({ report }) => report.role === "kernel");
  if (kernels.length !== layers.length - 1) {
    const found = `${layers.length} sizes need ${layers.length - 1} kernels between them, the file has ${kernels.length}`;
    return [finding("E104", { where: kernels.map(({ tensor }) => tensor.name), found })];
  }
  return kernels.flatMap(({ tensor, part: { inputs, outputs } }, l) => {
    if (inputs === layers[l] && outputs === layers[l + 1]) return [];
    const found = `${formatShape(tensor.shape)} takes ${inputs} and gives ${outputs}, expected ${layers[l]} and ${layers[l + 1]}`;
    return [finding("E104", { where: [tensor.name], found })];
  });
}

/** Tensors with the bytes of an embedding, as a tied output layer has. */
function tiedGroups(tensors: readonly InspectedTensor[]): SharedGroup[] {
  const isEmbedding = new Set(
    tensors.filter(({ report }) => report.role === "embedding").map(({ tensor }) => tensor.name),
  );
  if (isEmbedding.size === 0) return [];
  const groups = duplicates(tensors, ({ report: { role, family, statistics } }) => {
    const isConstant = family?.kind === "zeros" || family?.kind === "ones" || family?.kind === "constant";
    return (role === "embedding" || role === "kernel") && !isConstant && (statistics?.count ?? 0) > 1;
  });
  return groups.filter((names) => names.some((name) => isEmbedding.has(name)));
}

/** Tensors that share their values. An output tied to an embedding is intended. */
function sharedFindings({ tensors, tied, states }: Surroundings, groups: readonly SharedGroup[]): Finding[] {
  const copies = duplicates(tensors, (each) => isTelling(each, states) && !tied.has(each.tensor.name));
  return [
    ...groups.map((names) =>
      finding("W103", {
        where: names,
        found: `${someOf(names, MAX_NAMED)} hold the same values: tied to the embedding`,
        severity: "note",
      }),
    ),
    ...copies.map((names) =>
      finding("W103", { where: names, found: `${someOf(names, MAX_NAMED)} hold the same values` }),
    ),
    ...scaledCopies(tensors, states).map((names) =>
      finding("W104", {
        where: names,
        found: `${someOf(names, MAX_NAMED)} begin with the same random numbers, scaled`,
      }),
    ),
  ];
}

/** The common layout of all kernels of a file. */
function fileLayout(parts: Iterable<TensorPart>): Layout | "mixed" {
  const found = new Set<Layout>();
  for (const { layout } of parts) if (layout) found.add(layout);
  if (found.size > 1) return "mixed";
  const [only = "keras"] = found;
  return only;
}

/** Judges the inspected tensors of one file. */
export function judgeWeights(
  tensors: readonly InspectedTensor[],
  { layers, residual }: Pick<DiagnoseWeightsOptions, "layers" | "residual"> = {},
): JudgedWeights {
  const chain = layerChain(tensors);
  const isNormalized = tensors.some(({ report }) => report.role === "scale" || report.role === "statistic");
  const states = trainingStates(tensors);
  const groups = tiedGroups(tensors);
  const surroundings: Surroundings = {
    tensors,
    chain,
    residual,
    isNormalized,
    tied: new Set(groups.flat()),
    states,
    recipes: fileRecipes(tensors.map(({ tensor }) => tensor.name)),
  };
  const findings = tensors.flatMap((tensor) => [
    ...valueFindings(tensor),
    ...symmetryFindings(tensor, surroundings),
    ...outlierFindings(tensor),
    ...spreadFindings(tensor, surroundings),
    ...rankFindings(tensor, states.get(tensor.tensor.name)),
  ]);
  findings.push(...shapeFindings(tensors, chain, layers), ...sharedFindings(surroundings, groups));
  const isFresh = (name: string): boolean => states.get(name) === "fresh";
  const diagnosis: WeightsDiagnosis = {
    schemaVersion: 1,
    kind: "weights",
    layout: fileLayout(tensors.map(({ part }) => part)),
    tensors: tensors.map(({ report }) => report),
    parameters: tensors.reduce((sum, { tensor }) => sum + tensor.count, 0),
    findings: sortFindings(joinFindings(findings.map((each) => fixFor(each, each.where.every(isFresh))))),
    falseAlarm: FALSE_ALARM,
  };
  return { diagnosis, chain, states };
}

/** Diagnoses `weights` and returns the inspected tensors too. `diagnose` is the usual entry point. */
export function inspectWeights(
  weights: readonly WeightTensor[],
  options: DiagnoseWeightsOptions = {},
  keepsValues = false,
): JudgedWeights {
  expectWeights(weights);
  if (options.layout !== undefined) expectOneOf("layout", options.layout, layouts);
  const { layout, metadata, proven } = options;
  const evidence: FileEvidence = { layout, metadata, proven };
  const parts = tensorParts(weights, evidence);
  const inspected = weights.map((tensor) => {
    const part = parts.get(tensor.name) as TensorPart;
    return inspectTensor(measureTensor(tensor, part), part, keepsValues);
  });
  return judgeWeights(inspected, options);
}

// diagnose for loaded weights: what each tensor looks like, and what is wrong with it or between them.
// Source: the papers of codes.ts; the checks of one kernel are kernel-findings.ts's.

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

/** What is known of the network beside its weights. */
export interface DiagnoseWeightsOptions {
  /** Where all kernels have their inputs. Defaults to what shapes, biases, metadata and names tell of each. */
  readonly layout?: Layout | undefined;
  /** The metadata of the file, of which `format` and `layout` tell where kernels have their inputs. */
  readonly metadata?: ReadonlyMap<string, string> | undefined;
  /** Sizes from input to output that the kernels must have, such as [784, 128, 10]. */
  readonly layers?: readonly number[] | undefined;
  /** Whether kernels may end residual branches, where zeros are a good start. Defaults to what the names tell. */
  readonly residual?: boolean | undefined;
}

/** What diagnose says of weights; plain data. */
export interface WeightsDiagnosis {
  readonly schemaVersion: 1;
  readonly kind: "weights";
  /** Of all kernels, or `mixed` where they differ. */
  readonly layout: Layout | "mixed";
  readonly tensors: readonly TensorReport[];
  readonly parameters: number;
  readonly findings: readonly Finding[];
  /** The chance per test that a tensor drawn from a known law is not recognised. */
  readonly falseAlarm: number;
}

/** What was inspected on the way to a diagnosis. */
export interface JudgedWeights {
  readonly diagnosis: WeightsDiagnosis;
  readonly chain: readonly InspectedTensor[] | null;
  readonly states: ReadonlyMap<string, TrainingState>;
}

const MOST_NAMED = 3; // tensors that a finding names

/** Biases that do not fit their kernels, and kernels that do not fit the sizes asked for. */
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
    const found = `${layers.length} sizes have ${layers.length - 1} kernels between them, the file has ${kernels.length}`;
    return [finding("E104", { where: kernels.map(({ tensor }) => tensor.name), found })];
  }
  return kernels.flatMap(({ tensor, part: { inputs, outputs } }, l) => {
    if (inputs === layers[l] && outputs === layers[l + 1]) return [];
    const found = `${formatShape(tensor.shape)} takes ${inputs} and gives ${outputs}, expected ${layers[l]} and ${layers[l + 1]}`;
    return [finding("E104", { where: [tensor.name], found })];
  });
}

/** Tensors with an embedding's bytes, which an output layer has when it is tied. */
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

/** Tensors that share their values; an output tied to an embedding is meant. */
function sharedFindings({ tensors, tied, states }: Surroundings, groups: readonly SharedGroup[]): Finding[] {
  const copies = duplicates(tensors, (each) => isTelling(each, states) && !tied.has(each.tensor.name));
  return [
    ...groups.map((names) =>
      finding("W103", {
        where: names,
        found: `${someOf(names, MOST_NAMED)} hold the same values: tied to the embedding`,
        severity: "note",
      }),
    ),
    ...copies.map((names) =>
      finding("W103", { where: names, found: `${someOf(names, MOST_NAMED)} hold the same values` }),
    ),
    ...scaledCopies(tensors, states).map((names) =>
      finding("W104", {
        where: names,
        found: `${someOf(names, MOST_NAMED)} begin with the same random numbers, scaled`,
      }),
    ),
  ];
}

/** One layout for the file, where its kernels have one. */
function fileLayout(parts: Iterable<TensorPart>): Layout | "mixed" {
  const found = new Set<Layout>();
  for (const { layout } of parts) if (layout) found.add(layout);
  if (found.size > 1) return "mixed";
  const [only = "keras"] = found;
  return only;
}

/** Judges tensors that have been inspected, all of one file. */
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

/** What diagnose finds in `weights`, with what it inspected on the way; `diagnose` is the public door. */
export function inspectWeights(
  weights: readonly WeightTensor[],
  options: DiagnoseWeightsOptions = {},
  keepsValues = false,
): JudgedWeights {
  expectWeights(weights);
  if (options.layout !== undefined) expectOneOf("layout", options.layout, layouts);
  const evidence: FileEvidence = { layout: options.layout, metadata: options.metadata };
  const parts = tensorParts(weights, evidence);
  const inspected = weights.map((tensor) => {
    const part = parts.get(tensor.name) as TensorPart;
    return inspectTensor(measureTensor(tensor, part), part, keepsValues);
  });
  return judgeWeights(inspected, options);
}

// diagnose: the faults of a described or loaded network, with place, size, reason and fix.
// Source: the signal-propagation papers that codes.ts names.

import { describeValue, expectOneOf } from "@fanin/tensor/arguments";
import { type ActivationName, activations } from "../engine/activations.ts";
import { propagate } from "../signal/propagate.ts";
import { diagnoseNetwork, type NetworkDiagnosis } from "./diagnose-network.ts";
import {
  type DiagnoseWeightsOptions,
  inspectWeights,
  type JudgedWeights,
  judgeWeights,
  type WeightsDiagnosis,
} from "./diagnose-weights.ts";
import { type Finding, finding, sortFindings } from "./finding.ts";
import type { InspectedTensor } from "./inspect-tensor.ts";
import type { DiagnoseNetworkOptions } from "./measure-network.ts";
import type { NetworkDescription } from "./network-description.ts";
import { powerOfTen, signalFindings } from "./signal-findings.ts";
import type { TrainingState } from "./training-state.ts";
import type { WeightTensor } from "./weight-tensor.ts";

export type { NetworkDiagnosis, WeightsDiagnosis };

/** Known properties of loaded weights besides their values. */
export interface WeightsOptions extends DiagnoseWeightsOptions {
  /** The activation between layers. If given, the signal of the weights is measured instead of only bounded. */
  readonly activation?: ActivationName | undefined;
}

/** The kernels of dense layers in the form that propagate accepts. */
function denseKernels(chain: readonly InspectedTensor[]): Float32Array[] | null {
  const kernels: Float32Array[] = [];
  for (const { tensor, values, part } of chain) {
    if (tensor.shape.length !== 2 || !values || values.length === 0 || !values.every(Number.isFinite)) return null;
    const { inputs, outputs } = part;
    if (part.layout === "keras") kernels.push(Float32Array.from(values));
    else {
      const transposed = new Float32Array(values.length);
      for (let o = 0; o < outputs; o++) {
        for (let i = 0; i < inputs; i++) transposed[i * outputs + o] = values[o * inputs + i] as number;
      }
      kernels.push(transposed);
    }
  }
  return kernels;
}

/** Whether the weights are untrained, so that the theory of initialization applies. */
function isStart(chain: readonly InspectedTensor[], states: ReadonlyMap<string, TrainingState>): boolean {
  return chain.every(
    ({ report }) => report.family !== null && report.family.kind !== "unknown" && states.get(report.name) === "fresh",
  );
}

const VANISHED = Math.log(1e-2);
const EXPLODED = Math.log(1e3);

/** Bounds for a plain chain of layers with any activation: none keeps more than the whole variance, ReLU keeps half. */
function boundFindings(chain: readonly InspectedTensor[]): Finding[] {
  // SIREN's sine multiplies its argument by 30, a factor that the weights do not show.
  if (chain.some(({ report }) => report.family?.name.startsWith("siren"))) return [];
  const hidden = chain.slice(0, -1);
  // The bound starts at the first hidden layer's units: the weights do not determine the scale of the input.
  const scales = hidden.slice(1).map(({ report }) => {
    const mean = report.statistics?.mean ?? 0;
    return (report.scaledDeviation ?? 0) ** 2 + report.fanIn * mean ** 2;
  });
  if (scales.length === 0 || scales.some((scale) => !(scale > 0))) return [];
  const sum = scales.reduce((total, scale) => total + Math.log(scale), 0);
  const where = hidden.map(({ tensor }) => tensor.name);
  const numbers = { log10Linear: sum / Math.LN10, log10Relu: (sum - scales.length * Math.LN2) / Math.LN10 };
  if (sum < VANISHED) {
    const found = `even without activations, the variance falls to ${powerOfTen(sum)} of the first layer's`;
    return [finding("E201", { where, found, numbers })];
  }
  if (sum - scales.length * Math.LN2 > EXPLODED) {
    const found = `even if ReLU halves it, the variance grows to ${powerOfTen(numbers.log10Relu * Math.LN10)} of the first layer's`;
    return [finding("E202", { where, found, numbers })];
  }
  return [];
}

/** The findings on the signal through loaded dense layers. */
function loadedSignal(
  chain: readonly InspectedTensor[],
  kernels: readonly Float32Array[],
  activation: ActivationName,
): Finding[] {
  const layers = chain.map(({ part }) => part.inputs);
  layers.push(chain.at(-1)?.part.outputs ?? 0);
  const report = propagate({ layers, activation, weights: kernels }, { seed: 0 });
  const context = { report, hidden: chain.length - 1, weightVariance: null, field: null, optimizer: null };
  const names = chain.slice(0, -1).map(({ tensor }) => tensor.name);
  return signalFindings({ ...context, weights: "this start" }).findings.map((each) => ({ ...each, where: names }));
}

/** Adds the findings on the signal to the findings on single tensors. */
function judgeSignal(
  { diagnosis, chain, states }: JudgedWeights,
  { activation, residual }: Pick<WeightsOptions, "activation" | "residual">,
): WeightsDiagnosis {
  const isNormalized = diagnosis.tensors.some(({ role }) => role === "scale" || role === "statistic");
  const isBroken = diagnosis.findings.some(({ code }) => /^E10/.test(code));
  if (!chain || isNormalized || residual || isBroken || !isStart(chain, states)) return diagnosis;
  const kernels = activation === undefined ? null : denseKernels(chain);
  const more = kernels && activation !== undefined ? loadedSignal(chain, kernels, activation) : boundFindings(chain);
  return { ...diagnosis, findings: sortFindings([...diagnosis.findings, ...more]) };
}

/**
 * Diagnoses the weights of a file from its tensors as {@link inspectTensor} describes them. The file can be larger than
 * memory.
 *
 * @throws TypeError or RangeError for an unknown activation.
 * @example
 * const shape = [4, 2];
 * const weights = [{ name: "dense/kernel", shape, dtype: "float32", data: new Float32Array(8) }];
 * const parts = tensorParts(weights);
 * const inspected = weights.map((tensor) => {
 *   const part = parts.get(tensor.name) as TensorPart;
 *   return inspectTensor(measureTensor(tensor, part), part);
 * });
 * diagnoseTensors(inspected).findings.map(({ code }) => code); // => [ 'W105' ]
 */
export function diagnoseTensors(tensors: readonly InspectedTensor[], options: WeightsOptions = {}): WeightsDiagnosis {
  if (options.activation !== undefined) {
    expectOneOf("activation", options.activation, Object.keys(activations) as ActivationName[]);
  }
  return judgeSignal(judgeWeights(tensors, options), options);
}

/** The findings on loaded weights. */
function diagnoseWeights(weights: readonly WeightTensor[], options: WeightsOptions): WeightsDiagnosis {
  if (options.activation !== undefined) {
    expectOneOf("activation", options.activation, Object.keys(activations) as ActivationName[]);
  }
  return judgeSignal(inspectWeights(weights, options, options.activation !== undefined), options);
}

/**
 * Diagnoses a network: either a description by layers, activation and initializer, or weights as a list of
 * { name, shape, dtype, data }.
 *
 * @throws TypeError or RangeError for an invalid description (a width of 0, an unknown activation). NaN weights, and
 * weights that do not fit their shapes, are findings.
 * @example
 * diagnose({ layers: [784, ...new Array(30).fill(64), 10], activation: "relu", initializer: "glorot_uniform" }).findings;
 * // [{ code: "E201", title: "vanishing signal", ... }]
 */
export function diagnose(network: NetworkDescription, options?: DiagnoseNetworkOptions): NetworkDiagnosis;
export function diagnose(weights: readonly WeightTensor[], options?: WeightsOptions): WeightsDiagnosis;
export function diagnose(
  subject: NetworkDescription | readonly WeightTensor[],
  options: DiagnoseNetworkOptions & WeightsOptions = {},
): NetworkDiagnosis | WeightsDiagnosis {
  if (Array.isArray(subject)) return diagnoseWeights(subject as readonly WeightTensor[], options);
  if (typeof subject !== "object" || subject === null) {
    throw new TypeError(`network: expected a description or a list of tensors, got ${describeValue(subject)}`);
  }
  return diagnoseNetwork(subject as NetworkDescription, options);
}

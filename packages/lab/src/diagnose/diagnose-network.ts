// diagnose for a described network: its signal through depth, its symmetry, its input.
// Source: the papers of codes.ts; tables T1, T10 and T14 of papers/.

import type { Initializer, StreamName } from "@fanin/core";
import { type ActivationMeans, activationMeans, expectActivation } from "../signal/activation-means.ts";
import { type MeanField, meanField } from "../signal/mean-field.ts";
import { networkInitializers } from "../signal/network.ts";
import type { SignalReport } from "../signal/propagate.ts";
import { equalUnits } from "./equal-units.ts";
import { type Finding, finding, joinFindings, sortFindings } from "./finding.ts";
import { type DiagnoseNetworkOptions, measureNetwork } from "./measure-network.ts";
import {
  type CheckedNetwork,
  expectDescription,
  type InputStatistics,
  type NetworkDescription,
} from "./network-description.ts";
import { type SignalSummary, signalFindings } from "./signal-findings.ts";
import { structuredFamily } from "./structured-family.ts";
import { effectiveRank, unitSymmetry } from "./unit-symmetry.ts";
import { unitMatrix } from "./weight-tensor.ts";

/** A rate in JSON; null if the signal is 0 or there is no theory. */
export interface RateReport {
  /** The factor per layer over the last half of the layers; for residual blocks, theory only. */
  readonly factorPerLayer: number | null;
  readonly theoryPerLayer: number | null;
  /** log10 of the last over the first value. */
  readonly log10Change: number | null;
  /** The variance of the natural logarithm of that change over seeds: 5L/n for ReLU. */
  readonly variance: number;
}

/** The diagnosis of a network; plain data. */
export interface NetworkDiagnosis {
  readonly schemaVersion: 1;
  readonly kind: "network";
  readonly layers: readonly number[];
  readonly activation: string;
  readonly initializer: string;
  readonly optimizer: string | null;
  readonly seed: number;
  readonly stream: StreamName;
  readonly forward: RateReport;
  /** The squared gradient, from the last hidden layer to the first. */
  readonly gradient: RateReport;
  /** The greatest share of dead units in a hidden layer, and of saturated activations; null if neither can occur. */
  readonly dead: number | null;
  readonly saturated: number | null;
  /** Between two inputs at the last hidden layer. */
  readonly correlation: number | null;
  readonly symmetric: boolean;
  readonly field: MeanField | null;
  /** The measurement, layer by layer; without residual connections and normalization, which theory covers. */
  readonly signal: SignalReport;
  readonly findings: readonly Finding[];
}

const MIN_INPUT = 0.05;
const MAX_INPUT = 20;
const OFFSET = 3;
const MIN_SCALE = 1 / 8;
const MAX_SCALE = 8;
const EXPLODED = Math.log(1e4);

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
const short = (value: number): string => String(Number(value.toPrecision(3)));

function inputFindings({ mean, standardDeviation }: InputStatistics): Finding[] {
  const square = mean ** 2 + standardDeviation ** 2;
  const numbers = { mean, standardDeviation, meanSquare: square };
  const where = ["input"];
  if (square < MIN_INPUT || square > MAX_INPUT) {
    return [
      finding("W102", { where, found: `the mean square of the input is ${short(square)}, expected about 1`, numbers }),
    ];
  }
  if (Math.abs(mean) <= OFFSET * standardDeviation) return [];
  const found = `the mean of the input is ${short(mean)} at a standard deviation of ${short(standardDeviation)}`;
  return [finding("W102", { where, found, numbers })];
}

/** `layer 1`, `layers 2–30`: numbers in order, with consecutive ones joined. */
function layerRanges(numbers: readonly number[]): string[] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `layer ${first}` : `layers ${first}\u2013${last}`));
}

/** Symmetry of the kernels, once per shape, and variances that no fan explains. */
function kernelFindings(checked: CheckedNetwork, initializers: readonly Initializer[]): Finding[] {
  const { layers } = checked.signal;
  const findings: Finding[] = [];
  const seen = new Map<string, number[]>();
  for (let l = 0; l < checked.hidden; l++) {
    const key = `${layers[l]}x${layers[l + 1]}`;
    seen.set(key, [...(seen.get(key) ?? []), l]);
  }
  for (const alike of seen.values()) {
    const l = alike[0] ?? 0;
    const [inputs, units] = [layers[l] ?? 0, layers[l + 1] ?? 0];
    const where = layerRanges(alike.map((index) => index + 1));
    const initializer = initializers[l] as Initializer;
    const { data } = initializer([inputs, units]);
    const isZero = data.every((value) => value === 0);
    if (isZero && checked.residual) {
      const found = "the branches end in zeros: every block is initially the identity";
      findings.push(finding("W105", { where, found, severity: "note" }));
      continue;
    }
    const matrix = unitMatrix(data, [inputs, units], "keras");
    const symmetry = unitSymmetry(matrix);
    const isZerO = symmetry.twins > 0 && structuredFamily(data, [inputs, units], "keras")?.name === "zero";
    const rank = symmetry.twins > 0 ? effectiveRank(matrix) : 0;
    const notes =
      checked.hidden > 0 ? ["Biases and a random output layer break the symmetry only slowly, if at all."] : [];
    findings.push(
      ...equalUnits({ where, symmetry, effectiveRank: rank, isZerO, isConvolution: false, constant: null, notes }),
    );
    if (symmetry.twins === 0) findings.push(...varianceFindings(checked, initializer, inputs, units, where));
  }
  return findings;
}

function varianceFindings(
  checked: CheckedNetwork,
  initializer: Initializer,
  inputs: number,
  units: number,
  where: readonly string[],
): Finding[] {
  const { mean, variance } = initializer.distribution([inputs, units]);
  const scale = inputs * variance;
  const severity = checked.norm === "none" ? "warning" : "note";
  const findings: Finding[] = [];
  // The zeros and ones of an identity have a nonzero mean too; only weights of a single sign count.
  if (variance > 0 && Math.abs(mean) > 0.5 * Math.sqrt(variance)) {
    const found = `${checked.initializer}: mean ${short(mean)}, standard deviation ${short(Math.sqrt(variance))}`;
    findings.push(finding("W108", { where, found, numbers: { mean, variance }, severity }));
  }
  if (scale < MIN_SCALE || scale > MAX_SCALE) {
    const found = `${checked.initializer}: variance ${short(scale)}/fan_in, where 1/fan_in to 2/fan_in keeps the signal`;
    findings.push(finding("W101", { where, found, numbers: { varianceTimesFanIn: scale }, severity }));
  }
  return findings;
}

/** ln of the factors of the mean square and the squared gradient over all residual blocks. */
interface ResidualGrowth {
  readonly lnSquare: number;
  readonly lnGradient: number;
}

/** The growth through blocks x + F(x) of one layer each: q becomes q + weightVariance E[f²] with pre-activations of N(0, q). */
function residualGrowth(checked: CheckedNetwork, weightVariance: number): ResidualGrowth {
  const f = expectActivation(checked.signal.activation);
  const input = checked.input.mean ** 2 + checked.input.standardDeviation ** 2;
  let [lnSquare, lnGradient] = [Math.log(Math.max(1e-30, input)), 0];
  const start = lnSquare;
  for (let block = 0; block < checked.hidden; block++) {
    const q = Math.exp(Math.min(600, lnSquare));
    const means: ActivationMeans = activationMeans(f, q);
    lnSquare += Math.log1p((weightVariance * means.square) / q);
    lnGradient += Math.log1p(weightVariance * means.derivativeSquare);
  }
  return { lnSquare: lnSquare - start, lnGradient };
}

function residualFindings(checked: CheckedNetwork, { lnSquare }: ResidualGrowth): Finding[] {
  if (lnSquare <= EXPLODED) return [];
  const perBlock = Math.exp(lnSquare / checked.hidden);
  return [
    finding("E202", {
      where: [`blocks 1\u2013${checked.hidden}`],
      found: `variance ×${perBlock.toFixed(2)} per residual block, 10^${(lnSquare / Math.LN10).toFixed(1)} in all`,
      numbers: { factorPerLayer: perBlock, log10Change: lnSquare / Math.LN10 },
      why: "Every block adds the variance of its branch to that of its input, so the variance grows exponentially with depth.",
      fix: "zeros for the last kernel of each branch, fixup, or branches scaled by 1/sqrt(depth)",
      confidence: 1,
    }),
  ];
}

/** The variance of the hidden layers' weights times fan-in, if all have about the same. */
function commonVariance(checked: CheckedNetwork, initializers: readonly Initializer[]): number | null {
  const { layers } = checked.signal;
  const scales = initializers.slice(0, checked.hidden).map((initializer, l) => {
    const distribution = initializer.distribution([layers[l] ?? 0, layers[l + 1] ?? 0]);
    return distribution.mean === 0 ? (layers[l] ?? 0) * distribution.variance : Number.NaN;
  });
  // The first layer often has different fans; only the depth matters.
  const inner = scales.length > 1 ? scales.slice(1) : scales;
  const [first = Number.NaN] = inner;
  return inner.every((scale) => Math.abs(scale - first) <= 0.05 * first) ? first : null;
}

function rateReport({ slope, theory, change, variance }: SignalSummary["forward"]): RateReport {
  return {
    factorPerLayer: Math.exp(slope),
    theoryPerLayer: theory === null ? null : Math.exp(theory),
    log10Change: finite(change / Math.LN10),
    variance,
  };
}

function growthReport(lnGrowth: number, blocks: number): RateReport {
  const factor = Math.exp(lnGrowth / Math.max(1, blocks));
  return { factorPerLayer: factor, theoryPerLayer: factor, log10Change: lnGrowth / Math.LN10, variance: 0 };
}

/** Normalization between layers undoes the scale of the weights; findings on it become notes. */
function soften(findings: readonly Finding[], norm: string): Finding[] {
  const undone = `${norm === "batch" ? "Batch" : "Layer"} normalization resets the scale at every layer.`;
  const isUndone = (code: string) => ["E201", "E202", "E203", "E204", "E205", "E206", "W207", "W208"].includes(code);
  return findings.map((each) =>
    isUndone(each.code) ? { ...each, severity: "note", notes: [undone, ...each.notes] } : each,
  );
}

/**
 * The findings on a described network. `diagnose` is the usual entry point.
 *
 * @example
 * diagnoseNetwork({ layers: [16, ...new Array(20).fill(32), 4], activation: "relu", initializer: "glorot_uniform" }, { seed: 0 }).findings.length > 0; // => true
 */
export function diagnoseNetwork(network: NetworkDescription, options: DiagnoseNetworkOptions = {}): NetworkDiagnosis {
  return judgeNetwork(network, measureNetwork(network, options));
}

/**
 * The second half of {@link diagnoseNetwork}: judges `report`, the measurement of the same network.
 *
 * @example
 * const network = { layers: [16, ...new Array(20).fill(32), 4], activation: "relu", initializer: "glorot_uniform" } as const;
 * judgeNetwork(network, measureNetwork(network, { seed: 0 })).findings[0]?.code; // => 'E201'
 */
export function judgeNetwork(network: NetworkDescription, report: SignalReport): NetworkDiagnosis {
  const checked = expectDescription(network);
  const key = { seed: report.seed, stream: report.stream };
  const { signal, hidden } = checked;
  const initializers = networkInitializers(signal, key) ?? [];
  const weightVariance = commonVariance(checked, initializers);
  const biasVariance = (signal.biasStddev ?? 0) ** 2;
  const field =
    weightVariance !== null && hidden > 0 ? meanField(signal.activation, { weightVariance, biasVariance }) : null;
  const context = { report, hidden, weightVariance, field, optimizer: checked.optimizer, weights: checked.initializer };
  const { findings: seen, summary } = signalFindings(context);
  const kernels = kernelFindings(checked, initializers);
  const plain = checked.norm === "none" ? seen : soften(seen, checked.norm);
  const growth = checked.residual && weightVariance !== null ? residualGrowth(checked, weightVariance) : null;
  const signals = !checked.residual
    ? plain
    : growth && checked.norm === "none"
      ? residualFindings(checked, growth)
      : [];
  const layers = report.signals.slice(0, hidden);
  const most = (values: readonly (number | null)[]): number | null =>
    values.reduce(
      (greatest: number | null, value) => (value === null ? greatest : Math.max(greatest ?? 0, value)),
      null,
    );
  return {
    schemaVersion: 1,
    kind: "network",
    layers: signal.layers,
    activation: signal.activation,
    initializer: checked.initializer,
    optimizer: checked.optimizer,
    ...key,
    forward: growth ? growthReport(growth.lnSquare, hidden) : rateReport(summary.forward),
    gradient: growth ? growthReport(growth.lnGradient, hidden) : rateReport(summary.gradient),
    dead: signal.activation === "relu" ? most(layers.map(({ dead }) => dead)) : null,
    saturated: most(layers.map(({ saturated }) => saturated)),
    correlation: layers.at(-1)?.correlation.measured ?? null,
    symmetric: kernels.some(({ code }) => code === "E301"),
    field,
    signal: report,
    findings: sortFindings(joinFindings([...inputFindings(checked.input), ...kernels, ...signals])),
  };
}

// The findings on the signal of a network: vanishing, exploding, saturated, dead, correlated inputs, fluctuations of narrow nets.
// Source: Glorot and Bengio 2010, He et al. 2015, Lu et al. 2019, Schoenholz et al. 2017.

import type { OptimizerName } from "../engine/optimizers.ts";
import { recommend } from "../recommend/recommend.ts";
import { activationMeans, expectActivation } from "../signal/activation-means.ts";
import type { MeanField } from "../signal/mean-field.ts";
import type { LayerSignal, SignalReport } from "../signal/propagate.ts";
import type { FindingCode, Severity } from "./codes.ts";
import { type Finding, finding } from "./finding.ts";
import { type SignalRate, signalRate } from "./signal-rate.ts";

/** The facts besides the measurement that a verdict depends on. */
export interface SignalContext {
  readonly report: SignalReport;
  /** The number of layers before the output. */
  readonly hidden: number;
  /** fan_in * Var(weight) of the hidden layers, if it is one number. */
  readonly weightVariance: number | null;
  readonly field: MeanField | null;
  readonly optimizer: OptimizerName | null;
  /** The name of the weights in a sentence, such as `glorot_uniform`. */
  readonly weights: string;
}

/** The figures of the verdict, which terminals and pages show. */
export interface SignalSummary {
  readonly forward: SignalRate;
  readonly gradient: SignalRate;
}

// Bounds of mean squares relative to the first layer; a hundredth of the gradient's norm is a mean square of 1e-4.
const VANISHED = Math.log(1e-2);
const EXPLODED = Math.log(1e3);
const GRADIENT = Math.log(1e4);
/** Adam divides by the square root of a mean square plus 1e-7: gradients far below that do not move the weights. */
const ADAM_EPSILON = 2 * Math.log(1e-7);
const SURE = 0.9;
const SATURATED = 0.5;
const DEAD = 0.9;
const CORRELATION_LENGTHS = 6;
const MAX_LOG_VARIANCE = 4;

const hiddenOf = ({ report, hidden }: SignalContext): readonly LayerSignal[] => report.signals.slice(0, hidden);

/** Forward signal and gradient of the hidden layers; the gradient runs from the last to the first. */
function summarizeSignal(context: SignalContext): SignalSummary {
  const layers = hiddenOf(context);
  const widths = layers.map(({ units }) => units);
  const back = [...layers].reverse();
  return {
    forward: signalRate(
      layers.map(({ forward }) => forward),
      widths,
    ),
    gradient: signalRate(
      back.map(({ gradient }) => gradient),
      [...widths].reverse(),
    ),
  };
}

/** A factor as text: ×0.50, ×1.03, ×7e-4. */
function formatFactor(lnFactor: number): string {
  const factor = Math.exp(lnFactor);
  if (factor === 0) return "×0";
  return factor >= 0.01 && factor < 1000 ? `×${factor.toFixed(2)}` : `×${factor.toExponential(0).replace("+", "")}`;
}

/** A power of ten as text: 10^-8.7. */
export function powerOfTen(lnValue: number): string {
  return Number.isFinite(lnValue) ? `10^${(lnValue / Math.LN10).toFixed(1)}` : "0";
}

const severityOf = (confidence: number): Severity => (confidence >= SURE ? "error" : "warning");

function range(layers: readonly LayerSignal[]): string {
  const [first, last] = [layers[0]?.layer, layers.at(-1)?.layer];
  return first === last ? `layer ${first}` : `layers ${first}\u2013${last}`;
}

/** The layers whose signal is beyond `bound` times that of the first. */
function layersBeyond(layers: readonly LayerSignal[], bound: number): readonly LayerSignal[] {
  const first = layers[0]?.forward.log10 ?? Number.NEGATIVE_INFINITY;
  const limit = first + bound / Math.LN10;
  return layers.filter(({ forward: { log10 } }) =>
    bound < 0 ? (log10 ?? Number.NEGATIVE_INFINITY) < limit : log10 !== null && log10 > limit,
  );
}

/** The effect of the weights on the variance, in a sentence. */
function whyFactor({ report, weightVariance, weights, field }: SignalContext, slope: number): string {
  if (!Number.isFinite(slope)) return `${weights} gives a signal of exactly 0.`;
  if (weightVariance === null)
    return `${weights} multiplies the variance by ${formatFactor(slope).slice(1)} per layer.`;
  const kept = activationMeans(expectActivation(report.activation), 1).square;
  const share =
    report.activation === "relu"
      ? "ReLU keeps half of it"
      : `${report.activation} keeps ${kept.toFixed(2)} of it at unit variance`;
  const gradients = field ? ` A squared gradient is multiplied by ${field.chi1.toPrecision(3)} per layer.` : "";
  return `Here Var(W) = ${Number(weightVariance.toPrecision(3))}/fan_in, and ${share}.${gradients}`;
}

/** The recommended alternative. */
function fixFor({ report, hidden }: SignalContext): string {
  const width = Math.max(...report.layers.slice(1, -1));
  const activation = report.activation as Parameters<typeof recommend>[0]["activation"];
  const { initializer, alternatives, notes } = recommend({ activation, depth: Math.max(1, hidden), width });
  return [...notes, `Initialize with ${[initializer, ...alternatives].join(" or ")}.`].join(" ");
}

/** The notes on whether an optimizer handles small gradients. */
function optimizerNotes({ optimizer }: SignalContext, change: number): string[] {
  if (change < ADAM_EPSILON) return ["Not even Adam trains this: the gradients are below its epsilon."];
  const adaptive = "Adam may still train (it rescales tiny gradients)";
  if (optimizer === "sgd" || optimizer === "momentum") return [`SGD will not train this; ${adaptive}.`];
  return [`${adaptive}; SGD will not.`];
}

/** The figures of a rate for JSON; a signal of 0 has no logarithm. */
function rateNumbers(rate: SignalRate): Record<string, number> {
  const numbers = {
    log10Change: rate.change / Math.LN10,
    factorPerLayer: Math.exp(rate.slope),
    theoryPerLayer: rate.theory === null ? Number.NaN : Math.exp(rate.theory),
  };
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
}

/** Vanishing and exploding, of signal and gradient. */
function rateFindings(context: SignalContext, { forward, gradient }: SignalSummary): Finding[] {
  const layers = hiddenOf(context);
  const findings: Finding[] = [];
  const add = (
    code: FindingCode,
    rate: SignalRate,
    bound: number,
    noun: string,
    where: readonly LayerSignal[],
    text: string,
  ) => {
    const beyond = bound < 0 ? rate.total < bound : rate.total > bound;
    const confidence = rate.beyond(bound);
    if (!beyond || confidence < 0.5) return false;
    findings.push(
      finding(code, {
        where: [range(where.length > 0 ? where : layers)],
        found: Number.isFinite(rate.slope)
          ? `${noun} ${formatFactor(rate.slope)} per layer, ${powerOfTen(rate.change)} in all; ${text}`
          : `${noun} exactly 0 at the last of ${layers.length} layers`,
        numbers: rateNumbers(rate),
        why: whyFactor(context, rate.slope),
        fix: fixFor(context),
        notes: bound < 0 ? optimizerNotes(context, gradient.change) : [],
        severity: severityOf(confidence),
        confidence,
      }),
    );
    return true;
  };
  const low = layersBeyond(layers, VANISHED);
  const high = layersBeyond(layers, EXPLODED);
  const vanished = add("E201", forward, VANISHED, "variance", low, `${low.length} layers below 1e-2 of layer 1`);
  const exploded = add("E202", forward, EXPLODED, "variance", high, `${high.length} layers above 1e3 of layer 1`);
  // A gradient that behaves like the signal has the same fault.
  if (!vanished) add("E203", gradient, -GRADIENT, "squared gradient", layers, "going back from the last hidden layer");
  if (!exploded) add("E204", gradient, GRADIENT, "squared gradient", layers, "going back from the last hidden layer");
  return findings;
}

function saturationFindings(context: SignalContext): Finding[] {
  const layers = hiddenOf(context).filter(({ saturated }) => saturated !== null && saturated > SATURATED);
  if (layers.length === 0) return [];
  const most = Math.max(...layers.map(({ saturated }) => saturated ?? 0));
  return [
    finding("E205", {
      where: [range(layers)],
      found: `up to ${(100 * most).toFixed(0)} % of the activations are beyond 97 % of their range`,
      numbers: { saturated: most },
      fix: fixFor(context),
    }),
  ];
}

/** Layers without a live unit, and the chance of them in nets this narrow. */
function deadFindings(context: SignalContext): Finding[] {
  if (context.report.activation !== "relu") return [];
  const layers = hiddenOf(context);
  // A signal of 0 is another fault; here units are dead by their signs.
  if (layers[0]?.forward.log10 === null) return [];
  const dead = layers.filter((layer) => layer.dead > DEAD);
  const most = layers.reduce((share, layer) => Math.max(share, layer.dead), 0);
  // Lu et al. 2019: a layer of n symmetric units dies with a chance of up to 2^-n, from the second on.
  const alive = layers.slice(1).reduce((chance, { units }) => chance * (1 - 2 ** -units), 1);
  const bornDead = 1 - alive;
  const narrow = layers.reduce((least, { units }) => Math.min(least, units), Number.POSITIVE_INFINITY);
  if (dead.length === 0 && bornDead < 0.05) return [];
  const found =
    dead.length > 0
      ? `${(100 * most).toFixed(0)} % of the units of ${range(dead)} are 0 for every input of the batch`
      : `up to ${(100 * bornDead).toFixed(0)} % of all draws have a layer without a live unit`;
  return [
    finding("E206", {
      where: [range(dead.length > 0 ? dead : layers)],
      found,
      numbers: { dead: most, bornDead, narrowest: narrow },
      severity: dead.length > 0 || bornDead > 0.5 ? "error" : "warning",
      confidence: dead.length > 0 ? Math.max(0.5, bornDead) : bornDead,
    }),
  ];
}

function depthFindings(
  context: SignalContext,
  { forward, gradient }: SignalSummary,
  others: readonly Finding[],
): Finding[] {
  const { field, hidden } = context;
  const findings: Finding[] = [];
  const isExplained = others.some(({ code }) => code.startsWith("E20") && code !== "E206");
  // The fixed point may be far away still, as of GELU with He's weights: the gradient must bear it out.
  const isFelt = gradient.total < -CORRELATION_LENGTHS;
  if (field?.xiC && field.chi1 < 1 && hidden > CORRELATION_LENGTHS * field.xiC && isFelt && !isExplained) {
    const reach = CORRELATION_LENGTHS * field.xiC;
    findings.push(
      finding("W207", {
        where: [range(hiddenOf(context))],
        found: `information survives about ${Math.floor(reach)} layers (6 ξ_c, ξ_c = ${field.xiC.toPrecision(3)}); there are ${hidden}`,
        numbers: { xiC: field.xiC, depth: hidden, reach },
        fix: fixFor(context),
      }),
    );
  }
  if (forward.variance > MAX_LOG_VARIANCE && !isExplained) {
    const factor = Math.exp(1.96 * Math.sqrt(forward.variance));
    findings.push(
      finding("W208", {
        where: [range(hiddenOf(context))],
        found: `the size of the signal varies by a factor of ${factor.toExponential(0).replace("+", "")} either way from seed to seed`,
        numbers: { variance: forward.variance },
      }),
    );
  }
  return findings;
}

/** Everything that the signal shows, unsorted. */
export function signalFindings(context: SignalContext): {
  readonly findings: Finding[];
  readonly summary: SignalSummary;
} {
  const summary = summarizeSignal(context);
  const findings = [...rateFindings(context, summary), ...saturationFindings(context), ...deadFindings(context)];
  findings.push(...depthFindings(context, summary, findings));
  return { findings, summary };
}

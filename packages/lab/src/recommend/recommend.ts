// Recommends an initializer for a network, with the depth limit and the code.
// Source: tables T2 (gains), T3 (6 xi_c), T5, T10 of papers/; Hanin and Rolnick 2018 for the fluctuations 5 L / n.

import { normalCdf } from "@fanin/core";
import { describeValue, expectBoolean, expectInteger, expectOneOf } from "@fanin/tensor/arguments";
import { resolveActivation } from "../engine/activations.ts";
import { type MeanFieldActivation, meanFieldActivations } from "../signal/activation-functions.ts";
import { activationGain } from "../signal/activation-means.ts";
import { meanField } from "../signal/mean-field.ts";
import { type Choice, choiceFor, choiceText } from "./choice.ts";
import { type Snippets, snippetsFor } from "./snippets.ts";
import { type VggGradient, vggGradient } from "./vgg-b.ts";

const norms = ["none", "batch", "layer"] as const;
const trainers = ["adam", "adamw", "momentum", "rmsprop", "sgd"] as const;

/** Normalization between layers. */
export type Norm = (typeof norms)[number];

/** Properties of the network. */
export interface RecommendOptions {
  readonly activation: MeanFieldActivation;
  /** The number of hidden layers. Defaults to 1. */
  readonly depth?: number | undefined;
  /** Units of a hidden layer. Defaults to 128. */
  readonly width?: number | undefined;
  /** Defaults to `none`. */
  readonly norm?: Norm | undefined;
  /** Whether layers are added to their input. Defaults to false. */
  readonly residual?: boolean | undefined;
  readonly optimizer?: (typeof trainers)[number] | undefined;
  /** A network from the literature; its arithmetic is added to the answer. */
  readonly net?: "vgg-b" | undefined;
  /** The fixed standard deviation to judge for `net`. Defaults to 0.01. */
  readonly weightsStddev?: number | undefined;
}

/** A recommendation with its reasons; plain data. */
export interface Recommendation {
  readonly schemaVersion: 1;
  /** In Keras's spelling. */
  readonly initializer: string;
  /** The factor on 1/sqrt(fan_in); its square is fan_in * Var(weight). */
  readonly gain: number;
  /** The gain that keeps the forward variance at 1 for this activation, and the resulting factor of a squared gradient. */
  readonly forwardGain: number;
  readonly chi1: number;
  /** The greatest trainable number of hidden layers; null if theory sets no limit. */
  readonly maxDepth: number | null;
  readonly limitedBy: "correlation" | "gradient" | "width" | null;
  /** The reason, in two sentences. */
  readonly reason: string;
  readonly notes: readonly string[];
  /** The probability that signal and gradient keep their size within a factor of 100 through all layers. */
  readonly confidence: number;
  readonly alternatives: readonly string[];
  readonly code: Snippets;
  readonly vgg: VggGradient | null;
}

/** The variance of ln q beyond which the draw of the weights dominates (standard deviation 2, a factor of 50 either way). */
const WIDEST_SPREAD = 4;
const FLUCTUATION = 5;
const CORRELATION_LENGTHS = 6;
const BOUND = 2 * Math.log(100);

interface Checked {
  readonly activation: MeanFieldActivation;
  readonly depth: number;
  readonly width: number;
  readonly norm: Norm;
  readonly residual: boolean;
  readonly adaptive: boolean | null;
}

function expectOptions(options: RecommendOptions): Checked {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`options: expected an object, got ${describeValue(options)}`);
  }
  const { optimizer } = options;
  const trainer = optimizer === undefined ? null : expectOneOf("optimizer", optimizer, trainers);
  return {
    activation: expectOneOf("activation", resolveActivation(options.activation), meanFieldActivations),
    depth: expectInteger("depth", options.depth ?? 1, 1, 1e6),
    width: expectInteger("width", options.width ?? 128, 1, 2 ** 24),
    norm: expectOneOf("norm", options.norm ?? "none", norms),
    residual: expectBoolean("residual", options.residual ?? false),
    adaptive: trainer === null ? null : trainer === "adam" || trainer === "adamw" || trainer === "rmsprop",
  };
}

/** The probability that a normal variable lies within ±bound. */
const within = (mean: number, variance: number, bound: number): number =>
  variance === 0
    ? Number(Math.abs(mean) <= bound)
    : normalCdf((bound - mean) / Math.sqrt(variance)) - normalCdf((-bound - mean) / Math.sqrt(variance));

interface Decision {
  readonly choice: Choice;
  readonly reason: string;
  readonly alternatives: readonly string[];
}

/** The initializer and the reason: the activation's row, unless a property of the network overrides it. */
function decide({ activation, depth, width, norm, residual }: Checked): Decision {
  const { choice, because } = choiceFor(activation);
  const spread = (FLUCTUATION * depth) / width;
  if (residual && norm === "none") {
    return {
      choice: { ...choice, endsInZeros: true },
      reason: `${depth} residual branches with ordinary weights would double the mean square at every block. Branches that end in zeros make every block the identity at initialization, and the gradient reaches all of them.`,
      alternatives: ["fixup", "branches scaled by 1/sqrt(depth)"],
    };
  }
  if (norm !== "none") {
    return {
      choice,
      reason: `${norm === "batch" ? "Batch" : "Layer"} normalization resets the scale of the signal at every layer, so the scale of the weights matters little here. ${because}`,
      alternatives: residual ? ["zeros for the last normalization's gamma of each branch"] : ["orthogonal"],
    };
  }
  const isBounded = activation === "tanh" || activation === "softsign";
  const isRectified = activation === "relu" || activation === "leaky_relu";
  if ((isBounded && depth >= 10) || ((isRectified || isBounded) && spread > 1)) {
    const gain = isBounded ? 1 : choice.gain;
    const variance = isBounded
      ? "Their singular values are all equal, so they keep all directions of the gradient, which matters from about ten layers on."
      : `With Gaussian weights, the logarithm of the mean square would fluctuate with variance 5L/n = ${spread.toPrecision(2)}; orthogonal weights remove a large part of it.`;
    return {
      choice: { kind: "orthogonal", gain },
      reason: `${because} ${variance}`,
      alternatives: [choiceText(choice)],
    };
  }
  const second =
    choice.kind === "orthogonal"
      ? "Its singular values are all equal, so no direction is lost."
      : depth <= 3
        ? "At this depth other sane initializers do about as well."
        : `Over ${depth} layers of ${width} units, the size of the signal then stays within a factor of ${Math.exp(1.96 * Math.sqrt(spread)).toPrecision(2)} for 95 % of the seeds.`;
  const orthogonal = choiceText({ kind: "orthogonal", gain: choice.gain });
  return {
    choice,
    reason: `${because} ${second}`,
    alternatives: choice.kind === "siren_uniform" || choice.kind === "orthogonal" ? [] : [orthogonal],
  };
}

/** The limit of the depth, and the factor of a squared gradient per layer. */
interface DepthLimit {
  readonly chi1: number;
  readonly maxDepth: number | null;
  readonly limitedBy: Recommendation["limitedBy"];
}

/** The depth limit: six correlation lengths, a factor of 100 in the gradient, or dominating fluctuations at this width. */
function depthLimit({ activation, width, norm, residual }: Checked, { kind, gain }: Choice): DepthLimit {
  if (norm !== "none" || residual || kind === "siren_uniform") return { chi1: 1, maxDepth: null, limitedBy: null };
  const field = meanField(activation, { weightVariance: gain ** 2, biasVariance: 0 });
  // For GELU and similar activations, the scale that keeps q = 1 is an unstable point of the map: only the values at it are known.
  const keepsOne = kind === "variance_scaling";
  const chi1 = keepsOne ? activationGain(activation).chi1 : field.chi1;
  const xiC = keepsOne && !(field.qStar !== null && Math.abs(field.qStar - 1) < 0.05) ? null : field.xiC;
  const isFlat = Math.abs(Math.log(chi1)) < 1e-3;
  const limits = [
    { by: "correlation", depth: xiC === null ? Number.POSITIVE_INFINITY : CORRELATION_LENGTHS * xiC },
    { by: "gradient", depth: isFlat ? Number.POSITIVE_INFINITY : BOUND / Math.abs(Math.log(chi1)) },
    { by: "width", depth: kind === "orthogonal" ? Number.POSITIVE_INFINITY : (WIDEST_SPREAD * width) / FLUCTUATION },
  ] as const;
  const least = limits.reduce((a, b) => (b.depth < a.depth ? b : a));
  if (!Number.isFinite(least.depth)) return { chi1, maxDepth: null, limitedBy: null };
  return { chi1, maxDepth: Math.max(1, Math.floor(least.depth)), limitedBy: least.by };
}

function notesOf(checked: Checked, maxDepth: number | null): string[] {
  const { activation, depth, adaptive, norm, residual } = checked;
  const notes = [choiceFor(activation).caution].filter((caution) => caution !== "");
  if (maxDepth !== null && depth > maxDepth) {
    notes.push(
      `${depth} layers are more than the ${maxDepth} that this initialization supports: add residual connections or normalization.`,
    );
  }
  if (adaptive === true && norm === "none" && !residual && depth > 5) {
    notes.push("Adam rescales small gradients and so hides a poor initialization; judge the initializer with SGD.");
  }
  if (adaptive === false && depth > 5) notes.push("SGD does not tolerate a wrong scale at this depth.");
  return notes;
}

/**
 * Recommends an initializer for a network, with gain, depth limit, reason and code.
 *
 * The depth limit is the lesser of 6 xi_c of mean-field theory and the depth at which the signal at this width fluctuates
 * by a factor of 50 (5L/n = 4).
 *
 * @throws TypeError or RangeError that names the option, the expected value and the value received.
 * @example
 * recommend({ activation: "relu", depth: 30, width: 256 }).initializer; // => 'he_normal'
 */
export function recommend(options: RecommendOptions): Recommendation {
  const checked = expectOptions(options);
  const { activation, depth, width, norm, residual } = checked;
  if (options.net !== undefined) expectOneOf("net", options.net, ["vgg-b"]);
  const vgg = options.net === undefined ? null : vggGradient(options.weightsStddev ?? 0.01);
  const { choice, reason, alternatives } = decide(checked);
  const { chi1, maxDepth, limitedBy } = depthLimit(checked, choice);
  const spread = norm !== "none" || residual || choice.kind === "orthogonal" ? 0 : (FLUCTUATION * depth) / width;
  const gains = activationGain(activation);
  return {
    schemaVersion: 1,
    initializer: choiceText(choice),
    gain: choice.gain,
    forwardGain: gains.gain,
    chi1: gains.chi1,
    maxDepth,
    limitedBy,
    reason,
    notes: notesOf(checked, maxDepth),
    confidence: Math.min(
      within(-spread / 2, spread, BOUND),
      within(depth * Math.log(Math.max(chi1, 1e-300)) - spread / 2, spread, BOUND),
    ),
    alternatives,
    code: snippetsFor(choice, activation, width),
    vgg,
  };
}

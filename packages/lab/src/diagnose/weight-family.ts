// Recognises the initializer of a tensor: structured kernels by structure, drawn ones by moments and Kolmogorov-Smirnov.
// Source: candidate-distributions.ts; Kolmogorov 1933; Wilson and Hilferty 1931 for the variance of few values; Schwarz 1978
// for the choice by likelihood among distributions without free parameters.

import { type Distribution, distributions } from "@fanin/core";
import {
  type Candidate,
  type CandidateContext,
  candidateDistributions,
  logLikelihood,
} from "./candidate-distributions.ts";
import { ksDistance, ksProbability, sortedSample } from "./kolmogorov-smirnov.ts";
import type { Layout } from "./layout.ts";
import { structuredFamily } from "./structured-family.ts";
import type { ValueStatistics } from "./value-statistics.ts";
import type { Values } from "./weight-tensor.ts";

/**
 * The chance per test of not recognising a tensor from one of the distributions. There are two tests (moments,
 * Kolmogorov-Smirnov), so a drawn tensor is called trained or unknown less than once in 500,000.
 */
export const FALSE_ALARM = 1e-6;

/** The origin of values. */
export type FamilyKind = "empty" | "zeros" | "ones" | "constant" | "built" | "drawn" | "sparse" | "unknown";

/** The family that a tensor resembles. */
export interface WeightFamily {
  readonly kind: FamilyKind;
  /** The initializer, such as `he_normal`; `unknown` if none fits. */
  readonly name: string;
  readonly description: string;
  /** Names of other distributions that fit: those whose odds against the best are below 100 to 1. */
  readonly alternatives: readonly string[];
  /** The posterior probability among the distributions that fit, with equal priors; 1 if there is only one. */
  readonly confidence: number;
}

/** The odds beyond which another fitting distribution is not mentioned. */
const ODDS = 100;
const DEVIATIONS = 4.9; // two-sided 1e-6 of a normal
const FEWEST = 8;
/** The share of exact zeros above which a kernel counts as sparse. */
const SPARSE = 0.2;

const plain = (kind: FamilyKind, name: string, description: string): WeightFamily => ({
  kind,
  name,
  description,
  alternatives: [],
  confidence: 1,
});

/** The relative error of rounding to 16 bits. */
const coarseness: Readonly<Record<string, number>> = { float16: 2 ** -11, bfloat16: 2 ** -8 };

/** Whether mean and variance match the distribution, within the bounds of FALSE_ALARM. */
export function momentsFit(
  expected: Distribution,
  { count, mean, standardDeviation }: ValueStatistics,
  coarse: number,
): boolean {
  const spread = Math.sqrt(expected.variance);
  if (Math.abs(mean - expected.mean) > (DEVIATIONS * spread) / Math.sqrt(count) + coarse * spread) return false;
  // The cube root of a normal's sample variance is nearly normal even for few values; for the other forms it varies less.
  const ratio = (standardDeviation ** 2 / expected.variance) * (count / (count - 1));
  const relative = 2 / (9 * (count - 1));
  const bound = (sign: number): number => Math.max(0, 1 - relative + sign * DEVIATIONS * Math.sqrt(relative)) ** 3;
  return ratio >= bound(-1) - coarse && ratio <= bound(1) + coarse;
}

/** Whether all values are within the distribution's support, up to rounding. */
function supportFits(expected: Distribution, { min, max }: ValueStatistics, coarse: number): boolean {
  const [low, high] = expected.support;
  const slack = (1e-6 + coarse) * Math.max(Math.abs(low), Math.abs(high));
  return !Number.isFinite(high) || (min >= low - slack && max <= high + slack);
}

/** The distribution that fits best, with the others that fit. */
function drawnFamily(
  candidates: readonly Candidate[],
  values: Values,
  statistics: ValueStatistics,
  coarse: number,
): WeightFamily | undefined {
  const near = candidates.filter(
    ({ distribution }) => supportFits(distribution, statistics, coarse) && momentsFit(distribution, statistics, coarse),
  );
  if (near.length === 0) return undefined;
  const sorted = sortedSample(values);
  const moments = { n: statistics.count, mean: statistics.mean, variance: statistics.standardDeviation ** 2 };
  const fitting = near
    // An atom of a rounded distribution holds at most `coarseness` of the mass; the distance may grow by that.
    .filter(
      ({ distribution }) =>
        ksProbability(Math.max(0, ksDistance(sorted, distribution.cdf) - coarse), sorted.length) > FALSE_ALARM,
    )
    .map((candidate) => ({ candidate, likelihood: logLikelihood(candidate.distribution, moments) }))
    .sort((a, b) => b.likelihood - a.likelihood);
  const best = fitting[0];
  if (!best) return undefined;
  const rivals = fitting.slice(1).filter(({ likelihood }) => best.likelihood - likelihood < Math.log(ODDS));
  // For a square kernel, Glorot's distribution equals LeCun's: two names of one distribution are not alternatives.
  const { kind, parameters } = best.candidate.distribution;
  const isSame = ({ candidate: { distribution } }: { candidate: Candidate }) =>
    distribution.kind === kind &&
    distribution.parameters.every((p, i) => Math.abs(p - (parameters[i] as number)) <= 1e-9 * Math.abs(p));
  const others = rivals.filter((rival) => !isSame(rival));
  const weight = others.reduce((sum, { likelihood }) => sum + Math.exp(likelihood - best.likelihood), 1);
  return {
    kind: "drawn",
    name: best.candidate.name,
    description: best.candidate.description,
    alternatives: rivals.map(({ candidate }) => candidate.name),
    confidence: 1 / weight,
  };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** A normal or uniform distribution of any width, for values that no known initializer draws. */
function fittedFamily(
  values: Values,
  statistics: ValueStatistics,
  fanIn: number,
  coarse: number,
): WeightFamily | undefined {
  const { count, mean, standardDeviation, max, min } = statistics;
  const limit = Math.max(Math.abs(min), Math.abs(max)) * (1 + 1 / count);
  const times = `variance ${short(standardDeviation ** 2 * fanIn)}/fan_in`;
  const centre = Math.abs(mean) < (DEVIATIONS * standardDeviation) / Math.sqrt(count) ? 0 : mean;
  const candidates: Candidate[] = [
    {
      name: "uniform",
      description: `U(±${short(limit)}): ${times}`,
      distribution: distributions.uniform(-limit, limit),
    },
    {
      name: "normal",
      description: `N(${short(centre)}, ${short(standardDeviation)}²): ${times}`,
      distribution: distributions.normal(centre, standardDeviation),
    },
  ];
  return drawnFamily(candidates, values, statistics, coarse);
}

/**
 * The family of finite values. `built` families are looked for only in kernels, which have a layout, and only if all
 * values are given; `statistics` always covers all values.
 */
export function weightFamily(
  tensor: { readonly shape: readonly number[]; readonly dtype: string },
  values: Values,
  statistics: ValueStatistics,
  layout: Layout | null,
  context: CandidateContext,
): WeightFamily {
  const { count, min, max, zeros } = statistics;
  if (count === 0) return plain("empty", "empty", "no values");
  if (min === max) {
    if (min === 0) return plain("zeros", "zeros", "zeros");
    return min === 1 ? plain("ones", "ones", "ones") : plain("constant", "constant", `constant ${short(min)}`);
  }
  const isWhole = values.length === count;
  if (isWhole && tensor.shape.length < 2 && isForgetBias(values)) {
    return plain("built", "unit_forget_bias", "zeros, and ones for the forget gate");
  }
  if (isWhole && tensor.shape.length >= 2 && layout !== null) {
    const built = structuredFamily(values, tensor.shape, layout);
    if (built) return plain("built", built.name, built.description);
  }
  if (count < FEWEST) return plain("unknown", "unknown", "too few values to tell");
  const coarse = coarseness[tensor.dtype] ?? 0;
  const drawn =
    drawnFamily(candidateDistributions(context), values, statistics, coarse) ??
    fittedFamily(values, statistics, context.fanIn, coarse);
  if (drawn) return drawn;
  if (zeros > SPARSE * count) {
    return plain("sparse", "sparse", `sparse: ${Math.round((100 * zeros) / count)} % zeros`);
  }
  return plain("unknown", "unknown", "trained, or no known initializer");
}

/** Whether a bias is 1 for the forget gate, the second of four quarters, and 0 elsewhere, as Keras initializes an LSTM. */
function isForgetBias(values: Values): boolean {
  const quarter = values.length / 4;
  return Number.isInteger(quarter) && values.every((value, i) => value === (Math.floor(i / quarter) === 1 ? 1 : 0));
}

// Which initializer a tensor looks like: built kernels by their structure, drawn ones by moments and Kolmogorov-Smirnov.
// Source: the laws of candidate-laws.ts; Kolmogorov 1933; Wilson and Hilferty 1931 for the variance of few values; Schwarz 1978
// for choosing by likelihood among laws without free parameters.

import { type CandidateLaw, candidateLaws, type LawContext, lawOf, logLikelihood } from "./candidate-laws.ts";
import { ksDistance, ksProbability, sortedSample } from "./kolmogorov-smirnov.ts";
import type { Layout } from "./layout.ts";
import { structuredFamily } from "./structured-family.ts";
import type { ValueStatistics } from "./value-statistics.ts";
import type { Values } from "./weight-tensor.ts";

/**
 * The chance that a tensor drawn from one of the laws is not recognised, per test; there are two of them (moments,
 * Kolmogorov-Smirnov), so a tensor is called trained or unknown by mistake less than once in 500,000.
 */
export const FALSE_ALARM = 1e-6;

/** How values came to be. */
export type FamilyKind = "empty" | "zeros" | "ones" | "constant" | "built" | "drawn" | "sparse" | "unknown";

/** What a tensor looks like. */
export interface WeightFamily {
  readonly kind: FamilyKind;
  /** The initializer, such as `he_normal`; `unknown` where none fits. */
  readonly name: string;
  readonly description: string;
  /** Other laws that fit as well: names of those whose odds against the best are below 100 to 1. */
  readonly alternatives: readonly string[];
  /** The chance of this law among those that fit, all equally likely before; 1 where there is no choice. */
  readonly confidence: number;
}

/** Odds beyond which a law that fits too is not worth a mention. */
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

/** How far rounding to 16 bits moves a value, relative to it. */
const coarseness: Readonly<Record<string, number>> = { float16: 2 ** -11, bfloat16: 2 ** -8 };

/** Whether mean and variance are as the law has them, within the bounds of FALSE_ALARM. */
export function momentsFit(
  law: CandidateLaw,
  { count, mean, standardDeviation }: ValueStatistics,
  coarse: number,
): boolean {
  const expected = lawOf(law);
  const spread = Math.sqrt(expected.variance);
  if (Math.abs(mean - expected.mean) > (DEVIATIONS * spread) / Math.sqrt(count) + coarse * spread) return false;
  // The cube root of a normal's sample variance is nearly normal, however few the values; the other laws' varies less.
  const ratio = (standardDeviation ** 2 / expected.variance) * (count / (count - 1));
  const relative = 2 / (9 * (count - 1));
  const bound = (sign: number): number => Math.max(0, 1 - relative + sign * DEVIATIONS * Math.sqrt(relative)) ** 3;
  return ratio >= bound(-1) - coarse && ratio <= bound(1) + coarse;
}

/** Whether no value is outside of the law's support, but for rounding. */
function supportFits(law: CandidateLaw, { min, max }: ValueStatistics, coarse: number): boolean {
  const [low, high] = lawOf(law).support;
  const slack = (1e-6 + coarse) * Math.max(Math.abs(low), Math.abs(high));
  return !Number.isFinite(high) || (min >= low - slack && max <= high + slack);
}

/** The law that fits best, with the others that fit. */
function drawnFamily(
  candidates: readonly CandidateLaw[],
  values: Values,
  statistics: ValueStatistics,
  coarse: number,
): WeightFamily | undefined {
  const near = candidates.filter((law) => supportFits(law, statistics, coarse) && momentsFit(law, statistics, coarse));
  if (near.length === 0) return undefined;
  const sorted = sortedSample(values);
  const moments = { n: statistics.count, mean: statistics.mean, variance: statistics.standardDeviation ** 2 };
  const fitting = near
    // An atom of a rounded law holds at most its coarseness of the mass, which the distance may grow by.
    .filter(
      (law) =>
        ksProbability(Math.max(0, ksDistance(sorted, lawOf(law).cdf ?? (() => 0)) - coarse), sorted.length) >
        FALSE_ALARM,
    )
    .map((law) => ({ law, likelihood: logLikelihood(law, moments) }))
    .sort((a, b) => b.likelihood - a.likelihood);
  const best = fitting[0];
  if (!best) return undefined;
  const rivals = fitting.slice(1).filter(({ likelihood }) => best.likelihood - likelihood < Math.log(ODDS));
  // For a square kernel Glorot's law is LeCun's: two names of one law are not rivals.
  const isSame = ({ law }: { law: CandidateLaw }) =>
    law.form === best.law.form &&
    law.parameters.every((p, i) => Math.abs(p - (best.law.parameters[i] ?? 0)) <= 1e-9 * Math.abs(p));
  const others = rivals.filter((rival) => !isSame(rival));
  const weight = others.reduce((sum, { likelihood }) => sum + Math.exp(likelihood - best.likelihood), 1);
  return {
    kind: "drawn",
    name: best.law.name,
    description: best.law.description,
    alternatives: rivals.map(({ law }) => law.name),
    confidence: 1 / weight,
  };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** A normal or a uniform law of any width, for values that no known initializer draws. */
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
  const candidates: CandidateLaw[] = [
    { name: "uniform", description: `U(±${short(limit)}): ${times}`, form: "uniform", parameters: [-limit, limit] },
    {
      name: "normal",
      description: `N(${short(centre)}, ${short(standardDeviation)}²): ${times}`,
      form: "normal",
      parameters: [centre, standardDeviation],
    },
  ];
  return drawnFamily(candidates, values, statistics, coarse);
}

/**
 * What the values of a tensor look like; they are finite. `built` families are looked for in kernels only, which have a
 * layout, and only where all values are there; `statistics` are of all.
 */
export function weightFamily(
  tensor: { readonly shape: readonly number[]; readonly dtype: string },
  values: Values,
  statistics: ValueStatistics,
  layout: Layout | null,
  context: LawContext,
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
    drawnFamily(candidateLaws(context), values, statistics, coarse) ??
    fittedFamily(values, statistics, context.fanIn, coarse);
  if (drawn) return drawn;
  if (zeros > SPARSE * count) {
    return plain("sparse", "sparse", `sparse: ${Math.round((100 * zeros) / count)} % zeros`);
  }
  return plain("unknown", "unknown", "trained, or no known initializer");
}

/** Whether a bias is 1 for the forget gate and 0 elsewhere, as Keras begins an LSTM: the second of four quarters. */
function isForgetBias(values: Values): boolean {
  const quarter = values.length / 4;
  return Number.isInteger(quarter) && values.every((value, i) => value === (Math.floor(i / quarter) === 1 ? 1 : 0));
}

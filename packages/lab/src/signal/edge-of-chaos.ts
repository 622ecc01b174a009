// The edge of chaos: the line of variances at which gradients keep their size, and the depth scales on either side.
// Source: Poole et al. 2016 (arXiv 1606.05340), Schoenholz et al. 2017 (arXiv 1611.01232). All + - * / and sqrt: same bits everywhere.

import type { MeanFieldActivation } from "./activation-functions.ts";
import { activationMeans, expectActivation } from "./activation-means.ts";
import { expectVariance, type MeanFieldLayer, meanField } from "./mean-field.ts";

/** A point of the edge of chaos, where chi1 = 1. */
export interface CriticalPoint extends MeanFieldLayer {
  readonly qStar: number;
}

/**
 * The weight variance at which chi1 = 1 for this bias variance: along q, weightVariance = 1 / E[f'^2] and
 * biasVariance = q - E[f^2] / E[f'^2]. Null if no such point exists (ReLU with a bias).
 *
 * @example
 * criticalPoint("tanh", 0.05)?.weightVariance.toFixed(3); // => '1.761'
 */
export function criticalPoint(activation: MeanFieldActivation, biasVariance: number): CriticalPoint | null {
  const f = expectActivation(activation);
  expectVariance("biasVariance", biasVariance);
  const at = (q: number): { weightVariance: number; excess: number } => {
    const { square, derivativeSquare } = activationMeans(f, q);
    return { weightVariance: 1 / derivativeSquare, excess: q - square / derivativeSquare - biasVariance };
  };
  const point = (q: number): CriticalPoint => ({ biasVariance, weightVariance: at(q).weightVariance, qStar: q });
  if (biasVariance === 0 && f.tiny) {
    const { derivativeSquare } = activationMeans(f, 0);
    return { biasVariance, weightVariance: 1 / derivativeSquare, qStar: 0 };
  }
  // The first crossing from below on a grid of quarter octaves, then bisection.
  const ratio = Math.sqrt(Math.sqrt(2));
  for (let low = 1e-8; low < 1e4; low *= ratio) {
    let [a, b] = [low, low * ratio];
    if (!(at(a).excess < 0 && at(b).excess >= 0)) continue;
    for (let halving = 0; halving < 60 && b - a > 1e-15 * b; halving++) {
      const middle = (a + b) / 2;
      if (at(middle).excess < 0) a = middle;
      else b = middle;
    }
    return point((a + b) / 2);
  }
  return null;
}

/** The depth scale of correlations over a grid of variances, with the edge of chaos. */
export interface PhaseDiagram {
  readonly activation: MeanFieldActivation;
  readonly weightVariances: readonly number[];
  readonly biasVariances: readonly number[];
  /** xiC[row][column], a row per bias variance; null at the edge of chaos and without a stable fixed point. */
  readonly xiC: readonly (readonly (number | null)[])[];
  /** chi1 at the same points: ordered below 1, chaotic above. */
  readonly chi1: readonly (readonly number[])[];
  /** By ascending bias variance; without the points at which a signal of mean square 1 grows without bound. */
  readonly criticalLine: readonly CriticalPoint[];
}

/**
 * The phase diagram of `activation` on a grid of variances.
 *
 * @example
 * phaseDiagram("tanh", { weightVariances: [0.5, 1, 2], biasVariances: [0, 0.1] }); // the order-to-chaos map on this grid
 */
export function phaseDiagram(
  activation: MeanFieldActivation,
  grid: { readonly weightVariances: readonly number[]; readonly biasVariances: readonly number[] },
): PhaseDiagram {
  const { weightVariances, biasVariances } = grid;
  const points = biasVariances.map((biasVariance) =>
    weightVariances.map((weightVariance) => meanField(activation, { weightVariance, biasVariance })),
  );
  return {
    activation,
    weightVariances,
    biasVariances,
    xiC: points.map((row) => row.map(({ xiC }) => xiC)),
    chi1: points.map((row) => row.map(({ chi1 }) => chi1)),
    criticalLine: biasVariances.flatMap((biasVariance) => {
      const point = criticalPoint(activation, biasVariance);
      return point && meanField(activation, point).qStar !== null ? [point] : [];
    }),
  };
}

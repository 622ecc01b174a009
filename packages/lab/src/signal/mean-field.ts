// Mean-field theory of infinitely wide random networks: fixed points and depth scales.
// Source: Poole et al. 2016 (arXiv 1606.05340), Schoenholz et al. 2017 (arXiv 1611.01232). All + - * / and sqrt: same bits everywhere.

import { describeValue, expectNumber } from "@fanin/tensor/arguments";
import type { ActivationFunction, MeanFieldActivation } from "./activation-functions.ts";
import { activationMeans, correlationMap, expectActivation, HUGE, TINY } from "./activation-means.ts";
import { ln } from "./elementary.ts";

/** A layer in mean-field theory: fan_in * Var(weight), and Var(bias). */
export interface MeanFieldLayer {
  readonly weightVariance: number;
  readonly biasVariance: number;
}

/** The limit of signals over many layers; null for values that are infinite or do not exist. */
export interface MeanField {
  /** The limit of the mean square of pre-activations with depth; null if it grows without bound. */
  readonly qStar: number | null;
  /** The limit of the correlation of two inputs. */
  readonly cStar: number | null;
  /** The factor of a squared gradient per layer; below 1 gradients vanish (ordered), above they explode (chaotic). */
  readonly chi1: number;
  /** The number of layers in which q comes closer to qStar by a factor e. */
  readonly xiQ: number | null;
  /** The number of layers in which the correlation comes closer to cStar by a factor e; null at the edge of chaos (infinite). */
  readonly xiC: number | null;
}

/** Returns `value` if it is a variance: finite, 0 or more. */
export function expectVariance(name: string, value: unknown): number {
  const variance = expectNumber(name, value);
  if (variance >= 0 && Number.isFinite(variance)) return variance;
  throw new RangeError(`${name}: expected a finite number of 0 or more, got ${describeValue(variance)}`);
}

/**
 * The stable fixed point of q -> weightVariance E[f^2] + biasVariance next to q = 1; null if q grows without bound.
 * Doubling or halving brackets it; Newton's method inside the bracket finds it.
 */
function fixedPoint(f: ActivationFunction, { weightVariance, biasVariance }: MeanFieldLayer): number | null {
  const limit = 1e8 * (1 + weightVariance + biasVariance);
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let q = 1;
  for (let step = 0; step < 500; step++) {
    const { square, slope } = activationMeans(f, q);
    const excess = weightVariance * square + biasVariance - q;
    // At criticality the excess scales like q^2 and drowns in rounding below 1e-12.
    if (Math.abs(excess) <= 1e-14 * q) return q < 1e-12 ? 0 : q;
    if (excess > 0) low = q;
    else high = q;
    if (low > limit) return null;
    if (high < TINY) return 0;
    if (high < Number.POSITIVE_INFINITY && high - low <= 1e-15 * high) return q;
    const newton = q + excess / (1 - weightVariance * slope);
    if (newton > low && newton < high && newton > q / 4 && newton < 4 * q) q = newton;
    else if (high === Number.POSITIVE_INFINITY) q *= 2;
    else q = low === 0 ? q / 2 : (low + high) / 2;
  }
  return q;
}

/** The number of layers per factor e, from the factor per layer; null if that is 1. */
function depthScale(factor: number): number | null {
  const distance = Math.abs(ln(Math.abs(factor)));
  return distance < 1e-9 ? null : 1 / distance;
}

/**
 * Fixed points and depth scales of a deep, wide network with `activation` and identical layers `layer`.
 *
 * q* solves q = weightVariance E[f(x)^2] + biasVariance with x ~ N(0, q); chi1 = weightVariance E[f'(x)^2] at q*;
 * c* is the stable correlation, 1 while chi1 <= 1; xi = -1 / ln of the map's slope there.
 *
 * @throws RangeError for an unknown activation or a variance that is negative or not finite.
 * @example
 * meanField("tanh", { weightVariance: 1.5, biasVariance: 0.05 }).xiC; // 15.8 layers
 */
export function meanField(activation: MeanFieldActivation, layer: MeanFieldLayer): MeanField {
  const f = expectActivation(activation);
  const weightVariance = expectVariance("weightVariance", layer.weightVariance);
  const biasVariance = expectVariance("biasVariance", layer.biasVariance);
  const qStar = fixedPoint(f, { weightVariance, biasVariance });
  const means = activationMeans(f, qStar ?? HUGE);
  const chi1 = weightVariance * means.derivativeSquare;
  if (qStar === null) return { qStar, cStar: null, chi1, xiQ: null, xiC: null };
  const xiQ = depthScale(weightVariance * means.slope);
  if (chi1 <= 1 + 1e-9 || qStar === 0) return { qStar, cStar: 1, chi1, xiQ, xiC: depthScale(chi1) };
  const map = correlationMap(f, qStar);
  let c = 0;
  let factor = 0;
  // The map is convex and above the diagonal left of c*: Newton's method from 0 rises to c* and never passes it.
  for (let step = 0; step < 100; step++) {
    const [value, slope] = map(c);
    factor = (weightVariance * slope) / qStar;
    const excess = (weightVariance * value + biasVariance) / qStar - c;
    const next = c + excess / (1 - factor);
    if (!(factor < 1) || next <= c + 1e-15) break;
    c = next;
  }
  return { qStar, cStar: c, chi1, xiQ, xiC: depthScale(factor) };
}

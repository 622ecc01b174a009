// What an infinitely wide random network does to a signal: fixed points, depth scales, gains, the edge of chaos.
// One file: one theory, whose formulas refer to each other.
// Source: Poole et al. 2016 (arXiv 1606.05340), Schoenholz et al. 2017 (arXiv 1611.01232). All + - * / and sqrt: same bits everywhere.

import { describeValue, expectNumber, expectOneOf } from "@fanin/core";
import { type ActivationFunction, activationFunctions, type MeanFieldActivation } from "./activation-functions.ts";
import { ln } from "./elementary.ts";
import { type NormalNodes, normalNodes } from "./quadrature.ts";

/** Means over pre-activations x ~ N(0, q). */
export interface ActivationMeans {
  /** E[f(x)^2]. */
  readonly square: number;
  /** E[f(x)^4], which sets the fluctuations at finite width. */
  readonly fourth: number;
  /** dE[f(x)^2] / dq. */
  readonly slope: number;
  /** E[f'(x)^2], which a gradient is multiplied by. */
  readonly derivativeSquare: number;
  /** E[f'(x)^4]. */
  readonly derivativeFourth: number;
}

/** A layer in mean-field theory: fan_in * Var(weight), and Var(bias). */
export interface MeanFieldLayer {
  readonly weightVariance: number;
  readonly biasVariance: number;
}

/** Where signals of many layers end up; null stands for what is infinite or does not exist. */
export interface MeanField {
  /** The mean square of pre-activations that depth converges to; null where it grows without bound. */
  readonly qStar: number | null;
  /** The correlation that two inputs converge to. */
  readonly cStar: number | null;
  /** The factor of a squared gradient per layer; below 1 gradients vanish (ordered), above they explode (chaotic). */
  readonly chi1: number;
  /** Layers in which q comes e times nearer to qStar. */
  readonly xiQ: number | null;
  /** Layers in which the correlation comes e times nearer to cStar; null at the edge of chaos, where it is infinite. */
  readonly xiC: number | null;
}

/** Gain and gradient factor of one activation at q = 1. */
export interface Gain {
  /** 1 / sqrt(E[f(z)^2]): the factor of the weights that keeps a mean square of 1. */
  readonly gain: number;
  /** gain^2 E[f'(z)^2]: what a squared gradient is then multiplied by per layer. */
  readonly chi1: number;
}

// Beyond these, functions are their slopes around 0 or at infinity to the last bit that matters.
const TINY = 1e-24;
const HUGE = 1e24;

/** Returns the row of `name`, or throws a RangeError with the nearest. */
export function expectActivation(name: unknown): ActivationFunction {
  return activationFunctions[
    expectOneOf("activation", name, Object.keys(activationFunctions) as MeanFieldActivation[])
  ];
}

function expectVariance(name: string, value: unknown): number {
  const variance = expectNumber(name, value);
  if (variance >= 0 && Number.isFinite(variance)) return variance;
  throw new RangeError(`${name}: expected a finite number of 0 or more, got ${describeValue(variance)}`);
}

function homogeneous([negative, positive]: readonly [number, number], q: number): ActivationMeans {
  const [below, above] = [negative * negative, positive * positive];
  const square = (below + above) / 2;
  const fourth = (below * below + above * above) / 2;
  return {
    square: q * square,
    fourth: 3 * q * q * fourth,
    slope: square,
    derivativeSquare: square,
    derivativeFourth: fourth,
  };
}

/** The means of `f` over x ~ N(0, q), q >= 0. */
export function activationMeans(f: ActivationFunction, q: number): ActivationMeans {
  const limit = q < TINY ? f.tiny : q > HUGE ? f.huge : null;
  if (limit) return homogeneous(limit, q);
  const deviation = Math.sqrt(Math.min(HUGE, Math.max(TINY, q)));
  const { z, x, weight } = normalNodes(0, deviation, f.kinks);
  let [square, fourth, slope, derivativeSquare, derivativeFourth] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [at, w] = [x[i] ?? 0, weight[i] ?? 0];
    const y = f.value(at);
    const dy = f.derivative(at);
    const yy = y * y;
    const slopes = dy * dy;
    square += w * yy;
    fourth += w * yy * yy;
    slope += w * y * dy * (z[i] ?? 0);
    derivativeSquare += w * slopes;
    derivativeFourth += w * slopes * slopes;
  }
  return { square, fourth, slope: slope / deviation, derivativeSquare, derivativeFourth };
}

/**
 * Gain and gradient factor of an activation for signals of mean square 1.
 *
 * @example
 * activationGain("relu"); // => { gain: 1.4142135623730936, chi1: 0.9999999999999991 }
 */
export function activationGain(activation: MeanFieldActivation): Gain {
  const { square, derivativeSquare } = activationMeans(expectActivation(activation), 1);
  return { gain: 1 / Math.sqrt(square), chi1: derivativeSquare / square };
}

const TERMS = 64;
const roots = Float64Array.from({ length: TERMS + 1 }, (_, k) => Math.sqrt(k));

/**
 * E[f(u) f(v)] for u, v ~ N(0, q) as a function of their correlation c in [0, 1], with its derivative:
 * the sum of a_k^2 c^k over the Hermite coefficients of f. The tail beyond 64 terms, which only a kink has,
 * is one power of c that has the tail's value and slope at c = 1; both are known exactly.
 */
export function correlationMap(f: ActivationFunction, q: number): (c: number) => readonly [number, number] {
  const bounded = Math.min(HUGE, Math.max(TINY, q));
  const { z, x, weight }: NormalNodes = normalNodes(0, Math.sqrt(bounded), f.kinks);
  const coefficients = new Float64Array(TERMS);
  for (let i = 0; i < x.length; i++) {
    const at = z[i] ?? 0;
    const y = (weight[i] ?? 0) * f.value(x[i] ?? 0);
    let [before, current] = [0, 1];
    for (let k = 0; k < TERMS; k++) {
      coefficients[k] = (coefficients[k] ?? 0) + y * current;
      const next = (at * current - (roots[k] ?? 0) * before) / (roots[k + 1] ?? 1);
      [before, current] = [current, next];
    }
  }
  const squares = coefficients.map((a) => a * a);
  const { square, derivativeSquare } = activationMeans(f, bounded);
  const tail = square - squares.reduce((sum, a) => sum + a, 0);
  const tailSlope = bounded * derivativeSquare - squares.reduce((sum, a, k) => sum + k * a, 0);
  // A smooth function leaves rounding only, of either sign.
  const power = tail > 1e-12 * square && tailSlope > TERMS * tail ? tailSlope / tail : null;
  const unit = q / bounded;
  return (c) => {
    let [value, slope] = [0, 0];
    for (let k = TERMS - 1; k >= 0; k--) {
      slope = slope * c + value;
      value = value * c + (squares[k] ?? 0);
    }
    if (power !== null) {
      const raised = c > 0 ? powerOf(c, power - 1) : 0;
      value += tail * raised * c;
      slope += tailSlope * raised;
    }
    return [unit * value, unit * slope];
  };
}

/** c^p for c in (0, 1], by whole powers and a line between two of them. */
function powerOf(c: number, p: number): number {
  const whole = Math.floor(p);
  let result = 1;
  for (let [n, base] = [whole, c]; n > 0; n = Math.floor(n / 2), base *= base) if (n % 2 === 1) result *= base;
  return result * (1 + (p - whole) * (c - 1));
}

/**
 * The stable fixed point of q -> weightVariance E[f^2] + biasVariance next to q = 1; null where it grows without bound.
 * Doubling or halving brackets it, Newton inside the bracket finds it.
 */
function fixedPoint(f: ActivationFunction, { weightVariance, biasVariance }: MeanFieldLayer): number | null {
  const limit = 1e8 * (1 + weightVariance + biasVariance);
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let q = 1;
  for (let step = 0; step < 500; step++) {
    const { square, slope } = activationMeans(f, q);
    const excess = weightVariance * square + biasVariance - q;
    // At criticality the excess goes like q^2 and is lost in rounding below 1e-12.
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

/** Layers per factor e, from the factor per layer; null where that is 1. */
function depthScale(factor: number): number | null {
  const distance = Math.abs(ln(Math.abs(factor)));
  return distance < 1e-9 ? null : 1 / distance;
}

/**
 * Fixed points and depth scales of a deep, wide network of `activation` whose layers are all like `layer`.
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
  // The map is convex and lies above the diagonal left of c*: Newton from 0 rises to it and never passes it.
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

/** A point of the edge of chaos: there chi1 = 1. */
export interface CriticalPoint extends MeanFieldLayer {
  readonly qStar: number;
}

/**
 * The weight variance at which chi1 = 1 for this bias variance: along q, weightVariance = 1 / E[f'^2] and
 * biasVariance = q - E[f^2] / E[f'^2]. Null where no such point exists (ReLU with a bias).
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
  // The first crossing from below on a grid of a quarter octave, then halved.
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
  /** xiC[row][column], a row per bias variance; null at the edge of chaos and where nothing is stable. */
  readonly xiC: readonly (readonly (number | null)[])[];
  /** chi1 at the same points: below 1 is ordered, above chaotic. */
  readonly chi1: readonly (readonly number[])[];
  /** By ascending bias variance; without the points at which a signal of mean square 1 grows without bound. */
  readonly criticalLine: readonly CriticalPoint[];
}

/**
 * The phase diagram of `activation` on the grid of these variances.
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

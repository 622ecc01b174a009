// The theory of each layer of a finite network: means of the infinite network, and the band of fluctuations at this width.
// Source: Poole et al. 2016 for the means; Hanin and Rolnick 2018 for the fluctuations, 5 L / n of ln q for ReLU.

import type { TheoryBand } from "@fanin/figures";
import type { ActivationFunction } from "./activation-functions.ts";
import { activationMeans, correlationMap } from "./activation-means.ts";
import { exp, ln, log10FromLn } from "./elementary.ts";

/** One layer's theory: the median at this width, and a band that holds 95 % of all networks. */
export interface LayerTheory {
  readonly forward: TheoryBand;
  readonly gradient: TheoryBand;
  /** The correlation of two inputs, from that of the inputs themselves; null if that is unknown. */
  readonly correlation: number | null;
}

/** One layer for theory: Var(weight) and Var(bias), and its sizes. */
export interface LayerVariances {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightVariance: number;
  readonly biasVariance: number;
}

const NORMAL_95 = 1.959963984540054;

function band(lnMean: number, variance: number): TheoryBand {
  // The log of the median of a lognormal with mean m is ln m - variance / 2.
  const center = lnMean - variance / 2;
  const half = NORMAL_95 * Math.sqrt(variance);
  return { log10: log10FromLn(center), low: log10FromLn(center - half), high: log10FromLn(center + half) };
}

/** One layer of the forward pass. */
interface Forward {
  readonly lnQ: number;
  readonly variance: number;
  /** ln E[f'^2] and E[f'^4] / E[f'^2]^2 of the units of this layer. */
  readonly lnDerivative: number;
  readonly derivativeKurtosis: number;
  readonly correlation: number | null;
}

/**
 * The theory of every layer of a network for inputs of mean square `q0` and correlation `c0`. Null if the signal is zero
 * or not finite.
 *
 * Fluctuations: the mean of f^2 over n units of a layer has a relative variance of (E[f^4] / E[f^2]^2 - 1) / n, which the
 * layers above multiply by the slope of their map; a measurement at a layer of n units adds 2 / n.
 */
export function propagateTheory(
  f: ActivationFunction,
  variances: readonly LayerVariances[],
  q0: number,
  c0: number | null,
): readonly LayerTheory[] | null {
  const forward: Forward[] = [];
  // The mean square of a layer's input, and the variance of its logarithm.
  let [lnSquare, variance, correlation] = [ln(q0), 0, c0];
  for (const [l, { inputs, outputs, weightVariance, biasVariance }] of variances.entries()) {
    const lnSignal = ln(inputs * weightVariance) + lnSquare;
    const ratio = exp(lnSignal - ln(biasVariance)); // Infinity without a bias
    const share = ratio < Number.POSITIVE_INFINITY ? ratio / (1 + ratio) : 1;
    const lnQ = share > 0.5 ? lnSignal - ln(share) : ln(biasVariance) - ln(1 - share);
    if (!Number.isFinite(lnQ)) return null;
    variance *= share * share;
    if (correlation !== null) correlation = share * correlation + (1 - share);
    // Far from 1, functions are homogeneous and f64 cannot hold their moments: use the nearest q that it can.
    const bounded = exp(Math.min(200, Math.max(-200, lnQ)));
    const means = activationMeans(f, bounded);
    forward.push({
      lnQ,
      variance: variance + 2 / outputs,
      lnDerivative: ln(means.derivativeSquare),
      derivativeKurtosis: means.derivativeFourth / (means.derivativeSquare * means.derivativeSquare),
      correlation,
    });
    if (l === variances.length - 1) break;
    const map = correlationMap(f, bounded);
    if (correlation !== null) correlation = map(Math.max(0, Math.min(1, correlation)))[0] / map(1)[0];
    const elasticity = (means.slope * bounded) / means.square;
    const kurtosis = means.fourth / (means.square * means.square);
    variance = elasticity * elasticity * variance + (kurtosis - 1) / outputs;
    const isHomogeneous = (lnQ < 0 ? f.tiny : f.huge) !== null;
    lnSquare = ln(means.square) + (isHomogeneous ? lnQ - ln(bounded) : 0);
  }
  return withGradients(forward, variances);
}

/** Adds the backward pass: a readout of unit variance, then the factor of each layer. */
function withGradients(forward: readonly Forward[], variances: readonly LayerVariances[]): readonly LayerTheory[] {
  const theory: LayerTheory[] = [];
  let [lnGradient, variance] = [0, 0];
  for (let l = forward.length - 1; l >= 0; l--) {
    const { lnQ, variance: own, lnDerivative, derivativeKurtosis, correlation } = forward[l] as Forward;
    const above = variances[l + 1];
    const units = variances[l]?.outputs ?? 1;
    if (above) {
      lnGradient += ln(above.outputs * above.weightVariance) + lnDerivative;
      variance += (3 * derivativeKurtosis - 1) / units;
    } else variance = 2 / units;
    theory.unshift({ forward: band(lnQ, own), gradient: band(lnGradient, variance), correlation });
  }
  return theory;
}

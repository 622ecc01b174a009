// The rate of change of a signal per layer, from the slope of its last half, and its certainty at a finite width.
// Source: Hanin and Rolnick 2018 (variance 5L/n); table T1 of papers/ (tanh's power law is not vanishing).

import { normalCdf } from "@fanin/core";
import type { Measured } from "../signal/propagate.ts";

/** The change of a mean square from the first layer to the last. */
export interface SignalRate {
  /** ln of the factor per layer over the last half, corrected for the drift at a finite width; -Infinity for a signal of 0. */
  readonly slope: number;
  /** The factor by theory; null if there is none. */
  readonly theory: number | null;
  /** ln of the last over the first value, as measured. */
  readonly change: number;
  /** The slope extrapolated over the whole depth, as ln. */
  readonly total: number;
  /** The variance of `change` over draws of the weights. */
  readonly variance: number;
  /** A lower bound on the probability that a fresh draw changes by less than exp(bound) (bound < 0) or more (bound > 0). */
  beyond(bound: number): number;
}

const FLUCTUATION = 5;
const TWO_SIDED_95 = 2 * 1.959963984540054;

const ln = ({ log10 }: Measured): number => (log10 === null ? Number.NEGATIVE_INFINITY : log10 * Math.LN10);

/** The variance of ln q at one layer, from theory's band. */
function variance({ theory }: Measured): number | null {
  if (!theory || !Number.isFinite(theory.high - theory.low)) return null;
  return (((theory.high - theory.low) * Math.LN10) / TWO_SIDED_95) ** 2;
}

/**
 * The rate of `run`, in the direction of the signal; `widths` are the units of the same layers.
 * For a single layer, all figures are 0.
 */
export function signalRate(run: readonly Measured[], widths: readonly number[]): SignalRate {
  const steps = run.length - 1;
  if (steps < 1) return { slope: 0, theory: null, change: 0, total: 0, variance: 0, beyond: () => 0 };
  // Two or three layers are too few to halve.
  const start = steps < 4 ? 0 : Math.floor(steps / 2);
  const [first, half, last] = [run[0], run[start], run[steps]] as [Measured, Measured, Measured];
  const fluctuation = (from: number): number =>
    widths.slice(from + 1).reduce((sum, width) => sum + FLUCTUATION / width, 0);
  const spreads = [variance(first), variance(half), variance(last)] as const;
  const hasTheory = spreads.every((spread) => spread !== null);
  const whole = hasTheory ? Math.max(0, (spreads[2] ?? 0) - (spreads[0] ?? 0)) : fluctuation(0);
  const part = hasTheory ? Math.max(0, (spreads[2] ?? 0) - (spreads[1] ?? 0)) : fluctuation(start);
  // The median of a lognormal is below its mean by half the variance; the initializer determines the mean.
  const theory =
    hasTheory && last.theory && half.theory
      ? ((last.theory.log10 - half.theory.log10) * Math.LN10 + part / 2) / (steps - start)
      : null;
  const change = ln(last) === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : ln(last) - ln(first);
  const measured =
    ln(last) === Number.NEGATIVE_INFINITY
      ? Number.NEGATIVE_INFINITY
      : (ln(last) - ln(half) + part / 2) / (steps - start);
  const slope = theory ?? measured;
  const total = slope * steps;
  // Without theory, the slope is measured on a part of the layers, and its error counts over all of them.
  const uncertainty = theory === null ? whole + part * (steps / (steps - start)) ** 2 : whole;
  return {
    slope,
    theory,
    change,
    total,
    variance: whole,
    beyond: (bound) => {
      if (!Number.isFinite(total)) return total < 0 === bound < 0 ? 1 : 0;
      // The median of a narrow net is lower by whole / 2. That is an effect of the draw, not of the initializer.
      const center = bound < 0 ? total : total - whole / 2;
      const distance = (bound - center) / Math.sqrt(Math.max(1e-12, uncertainty));
      return bound < 0 ? normalCdf(distance) : normalCdf(-distance);
    },
  };
}

// The seeded bias-corrected and accelerated (BCa) bootstrap interval of a statistic of a few values.
// Source: Efron 1987, Better Bootstrap Confidence Intervals; Efron and Tibshirani 1993, section 14.3.

import { normalCdf, philoxWords } from "@fanin/core";
import { normalQuantile } from "./normal-quantile.ts";

const RESAMPLES = 9999; // (RESAMPLES + 1) * 0.025 is whole, so the percentile interval needs no interpolation
const BLOCK = 8192; // random words drawn at a time
const STREAM = 0x62636130; // the second key word of all resamples; the first counts the blocks

/** A BCa interval and its two corrections. */
export interface BcaInterval {
  readonly low: number;
  readonly high: number;
  /** z0: the distance of the resamples' median from the estimate, in standard normal units. */
  readonly bias: number;
  /** a: the rate at which the standard error changes with the value, from the jackknife. */
  readonly acceleration: number;
}

/** The mean of `values`. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

/** a = sum d^3 / (6 (sum d^2)^1.5) with d the mean of the leave-one-out estimates minus each of them. */
function accelerationOf(values: Float64Array, statistic: (values: Float64Array) => number): number {
  const left = Float64Array.from(values, (_, i) => statistic(values.filter((_, j) => j !== i)));
  const middle = mean(left);
  let squares = 0;
  let cubes = 0;
  for (const value of left) {
    squares += (middle - value) ** 2;
    cubes += (middle - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/**
 * The BCa interval at `level` from 9,999 resamples. The same values give the same interval everywhere. Its ends are
 * the resampled statistics of ranks 10^4 alpha_1 and 10^4 alpha_2, alpha_i = Phi(z0 + (z0 + z_i) / (1 - a (z0 + z_i))).
 * If all resamples agree, the interval is that one value.
 *
 * @throws RangeError for fewer than two values, or a level outside (0, 1).
 * @example
 * bcaInterval([0.01, 0.02, 0, 0.01, 0.03]); // { low: 0.006, high: 0.024, ... }
 */
export function bcaInterval(
  values: readonly number[],
  level = 0.95,
  statistic: (values: Float64Array) => number = mean,
): BcaInterval {
  const n = values.length;
  if (n < 2) throw new RangeError(`values: expected at least two, got ${n}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number between 0 and 1, got ${level}`);
  const data = Float64Array.from(values);
  const estimate = statistic(data);
  const resample = new Float64Array(n);
  const replicates = new Float64Array(RESAMPLES);
  const perBlock = Math.max(1, Math.floor(BLOCK / n));
  let words: Uint32Array = new Uint32Array();
  for (let r = 0; r < RESAMPLES; r++) {
    const start = (r % perBlock) * n;
    if (start === 0) words = philoxWords(perBlock * n, [Math.floor(r / perBlock), STREAM]);
    for (let i = 0; i < n; i++) resample[i] = data[Math.floor(((words[start + i] ?? 0) * n) / 2 ** 32)] ?? 0;
    replicates[r] = statistic(resample);
  }
  replicates.sort();
  const least = replicates[0] ?? estimate;
  const most = replicates[RESAMPLES - 1] ?? estimate;
  // Equal sums may differ in their last bits when they are added in another order.
  const tie = 1e-12 * Math.max(Math.abs(least), Math.abs(most));
  if (most - least <= tie) return { low: estimate, high: estimate, bias: 0, acceleration: 0 };
  let below = 0;
  for (const replicate of replicates) below += replicate < estimate - tie ? 1 : replicate <= estimate + tie ? 0.5 : 0;
  // An estimate outside all resamples counts as half a resample inside. This never happens for a mean.
  const share = Math.min(RESAMPLES - 0.5, Math.max(0.5, below)) / RESAMPLES;
  const bias = normalQuantile(share);
  const acceleration = accelerationOf(data, statistic);
  const end = (p: number): number => {
    const z = bias + normalQuantile(p);
    const rank = Math.round((RESAMPLES + 1) * normalCdf(bias + z / (1 - acceleration * z)));
    return replicates[Math.min(RESAMPLES, Math.max(1, rank)) - 1] ?? estimate;
  };
  return { low: end((1 - level) / 2), high: end((1 + level) / 2), bias, acceleration };
}

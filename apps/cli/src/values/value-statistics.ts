// Accumulates statistics of values in chunks: moments of the finite ones, counts of zeros, NaN and infinities.
// Source: Chan, Golub and LeVeque 1983 for merging the moments of chunks.

import type { RealValues } from "./real-values.ts";

/** Values per chunk, so that both passes stay in the cache. */
const BLOCK = 8192;

/** Counts and moments of all added values. */
export class ValueStatistics {
  count = 0;
  zeros = 0;
  nan = 0;
  positiveInfinity = 0;
  negativeInfinity = 0;
  /** Minimum and maximum of the finite values; Infinity and -Infinity if there are none. */
  min: number = Number.POSITIVE_INFINITY;
  max: number = Number.NEGATIVE_INFINITY;
  mean = 0;
  #finite = 0;
  #squares = 0;

  /** Whether there is a finite value. */
  get hasRange(): boolean {
    return this.#finite > 0;
  }

  /** The population standard deviation of the finite values (divided by n). */
  get standardDeviation(): number {
    return this.#finite === 0 ? 0 : Math.sqrt(this.#squares / this.#finite);
  }

  add(values: RealValues): void {
    for (let start = 0; start < values.length; start += BLOCK) {
      this.#addBlock(values, start, Math.min(values.length, start + BLOCK));
    }
  }

  #addBlock(values: RealValues, start: number, end: number): void {
    let [finite, sum, zeros] = [0, 0, 0];
    let [min, max] = [this.min, this.max];
    for (let i = start; i < end; i++) {
      const value = values[i] as number;
      if (value - value !== 0) {
        this.#countOther(value);
        continue;
      }
      finite++;
      sum += value;
      if (value === 0) zeros++;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.count += end - start;
    this.zeros += zeros;
    [this.min, this.max] = [min, max];
    if (finite === 0) return;
    const mean = sum / finite;
    let squares = 0;
    for (let i = start; i < end; i++) {
      const value = values[i] as number;
      if (value - value === 0) squares += (value - mean) ** 2;
    }
    const total = this.#finite + finite;
    const difference = mean - this.mean;
    this.#squares += squares + (difference ** 2 * this.#finite * finite) / total;
    this.mean += (difference * finite) / total;
    this.#finite = total;
  }

  #countOther(value: number): void {
    if (Number.isNaN(value)) this.nan++;
    else if (value > 0) this.positiveInfinity++;
    else this.negativeInfinity++;
  }
}

/** Counts finite values in bins of equal width on [low, high], the last one closed. */
export class ValueHistogram {
  readonly counts: number[];
  readonly #low: number;
  readonly #scale: number;

  /** Requires finite `low` < `high`. */
  constructor(low: number, high: number, bins: number) {
    this.counts = new Array<number>(bins).fill(0);
    this.#low = low;
    // Halved, because high - low may overflow float64.
    this.#scale = bins / (high / 2 - low / 2);
  }

  add(values: RealValues): void {
    const { counts } = this;
    const last = counts.length - 1;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value - value !== 0) continue;
      const bin = Math.floor((value / 2 - this.#low / 2) * this.#scale);
      const within = bin > 0 ? Math.min(bin, last) : 0;
      counts[within] = (counts[within] as number) + 1;
    }
  }
}

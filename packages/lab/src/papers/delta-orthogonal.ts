// T11: 100 circular convolutions keep the norm with delta-orthogonal kernels but not with Gaussian ones.
// Source: Xiao et al. 2018 (arXiv 1806.05393).

import { randomNormal } from "@fanin/core";
import { orthonormal } from "../signal/orthonormal.ts";
import { CHANCE, mean, type PaperTable, paperRow } from "./paper-table.ts";

const TAPS = 3;
const CHANNELS = 32;
const LENGTH = 32;
const DEPTH = 100;
const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * A one-dimensional kernel, taps x inputs x outputs, that is zero except for its centre tap, which has orthonormal rows.
 *
 * @throws RangeError if there are more inputs than outputs, because no such kernel keeps norms.
 */
export function deltaOrthogonalKernel(taps: number, inputs: number, outputs: number, seed: number): Float64Array {
  if (inputs > outputs) {
    throw new RangeError(`inputs: expected no more than outputs (${outputs}) to keep norms, got ${inputs}`);
  }
  const kernel = new Float64Array(taps * inputs * outputs);
  kernel.set(orthonormal(inputs, outputs, seed), (taps >> 1) * inputs * outputs);
  return kernel;
}

/** y[i] = sum over taps of x[i + tap - centre] W[tap], around the circle. */
function convolve(x: Float64Array, kernel: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const y = new Float64Array(x.length);
  for (let tap = 0; tap < TAPS; tap++) {
    for (let i = 0; i < LENGTH; i++) {
      const from = ((i + tap - (TAPS >> 1) + LENGTH) % LENGTH) * CHANNELS;
      for (let a = 0; a < CHANNELS; a++) {
        const value = x[from + a] ?? 0;
        const row = (tap * CHANNELS + a) * CHANNELS;
        for (let b = 0; b < CHANNELS; b++) {
          y[i * CHANNELS + b] = (y[i * CHANNELS + b] ?? 0) + value * (kernel[row + b] ?? 0);
        }
      }
    }
  }
  return y;
}

/** ln of the ratio of squared norms after and before 100 layers. */
function growth(seed: number, kernelOf: (layer: number) => ArrayLike<number>): number {
  const square = (x: Float64Array): number => x.reduce((sum, value) => sum + value * value, 0);
  const start = Float64Array.from(randomNormal({ seed: 5000 + seed, stddev: 1 })([LENGTH * CHANNELS]).data);
  let x = start;
  for (let layer = 0; layer < DEPTH; layer++) x = convolve(x, kernelOf(layer));
  return Math.log(square(x) / square(start));
}

/** T11. */
export const deltaOrthogonal: PaperTable = {
  title: "Delta-orthogonal convolutions",
  paper: "Xiao et al. 2018",
  run: () => {
    const kernel = deltaOrthogonalKernel(TAPS, CHANNELS, CHANNELS, 1);
    const outside = kernel.filter((value, i) => value !== 0 && Math.floor(i / CHANNELS ** 2) !== TAPS >> 1).length;
    const isometric = growth(0, (layer) => deltaOrthogonalKernel(TAPS, CHANNELS, CHANNELS, layer));
    const stddev = 1 / Math.sqrt(TAPS * CHANNELS);
    const gaussian = SEEDS.map((seed) =>
      growth(
        seed,
        (layer) => randomNormal({ seed: 1000 * (seed + 1) + layer, stddev })([TAPS, CHANNELS, CHANNELS]).data,
      ),
    );
    // The square keeps its mean, so ln falls by half its variance: 2 / channels per layer for one position, and at least a
    // third of it if three taps average.
    const most = (2 * DEPTH) / CHANNELS;
    const least = most / TAPS;
    return [
      paperRow("weights outside the centre tap", 0, outside, 0, "by construction"),
      paperRow(
        "delta-orthogonal: norm ratio",
        1,
        Math.exp(isometric / 2),
        DEPTH * CHANNELS * 2 ** -52,
        "rounding of f64",
      ),
      paperRow(
        "Gaussian 1/fan_in: ln of the squared norm ratio",
        -(most + least) / 4,
        mean(gaussian),
        (most - least) / 4 + CHANCE * Math.sqrt(most / SEEDS.length),
        "median of -variance / 2 for a variance from 2.1 to 6.25, and the mean of 8 draws; 1 in 1,000",
      ),
    ];
  },
};

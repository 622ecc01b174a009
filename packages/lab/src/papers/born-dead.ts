// T12: the probability that a deep, narrow ReLU network is constant at initialization.
// Source: Lu, Shin, Su and Karniadakis 2019 (arXiv 1903.06733).

import { randomNormal } from "@fanin/core";
import { CHANCE, type PaperTable, paperRow } from "./paper-table.ts";

const NETWORKS = 1000;
const depths = [2, 5, 10, 20];
const published: readonly (readonly [width: number, shares: readonly [number, number, number, number]])[] = [
  [2, [0, 0.504, 0.889, 0.992]],
  [3, [0, 0.191, 0.569, 0.885]],
  [4, [0, 0.074, 0.278, 0.6]],
  [8, [0, 0, 0.01, 0.038]],
];

/**
 * The layer, from 1, in which the last unit dies for both signs of a one-dimensional input; Infinity if a unit stays
 * alive. Without biases, the scale of weights and input does not matter.
 */
function deathAt(weights: Float32Array, width: number, hidden: number): number {
  let signs = [1, -1].map((x) => Float64Array.from({ length: width }, (_, j) => Math.max(0, x * (weights[j] ?? 0))));
  for (let layer = 2; layer <= hidden; layer++) {
    const start = width + (layer - 2) * width * width;
    signs = signs.map((a) =>
      Float64Array.from({ length: width }, (_, j) => {
        let sum = 0;
        for (let i = 0; i < width; i++) sum += (a[i] ?? 0) * (weights[start + i * width + j] ?? 0);
        return Math.max(0, sum);
      }),
    );
    if (signs.every((a) => a.every((value) => value === 0))) return layer;
  }
  return Number.POSITIVE_INFINITY;
}

/** T12. */
export const bornDead: PaperTable = {
  title: "Networks born dead",
  paper: "Lu, Shin, Su and Karniadakis 2019",
  run: () =>
    published.flatMap(([width, shares]) => {
      const hidden = Math.max(...depths) - 1;
      const size = width + (hidden - 1) * width * width;
      const all = randomNormal({ seed: 1200 + width, stddev: 1 })([NETWORKS, size]).data;
      const deaths = Array.from({ length: NETWORKS }, (_, i) =>
        deathAt(all.subarray(i * size, (i + 1) * size), width, hidden),
      );
      return depths.map((depth, i) => {
        const expected = shares[i] ?? Number.NaN;
        const ours = deaths.filter((at) => at <= depth - 1).length / NETWORKS;
        // A published 0 of 1,000 is compatible with a true share of about 3 in 1,000.
        const share = Math.min(0.997, Math.max(0.003, expected));
        return paperRow(
          `width ${width}, ${depth} layers: share constant`,
          expected,
          ours,
          depth === 2 ? 0 : CHANCE * Math.sqrt((2 * share * (1 - share)) / NETWORKS),
          depth === 2
            ? "one hidden layer cannot die"
            : "binomial, 1,000 networks here and 1,000 in the paper; 1 in 1,000",
        );
      });
    }),
};

// Every figure of small data as text, an element a line: a change of how one is drawn is seen, and reviewed, in test/figures.

import { describe, expect, it } from "vitest";
import {
  depthProfile,
  distributionHistogram,
  heatStrip,
  histogramPair,
  intervalDots,
  lineChart,
  type PhaseGrid,
  phaseMap,
} from "../src/index.ts";
import { parseMarkup } from "./parse-markup.ts";

const phases: PhaseGrid = {
  activation: "tanh",
  weightVariances: [0.5, 1, 1.5, 2],
  biasVariances: [0, 0.1],
  xiC: [
    [1.4, null, 4, null],
    [1.2, 2.5, 10, 100],
  ],
  chi1: [
    [0.5, 1, 1.3, 2],
    [0.4, 0.7, 0.9, 1],
  ],
  criticalLine: [
    { weightVariance: 1, biasVariance: 0 },
    { weightVariance: 1.99, biasVariance: 0.1 },
  ],
};
const band = (log10: number) => ({ log10, low: log10 - 0.5, high: log10 + 0.5 });
const bins = { low: -1, high: 1, counts: [1, 4, 3, 0] };

const figures: Readonly<Record<string, string>> = {
  "depth-profile": depthProfile({
    title: "Mean square by layer",
    curves: [
      { name: "forward, glorot_uniform", measured: [0, -1, -2.2], theory: [band(0), band(-1), band(-2)] },
      { name: "gradient, glorot_uniform", measured: [-2, null, 0], theory: null },
    ],
  }),
  "depth-profile-beyond-doubles": depthProfile({
    title: "Mean square by layer",
    curves: [{ name: "forward, random_normal(stddev=0.01)", measured: [0, -200, -400], theory: null }],
  }),
  "depth-profile-of-zeros": depthProfile({
    title: "Mean square by layer",
    curves: [{ name: "forward, zeros", measured: [null, null], theory: null }],
  }),
  "heat-strip": heatStrip({
    title: "Activations by layer, he_normal",
    low: -1,
    high: 1,
    counts: [
      [0, 3, 9, 3],
      [0, 0, 15, 0],
    ],
  }),
  "phase-map": phaseMap(phases, { name: "784-(64x30)-10", weightVariance: 1.5, biasVariance: 0.05, xiC: 15.8 }),
  "distribution-histogram": distributionHistogram({
    name: "random_uniform",
    quantity: "weights of dense_1 (2x4)",
    histogram: bins,
    cdf: (x) => Math.min(1, Math.max(0, (x + 1) / 2)),
    distribution: "uniform on [-1, 1)",
  }),
  "histogram-pair": histogramPair({
    name: "he_normal",
    quantity: "weights of dense_1 (2x4)",
    before: bins,
    after: { ...bins, counts: [2, 2, 2, 2] },
    series: 1,
  }),
  "line-chart": lineChart({
    quantity: "Training loss",
    step: "epoch",
    scale: "linear",
    band: "range over 5 seeds",
    domain: null,
    reference: { value: 2, name: "nothing learnt" },
    series: [
      {
        name: "zeros",
        points: [1, 2].map((x) => ({ x, mean: 2.3, low: 2.3, high: 2.3 })),
        lost: [],
      },
      {
        name: "he_normal",
        points: [
          { x: 1, mean: 1.2, low: 1, high: 1.5 },
          { x: 2, mean: 0.5, low: 0.4, high: 0.7 },
        ],
        lost: [2],
      },
    ],
  }),
  "interval-dots": intervalDots({
    quantity: "Test accuracy",
    decimals: 3,
    reference: { value: 0.1, name: "chance" },
    groups: [
      { name: "zeros", mean: 0.1, interval: null, dots: [{ value: 0.1, diverged: false }] },
      {
        name: "he_normal",
        mean: 0.8,
        interval: [0.78, 0.82],
        dots: [
          { value: 0.79, diverged: false },
          { value: 0.81, diverged: false },
          { value: 0.1, diverged: true },
        ],
      },
    ],
  }),
};

describe("figures", () => {
  it.each(Object.entries(figures))("%s is drawn as it was reviewed", async (name, svg) => {
    expect(() => parseMarkup(svg)).not.toThrow();
    await expect(`${svg.replaceAll("><", ">\n<")}\n`).toMatchFileSnapshot(`figures/${name}.txt`);
  });
});

// T3: fixed points and depth scales of tanh networks, in theory and at width 512.
// Source: Poole et al. 2016 (arXiv 1606.05340), Schoenholz et al. 2017 (arXiv 1611.01232).

import { randomNormal } from "@fanin/core";
import { criticalPoint } from "../signal/edge-of-chaos.ts";
import { type MeanField, meanField } from "../signal/mean-field.ts";
import { propagate } from "../signal/propagate.ts";
import { CHANCE, mean, type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";

const BIAS = 0.05;
const DIGIT = "one unit of the last printed digit: half for its rounding, half for the quadrature of the source";

const critical: readonly (readonly [biasVariance: number, weightVariance: number, qStar: number | null])[] = [
  [0, 1, null],
  [1e-4, 1.086, 0.046],
  [0.01, 1.424, 0.273],
  [0.05, 1.761, 0.57],
  [0.1, 1.986, 0.806],
  [0.2, 2.285, 1.16],
  [0.3, 2.505, 1.46],
];

type Published = readonly [weightVariance: number, q: number, c: number, chi1: number, xiQ: number, xiC: number | null];
const table: readonly Published[] = [
  [1, 0.194, 1, 0.759, 1.75, 3.63],
  [1.3, 0.315, 1, 0.88, 1.79, 7.83],
  [1.5, 0.418, 1, 0.939, 1.68, 15.8],
  [1.6, 0.474, 1, 0.964, 1.62, 27],
  [1.7, 0.533, 1, 0.987, 1.56, 74.9],
  [1.761, 0.57, 1, 1, 1.52, null],
  [1.9, 0.657, 0.838, 1.029, 1.44, 39.4],
  [2, 0.722, 0.744, 1.048, 1.39, 25.2],
  [2.5, 1.064, 0.447, 1.134, 1.18, 11.8],
  [4, 2.196, 0.165, 1.342, 0.87, 6.98],
];

function theoryRows(): PaperRow[] {
  const line = critical.flatMap(([biasVariance, weightVariance, qStar]) => {
    const point = criticalPoint("tanh", biasVariance);
    const name = `critical, bias variance ${biasVariance}`;
    const row = paperRow(`${name}: weight variance`, weightVariance, point?.weightVariance ?? Number.NaN, 1e-3, DIGIT);
    const unit = (qStar ?? 0) > 1 ? 1e-2 : 1e-3;
    return qStar === null ? [row] : [row, paperRow(`${name}: q*`, qStar, point?.qStar ?? Number.NaN, unit, DIGIT)];
  });
  return [
    ...line,
    ...table.flatMap(([weightVariance, q, c, chi1, xiQ, xiC]) => {
      const ours = meanField("tanh", { weightVariance, biasVariance: BIAS });
      const number = (key: keyof MeanField): number => ours[key] ?? Number.POSITIVE_INFINITY;
      const name = `weight variance ${weightVariance}`;
      const rows = [
        paperRow(`${name}: q*`, q, number("qStar"), 1e-3, DIGIT),
        paperRow(`${name}: c*`, c, number("cStar"), 1e-3, DIGIT),
        paperRow(`${name}: chi1`, chi1, number("chi1"), 1e-3, DIGIT),
        paperRow(`${name}: xi_q`, xiQ, number("xiQ"), 1e-2, DIGIT),
      ];
      // At 1.761 the scale is infinite up to the rounding of 1.761 itself, which leaves 1 / xi below 1e-3.
      if (xiC === null) return [...rows, paperRow(`${name}: 1 / xi_c`, 0, 1 / number("xiC"), 1e-3, DIGIT)];
      return [...rows, paperRow(`${name}: xi_c`, xiC, number("xiC"), xiC < 10 ? 1e-2 : 1e-1, DIGIT)];
    }),
  ];
}

const WIDTH = 512;
const DEPTH = 24;
const PAIRS = 2;
const SEEDS = [0, 1, 2, 3, 4, 5];

/** Pairs of inputs whose pre-activations start at mean square q* and correlation `c`, to avoid a transient. */
function pairedInput(weightVariance: number, qStar: number, c: number, seed: number): Float32Array {
  const q0 = (qStar - BIAS) / weightVariance;
  const c0 = (qStar * c - BIAS) / (qStar - BIAS);
  const noise = randomNormal({ seed: 1000 + seed, stddev: Math.sqrt(q0) })([2 * PAIRS, WIDTH]).data;
  for (let pair = 0; pair < PAIRS; pair++) {
    for (let i = 0; i < WIDTH; i++) {
      const at = 2 * pair * WIDTH + i;
      noise[at + WIDTH] = c0 * (noise[at] ?? 0) + Math.sqrt(1 - c0 * c0) * (noise[at + WIDTH] ?? 0);
    }
  }
  return noise;
}

/** The slope of a least-squares line through (0, y0), (1, y1), ... */
function slope(y: readonly number[]): number {
  const middle = (y.length - 1) / 2;
  const top = y.reduce((sum, value, i) => sum + (i - middle) * value, 0);
  return top / y.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
}

function finiteWidthRows(): PaperRow[] {
  return table.flatMap(([weightVariance, , cStar, chi1, , xiC]) => {
    if (![1, 1.3, 1.761, 2.5, 4].includes(weightVariance)) return [];
    const { qStar } = meanField("tanh", { weightVariance, biasVariance: BIAS });
    const reports = SEEDS.map((seed) =>
      propagate(
        {
          layers: new Array<number>(DEPTH + 1).fill(WIDTH),
          activation: "tanh",
          initializer: `variance_scaling(scale=${weightVariance}, mode='fan_in', distribution='untruncated_normal')`,
          biasStddev: Math.sqrt(BIAS),
        },
        { seed, batch: 2 * PAIRS, input: pairedInput(weightVariance, qStar ?? 1, chi1 < 1 ? 0.99 : cStar, seed) },
      ),
    );
    const factors = reports.map(({ signals }) => {
      const [first, last] = [signals[0], signals.at(-1)].map((signal) => signal?.gradient.log10 ?? Number.NaN);
      return 10 ** (((first ?? 0) - (last ?? 0)) / (DEPTH - 1));
    });
    const rows = [
      paperRow(
        `width 512, weight variance ${weightVariance}: gradient factor`,
        chi1,
        mean(factors),
        0.02,
        "3 deviations of the mean of 6 seeds over 23 layers, about .07 each",
      ),
    ];
    if (xiC !== null && xiC < 10 && chi1 < 1) {
      const scales = reports.map(
        ({ signals }) =>
          -1 / slope(signals.map(({ correlation }) => Math.log(1 - (correlation.measured ?? Number.NaN)))),
      );
      rows.push(
        paperRow(
          `width 512, weight variance ${weightVariance}: fitted xi_c`,
          xiC,
          mean(scales),
          0.15 * xiC,
          "width 512 changes the decay of 1 - c at the end and at the start: 15 % while xi_c < 10",
        ),
      );
    }
    if (chi1 > 1.1) {
      const last = mean(reports.map(({ signals }) => signals.at(-1)?.correlation.measured ?? Number.NaN));
      rows.push(
        paperRow(
          `width 512, weight variance ${weightVariance}: correlation at the end`,
          cStar,
          last,
          (CHANCE * Math.sqrt(1 / (WIDTH * SEEDS.length))) / Math.sqrt(1 - Math.exp(-2 / (xiC ?? 1))),
          "a cosine in 512 dimensions varies by 1/sqrt(512) per layer, accumulated by 1/sqrt(1 - e^(-2/xi)); 6 networks, 1 in 1,000",
        ),
      );
    }
    return rows;
  });
}

/** T3. */
export const edgeOfChaos: PaperTable = {
  title: "Edge of chaos: fixed points and depth scales of tanh",
  paper: "Poole et al. 2016; Schoenholz et al. 2017",
  run: () => [...theoryRows(), ...finiteWidthRows()],
};

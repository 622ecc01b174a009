// T1: the mean square of pre-activations over 50 layers, by initializer.
// Source: He et al. 2015 and Glorot and Bengio 2010 for the factors; Hanin and Rolnick 2018 for the fluctuations, 5 L / n.

import type { ActivationName } from "../engine/activations.ts";
import { orthonormal } from "../signal/orthonormal.ts";
import { propagate, type SignalReport } from "../signal/propagate.ts";
import { CHANCE, mean, type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";

/** An initializer and its claimed factor per layer. */
export interface DepthClaim {
  readonly name: string;
  readonly initializer: string;
  /** The factor of the mean square per layer of 256 ReLU units. */
  readonly factor: number;
}

const WIDTH = 256;
const DEPTH = 50;
const BATCH = 16;
const SEEDS = [0, 1, 2, 3, 4];
const layers = new Array<number>(DEPTH + 1).fill(WIDTH);
const TRUNCATED_VARIANCE = 0.7737;

/** The claims about ReLU, for an input of mean square 1. `fan_in` times the variance is twice the factor. */
export const reluClaims: readonly DepthClaim[] = [
  { name: "He", initializer: "he_normal", factor: 1 },
  {
    name: "tfjs heNormal",
    initializer: `variance_scaling(scale=${2 * TRUNCATED_VARIANCE}, mode='fan_in', distribution='truncated_normal')`,
    factor: TRUNCATED_VARIANCE,
  },
  { name: "Glorot", initializer: "glorot_uniform", factor: 1 / 2 },
  {
    name: "PyTorch default",
    initializer: `variance_scaling(scale=${1 / 3}, mode='fan_in', distribution='uniform')`,
    factor: 1 / 6,
  },
  { name: "Keras RandomNormal .05", initializer: "random_normal(stddev=0.05)", factor: 0.32 },
  { name: "N(0, .01^2)", initializer: "random_normal(stddev=0.01)", factor: 0.0128 },
  { name: "N(0, 1)", initializer: "random_normal(stddev=1)", factor: 128 },
];

function measure(
  activation: ActivationName,
  network: { initializer?: string; weights?: readonly Float32Array[] },
  seed: number,
): SignalReport {
  return propagate({ layers, activation, ...network }, { seed, batch: BATCH });
}

const log10At = (report: SignalReport, layer: number): number => report.signals[layer - 1]?.forward.log10 ?? Number.NaN;

/** Rows for one claim: log10 q at layers 1, 10, 30, 50. */
export function depthRows({ name, initializer, factor }: DepthClaim): PaperRow[] {
  const reports = SEEDS.map((seed) => measure("relu", { initializer }, seed));
  return [1, 10, 30, DEPTH].map((layer) => {
    // ln q is nearly normal with this variance, and its median is half of it below ln of the mean of q.
    const variance = (5 * (layer - 1) + 2) / WIDTH;
    const expected = Math.log10(2) + layer * Math.log10(factor) - variance / 2 / Math.LN10;
    const tolerance = (CHANCE * Math.sqrt(variance / SEEDS.length)) / Math.LN10;
    return paperRow(
      `relu, ${name}: log10 q at layer ${layer}`,
      expected,
      mean(reports.map((report) => log10At(report, layer))),
      tolerance,
      "ln q varies by (5 (l - 1) + 2) / 256 between networks; mean of 5 seeds, 1 in 1,000",
    );
  });
}

/** The published values of tanh: log10 q by layer. */
const tanhRows: readonly (readonly [name: string, initializer: string, published: Readonly<Record<number, number>>])[] =
  [
    ["1/n", "lecun_uniform", { 1: 0.993, 5: 0.127, 10: 0.0585, 20: 0.0267, 50: 0.01 }],
    ["gain 5/3", `variance_scaling(scale=${25 / 9}, mode='fan_in', distribution='untruncated_normal')`, { 50: 1.18 }],
    ["2/n", "he_uniform", { 50: 0.615 }],
    ["1/(3n)", `variance_scaling(scale=${1 / 3}, mode='fan_in', distribution='uniform')`, { 1: 0.331, 50: 7.5e-25 }],
    ["N(0, 1)", "random_normal(stddev=1)", { 50: 244 }],
  ];

function tanhTable(): PaperRow[] {
  return tanhRows.flatMap(([name, initializer, published]) => {
    const reports = SEEDS.map((seed) => measure("tanh", { initializer }, seed));
    const rows = Object.entries(published).map(([at, q]) => {
      const layer = Number(at);
      const theory = reports[0]?.signals[layer - 1]?.forward.theory;
      // The band is 2 * 1.96 standard deviations of one network.
      const deviation = ((theory?.high ?? 0) - (theory?.low ?? 0)) / (2 * 1.959963984540054);
      return paperRow(
        `tanh, ${name}: log10 q at layer ${layer}`,
        Math.log10(q),
        mean(reports.map((report) => log10At(report, layer))),
        CHANCE * deviation * Math.sqrt(2 / SEEDS.length),
        "finite-width deviation of one network by theory; the published figure is also a mean of 5 seeds",
      );
    });
    if (name !== "N(0, 1)") return rows;
    const saturated = mean(reports.map((report) => report.signals[24]?.saturated ?? Number.NaN));
    // P(|tanh x| > .97) for x ~ N(0, 244) is P(|z| > 2.0923 / 15.62) = .893; the standard error of a share of 256 units.
    const error = CHANCE * Math.sqrt((0.893 * 0.107) / (WIDTH * SEEDS.length));
    return [
      ...rows,
      paperRow("tanh, N(0, 1): share beyond .97 at layer 25", 0.893, saturated, error, "binomial, 5 x 256 units"),
    ];
  });
}

/** tanh with orthogonal weights of gain 1: the same power law. */
function orthogonalTable(): PaperRow[] {
  const published = [0.993, 0.128, 0.058, 0.027, 0.0105];
  // A single rotation for all layers would repeat; three in rotation, each with its own seed, are enough to mix.
  const rotations = [11, 12, 13, 14, 15].map((seed) => Float32Array.from(orthonormal(WIDTH, WIDTH, seed)));
  const weights = layers.slice(1).map((_, l) => rotations[(l * 3 + (l >> 2)) % rotations.length] as Float32Array);
  const reports = SEEDS.map((seed) => measure("tanh", { weights }, seed));
  const band = reports[0]?.signals.map(({ forward: { theory } }) => ((theory?.high ?? 0) - (theory?.low ?? 0)) / 3.92);
  return [1, 5, 10, 20, 50].map((layer, i) =>
    paperRow(
      `tanh, orthogonal: log10 q at layer ${layer}`,
      Math.log10(published[i] ?? Number.NaN),
      mean(reports.map((report) => log10At(report, layer))),
      CHANCE * (band?.[layer - 1] ?? 0) * Math.sqrt(1 + 1 / SEEDS.length),
      "deviation of one Gaussian network, an upper bound for orthogonal ones; all seeds use the same weights",
    ),
  );
}

/** T1. */
export const varianceByDepth: PaperTable = {
  title: "Mean square of pre-activations by depth",
  paper: "Glorot and Bengio 2010; He et al. 2015; Hanin and Rolnick 2018",
  run: () => [...reluClaims.flatMap(depthRows), ...tanhTable(), ...orthogonalTable()],
};

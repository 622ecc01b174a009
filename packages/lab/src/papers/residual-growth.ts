// T10: the growth of residual blocks x + F(x) at initialization, plain and scaled.
// Source: Zhang, Dauphin and Ma 2019 (Fixup, arXiv 1901.09321); Hanin and Rolnick 2018 (arXiv 1803.01719).

import { heNormal, randomNormal } from "@fanin/core";
import { matmul } from "../signal/matmul.ts";
import { CHANCE, mean, type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";

const WIDTH = 256;
const BLOCKS = 20;
const ROWS = 16;
const SEEDS = [0, 1, 2, 3, 4];

function meanSquare(x: Float32Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum / x.length;
}

/** ln(q at the end / q at the start) of 20 blocks x + scale W relu(x), with W by He. */
function growth(scale: number, seed: number): number {
  let x: Float32Array = randomNormal({ seed: 1000 + seed, stddev: 1 })([ROWS, WIDTH]).data;
  const start = meanSquare(x);
  for (let block = 0; block < BLOCKS; block++) {
    const weights = heNormal({ seed: 100 * (seed + 1) + block })([WIDTH, WIDTH]).data;
    const branch = matmul(
      x.map((value) => Math.max(0, value)),
      weights,
      ROWS,
      WIDTH,
      WIDTH,
    );
    x = x.map((value, i) => value + scale * (branch[i] ?? 0));
  }
  return Math.log(meanSquare(x) / start);
}

/**
 * The variance of ln q over the blocks. With s = scale^2, a step is (1 + s |W r|^2 + 2 scale x . W r) / (1 + s). |W r|^2
 * has variance 5 / n (relu) + 2 / n (its own units), and x . W r is normal with variance 1 / n.
 */
function variance(scale: number): number {
  const s = scale * scale;
  return (BLOCKS * (s * s * 7 + 4 * s)) / ((1 + s) * (1 + s) * WIDTH);
}

function row(name: string, scale: number): PaperRow {
  const expected = BLOCKS * Math.log(1 + scale * scale) - variance(scale) / 2;
  return paperRow(
    `${name}: ln of the growth over ${BLOCKS} blocks`,
    expected,
    mean(SEEDS.map((seed) => growth(scale, seed))),
    CHANCE * Math.sqrt(variance(scale) / SEEDS.length),
    "finite-width variance of 20 blocks of width 256; mean of 5 seeds, 1 in 1,000",
  );
}

/** T10. */
export const residualGrowth: PaperTable = {
  title: "Growth of residual networks",
  paper: "Zhang, Dauphin and Ma 2019 (Fixup); Hanin and Rolnick 2018",
  run: () => [
    row("He inside (doubles per block)", 1),
    row("branches scaled by 1/sqrt(blocks) (towards e)", 1 / Math.sqrt(BLOCKS)),
    paperRow("last layer of each branch zero: growth", 1, Math.exp(growth(0, 0)), 0, "adding zeros is exact"),
  ],
};

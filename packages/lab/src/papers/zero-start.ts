// T16: ZerO starts without random numbers, and its units still become different.
// Source: Zhao, Schaefer and Anandkumar 2022, arXiv:2110.12661, theorem 1 and figure 2.

import { get, randomUniform } from "@fanin/core";
import type { Dataset } from "../data/dataset.ts";
import { singularValues } from "../signal/singular-values.ts";
import { type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";
import { trainNetwork } from "./train-network.ts";

const INPUTS = 6;
const WIDTH = 24;
const CLASSES = 3;
const EXAMPLES = 256;
const RANK = 1e-4; // relative to the greatest singular value; rounding is about 1e-7

const zero: unknown = { class_name: "ZerO", config: {} };
const partialIdentity: unknown = { class_name: "Eye", config: {} };

/** Points of a cube, labelled by the greatest of three coordinates. */
function cube(): Dataset {
  const points = randomUniform({ minval: 0, maxval: 255, seed: 16 })([EXAMPLES, INPUTS]).data;
  const images = Uint8Array.from(points, Math.floor);
  const labels = Uint8Array.from({ length: EXAMPLES }, (_, i) => {
    const first = [...images.subarray(i * INPUTS, i * INPUTS + CLASSES)];
    return first.indexOf(Math.max(...first));
  });
  const examples = { images, labels };
  return { name: "cube", height: 1, width: INPUTS, classes: ["0", "1", "2"], train: examples, test: examples };
}

/** The rank of the change that training makes to the square layer after the widening one. */
function learnedRank(initializer: unknown, steps: number): number {
  const options = {
    layers: [INPUTS, WIDTH, WIDTH, CLASSES],
    optimizer: "sgd",
    learningRate: 0.1,
    steps,
    seed: 0,
  } as const;
  return trainNetwork(cube(), { ...options, initializer: () => initializer }, (network) => {
    const moved = network.kernel(1).slice();
    for (let i = 0; i < WIDTH; i++) moved[i * (WIDTH + 1)] = (moved[i * (WIDTH + 1)] ?? 0) - 1;
    const values = singularValues(moved, WIDTH, WIDTH);
    return values.filter((value) => value > RANK * (values[0] ?? 0)).length;
  });
}

/** The greatest difference between two draws, each with its own seed if the class takes one. */
function spreadOverDraws(): number {
  const first = get(zero)([INPUTS, WIDTH]).data;
  const second = get(zero)([INPUTS, WIDTH]).data;
  return first.reduce((most, value, i) => Math.max(most, Math.abs(value - (second[i] ?? 0))), 0);
}

function rows(): PaperRow[] {
  const square = singularValues(get(zero)([64, 64]).data, 64, 64);
  const off = square.reduce((most, value) => Math.max(most, Math.abs(value - 1)), 0);
  const steps = 60;
  const narrow = learnedRank(partialIdentity, steps);
  const wide = learnedRank(zero, steps);
  const middle = (INPUTS + 1 + WIDTH) / 2;
  return [
    paperRow("difference between two draws", 0, spreadOverDraws(), 0, "no random numbers"),
    paperRow(
      "singular values of a square kernel: distance from 1",
      0,
      off,
      1e-12,
      "it is the identity; float64 spectrum",
    ),
    paperRow(
      "partial identity: rank that training adds after a widening layer",
      INPUTS,
      narrow,
      0,
      "units beyond the inputs get no signal and no gradient, so the rank is that of the inputs; all are used here",
    ),
    paperRow(
      "ZerO: rank that training adds after a widening layer",
      middle,
      wide,
      WIDTH - middle,
      "the interval between the rank of the inputs and the width",
    ),
  ];
}

/** T16. */
export const zeroStart: PaperTable = {
  title: "ZerO: no randomness, no symmetry",
  paper: "Zhao, Schaefer and Anandkumar 2022",
  run: rows,
};

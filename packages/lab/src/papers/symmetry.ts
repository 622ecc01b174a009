// T14: units that start equal stay equal, so a layer of them acts as one unit.
// Source: Goodfellow, Bengio and Courville 2016, section 8.4: the initial parameters need to "break symmetry".

import type { Dataset } from "../data/dataset.ts";
import { proceduralDataset } from "../data/procedural.ts";
import type { DenseNetwork } from "../engine/dense-network.ts";
import { CHANCE, type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";
import { testAccuracy, trainNetwork } from "./train-network.ts";

const UNITS = 128;
const STEPS = 250;
const SAME = 1e-3; // relative: the kernels sum equal units in different orders at the edges of a tile, so rounding separates them

const constant: unknown = { class_name: "Constant", config: { value: 0.05 } };
const narrow: unknown = { class_name: "RandomNormal", config: { mean: 0, stddev: 0.001 } };

/**
 * The initializers of the hidden and of the output layer, the final number of different units, and the reason. An
 * output layer of zeros treats all units alike. A random one separates them, unless ReLU blocks every gradient.
 */
const starts: readonly (readonly [name: string, hidden: unknown, output: unknown, units: number, why: string])[] = [
  ["zeros", "zeros", "zeros", 1, "equal weights get equal gradients"],
  ["ones", "ones", "zeros", 1, "equal weights get equal gradients"],
  ["constant 0.05", constant, "zeros", 1, "equal weights get equal gradients"],
  ["N(0, 0.001^2)", narrow, "zeros", UNITS, "random weights stay different"],
  ["he_normal", "he_normal", "zeros", UNITS, "random weights stay different"],
  ["zeros, random output", "zeros", "glorot_uniform", 1, "a ReLU at zero has gradient zero"],
  ["constant 0.05, random output", constant, "glorot_uniform", UNITS, "random outputs give different gradients"],
];

/** The number of hidden units that differ from all earlier ones by more than SAME of their norm. */
function distinctUnits(network: DenseNetwork, features: number): number {
  const kernel = network.kernel(0);
  const unit = (j: number): Float64Array =>
    Float64Array.from({ length: features }, (_, i) => kernel[i * UNITS + j] ?? 0);
  const found: Float64Array[] = [];
  for (let j = 0; j < UNITS; j++) {
    const next = unit(j);
    const isKnown = found.some((one) => {
      let difference = 0;
      let size = 0;
      for (let i = 0; i < features; i++) {
        difference += ((one[i] ?? 0) - (next[i] ?? 0)) ** 2;
        size += (one[i] ?? 0) ** 2;
      }
      return difference <= SAME * SAME * size;
    });
    if (!isKnown) found.push(next);
  }
  return found.length;
}

/** T14, on `dataset`. Defaults to the procedural data set. */
export function symmetryRows(dataset: Dataset = proceduralDataset()): PaperRow[] {
  const features = dataset.height * dataset.width;
  const classes = dataset.classes.length;
  const layers = [features, UNITS, classes];
  const accuracies = new Map<string, number>();
  const rows = starts.map(([name, hidden, output, units, why]) => {
    const initializer = (l: number): unknown => (l === 0 ? hidden : output);
    const options = { layers, initializer, optimizer: "adam", learningRate: 0.001, steps: STEPS, seed: 1 } as const;
    return trainNetwork(dataset, options, (network) => {
      accuracies.set(name, testAccuracy(network, dataset));
      return paperRow(`${name}: different units of ${UNITS}`, units, distinctUnits(network, features), 0, why);
    });
  });
  const counts = new Array<number>(classes).fill(0);
  for (const label of dataset.test.labels) counts[label] = (counts[label] ?? 0) + 1;
  const count = dataset.test.labels.length;
  const spread = Math.max(...counts.map((one) => Math.abs(one / count - 1 / classes)));
  const zeros = accuracies.get("zeros") ?? Number.NaN;
  const alike = accuracies.get("constant 0.05") ?? Number.NaN;
  const he = accuracies.get("he_normal") ?? Number.NaN;
  const error = CHANCE * Math.sqrt((he * (1 - he) + alike * (1 - alike)) / count);
  return [
    ...rows,
    paperRow("zeros: test accuracy", 1 / classes, zeros, spread + 1e-12, "one class for all images; its share"),
    paperRow(
      "he_normal above constant 0.05: 1 if beyond chance",
      1,
      he - alike > error ? 1 : 0,
      0,
      "binomial, both on the same test images; 1 in 1,000",
    ),
  ];
}

/** T14. */
export const symmetry: PaperTable = {
  title: "Symmetry: units that start equal",
  paper: "Goodfellow, Bengio and Courville 2016",
  run: () => symmetryRows(),
};

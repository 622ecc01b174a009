// T6: thirty hidden ReLU layers learn from He's initialization but not from Glorot's; Adam hides the difference.
// Source: He, Zhang, Ren and Sun 2015 (arXiv 1502.01852), figures 2 and 3, in small.

import type { Dataset } from "../data/dataset.ts";
import { proceduralDataset } from "../data/procedural.ts";
import type { OptimizerName } from "../engine/optimizers.ts";
import { CHANCE, mean, type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";
import { BATCH, trainNetwork } from "./train-network.ts";

const STEPS = 300;
const LAST = 20; // steps of the averaged losses
const CLASSES = 10;
const HIDDEN = new Array<number>(30).fill(64);

const scaled = (scale: number, distribution: string): unknown => ({
  class_name: "VarianceScaling",
  config: { scale, mode: "fan_in", distribution },
});

/** Name, identifier, and whether it learns with SGD at 0.01 and with Adam at 3e-4. */
const starts: readonly (readonly [string, unknown, sgd: boolean, adam: boolean])[] = [
  ["he_normal", "he_normal", true, true],
  ["orthogonal, gain sqrt 2", { class_name: "Orthogonal", config: { gain: Math.SQRT2 } }, true, true],
  ["glorot_uniform", "glorot_uniform", false, true],
  ["PyTorch's default", scaled(1 / 3, "uniform"), false, false],
  ["N(0, 0.01^2)", { class_name: "RandomNormal", config: { mean: 0, stddev: 0.01 } }, false, false],
];

/** The mean loss of the last steps. */
function lossOf(dataset: Dataset, identifier: unknown, optimizer: OptimizerName, learningRate: number): number {
  const layers = [dataset.height * dataset.width, ...HIDDEN, dataset.classes.length];
  const options = { layers, initializer: () => identifier, optimizer, learningRate, steps: STEPS, seed: 1 };
  return trainNetwork(dataset, options, (_, losses) => mean(losses.slice(-LAST)));
}

/**
 * The tolerance of the mean loss of the last steps around ln 10 if only the output biases can move, each by `b`:
 * their chance agreement with the labels of those steps, and the second order of the cross-entropy.
 */
function biasTolerance(b: number): number {
  return (CHANCE * b) / Math.sqrt(LAST * BATCH) + (b * b) / 2;
}

/** T6, on the procedural data set. */
function deepTrainingRows(): PaperRow[] {
  const dataset = proceduralDataset();
  const guess = Math.log(CLASSES);
  const share = 1 / CLASSES;
  const recipes: readonly (readonly [OptimizerName, number, bias: number])[] = [
    // A random walk by the class's share in each batch (SGD), or by Adam's steps of constant size.
    ["sgd", 0.01, 0.01 * Math.sqrt((STEPS * share * (1 - share)) / BATCH)],
    ["adam", 3e-4, 3e-4 * STEPS],
  ];
  return recipes.flatMap(([optimizer, learningRate, bias]) =>
    starts.map(([name, identifier, bySgd, byAdam]) => {
      const ours = lossOf(dataset, identifier, optimizer, learningRate);
      const what = `${name}, ${optimizer} ${learningRate}: loss after ${STEPS} steps`;
      const tolerance = biasTolerance(bias);
      if (optimizer === "sgd" ? bySgd : byAdam) {
        // The paper claims that it leaves ln 10; the final loss depends on the images.
        const half = (0.9 * guess) / 2;
        return paperRow(what, half, ours, half, "learns: at least a tenth of the way from ln 10 to 0");
      }
      return paperRow(what, guess, ours, tolerance, "stalls at ln 10: only the output biases move, by chance");
    }),
  );
}

/** T6. */
export const deepTraining: PaperTable = {
  title: "Thirty layers: He against Glorot, SGD against Adam",
  paper: "He, Zhang, Ren and Sun 2015",
  run: deepTrainingRows,
};

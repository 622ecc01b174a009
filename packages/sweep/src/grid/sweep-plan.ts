// A sweep as a list of runs: a comparison per point of the grid, each with a run per initializer and seed.
// A run's address is the SHA-256 of everything that its result depends on, so sweeps share equal runs.

import { VERSION } from "@fanin/core";
import {
  type CompareConfig,
  compareConfig,
  type DatasetInfo,
  describeDataset,
  expectFit,
  optimizers,
  planRuns,
  type Run,
  sha256,
} from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";
import type { SweepSpec } from "./sweep-spec.ts";

/** One point of the grid: a comparison of all initializers over all seeds. */
export interface SweepCell {
  readonly depth: number;
  readonly width: number;
  readonly config: CompareConfig;
}

/** One run of a sweep. */
export interface SweepRun {
  /** Its address: the SHA-256, in hex, of everything that its result depends on. */
  readonly id: string;
  readonly cell: SweepCell;
  readonly config: CompareConfig;
  readonly run: Run;
}

/** The runs of a sweep, with the data and the version. */
export interface SweepPlan {
  readonly version: string;
  readonly spec: SweepSpec;
  readonly dataset: DatasetInfo;
  readonly cells: readonly SweepCell[];
  readonly runs: readonly SweepRun[];
}

/**
 * The first examples of `dataset`, in the number that the spec gives, under the same name.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * takeExamples(dataset, { train: 10, test: null }).train.labels.length; // => 10
 */
export function takeExamples(dataset: Dataset, { train, test }: SweepSpec["examples"]): Dataset {
  const pixels = dataset.height * dataset.width;
  const take = (part: "train" | "test", count: number | null): Dataset["train"] => {
    const { images, labels } = dataset[part];
    if (count === null) return { images, labels };
    if (count > labels.length) {
      throw new RangeError(
        `examples.${part}: expected up to ${labels.length}, as many as ${dataset.name} has, got ${count}`,
      );
    }
    return { images: images.subarray(0, count * pixels), labels: labels.subarray(0, count) };
  };
  return { ...dataset, train: take("train", train), test: take("test", test) };
}

/** The points of the grid; the learning rate varies fastest. */
function sweepCells(spec: SweepSpec, features: number, classes: number): SweepCell[] {
  const { initializers, outputInitializer, stream, seeds, epochs, batch, validationSplit, reference, target } = spec;
  const shared = { initializers, outputInitializer, stream, seeds, epochs, batch, validationSplit, reference, target };
  const cells: SweepCell[] = [];
  for (const activation of spec.activations) {
    for (const optimizer of spec.optimizers) {
      for (const depth of spec.depths) {
        for (const width of spec.widths) {
          const layers = [features, ...new Array<number>(depth).fill(width), classes];
          for (const learningRate of spec.learningRates ?? [optimizers[optimizer].learningRate]) {
            const config = compareConfig({ ...shared, layers, activation, optimizer, learningRate });
            cells.push({ depth, width, config });
          }
        }
      }
    }
  }
  return cells;
}

/**
 * The address of a run: SHA-256 of version, data and everything else that its result depends on. It does not depend on
 * other runs or on the order of fields.
 */
export function runAddress(version: string, dataset: string, config: CompareConfig, run: Run): Promise<string> {
  const { layers, activation, outputInitializer, stream, epochs, batch, optimizer, learningRate, validationSplit } =
    config;
  const training = { layers, activation, outputInitializer, stream, epochs, batch, optimizer, learningRate };
  const { initializer, seed } = run;
  const content = { version, dataset, ...training, validationSplit, initializer, seed };
  return sha256(new TextEncoder().encode(JSON.stringify(content)));
}

/**
 * The plan of `spec` for data with the description `dataset`.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const spec = sweepSpec({ initializers: ["he_normal", "zeros"], seeds: 3 });
 * const plan = await sweepPlan(spec, dataset);
 * (await sweepPlanOf(spec, plan.dataset, plan.version)).runs[0]?.id === plan.runs[0]?.id; // => true
 */
export async function sweepPlanOf(spec: SweepSpec, dataset: DatasetInfo, version: string): Promise<SweepPlan> {
  const cells = sweepCells(spec, dataset.features, dataset.classes.length);
  const runs: SweepRun[] = [];
  for (const cell of cells) {
    // All runs of a cell share one object: ten thousand runs must cost little.
    const { config } = cell;
    for (const run of planRuns(config)) {
      runs.push({ id: await runAddress(version, dataset.sha256, config, run), cell, config, run });
    }
  }
  return { version, spec, dataset, cells, runs };
}

/**
 * The plan of `spec` on `dataset`, which must have the examples that the spec takes.
 *
 * @throws RangeError if they do not fit.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const spec = sweepSpec({ initializers: ["he_normal", "zeros"], depths: [1, 2], seeds: 3 });
 * (await sweepPlan(spec, dataset)).runs.length; // => 12
 */
export async function sweepPlan(spec: SweepSpec, dataset: Dataset, version: string = VERSION): Promise<SweepPlan> {
  const [first] = sweepCells(spec, dataset.height * dataset.width, dataset.classes.length);
  if (!first) throw new RangeError("the spec: expected at least one run, got none");
  expectFit(first.config, dataset);
  return sweepPlanOf(spec, await describeDataset(dataset, first.config), version);
}

/**
 * Describes a run in a line: `he_normal 8x64 relu, adam 0.001, seed 3`.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const { runs: [run] } = await sweepPlan(sweepSpec({ initializers: ["he_normal"], widths: [4], seeds: 1 }), dataset);
 * run && runLabel(run); // => 'he_normal 1x4 relu, adam 0.001, seed 0'
 */
export function runLabel({ cell, run }: SweepRun): string {
  const { activation, optimizer, learningRate } = cell.config;
  return `${run.initializer} ${cell.depth}x${cell.width} ${activation}, ${optimizer} ${learningRate}, seed ${run.seed}`;
}

// The file of one run: its address, what it depends on, and its result. The same bytes whoever computed it.

import { isResultOf, type RunResult } from "@fanin/lab";
import type { SweepRun } from "./sweep-plan.ts";

/** What the file of a run holds. */
export interface RunRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the data. */
  readonly dataset: string;
  readonly layers: readonly number[];
  readonly activation: string;
  readonly outputInitializer: string;
  readonly stream: string;
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly validationSplit: number;
  readonly result: RunResult;
}

/**
 * The text of a run's file.
 *
 * @example
 * import { proceduralDataset, trainRun } from "@fanin/lab";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const plan = await sweepPlan(sweepSpec({ initializers: ["he_normal"], widths: [4], seeds: 1, epochs: 1 }), dataset);
 * for (const run of plan.runs) {
 *   const text = runRecordText(run, plan.version, plan.dataset.sha256, await trainRun(run.config, dataset, run.run));
 *   if (JSON.parse(text).id !== run.id) throw new Error("not the file of this run");
 * }
 */
export function runRecordText(run: SweepRun, version: string, dataset: string, result: RunResult): string {
  const { layers, activation, outputInitializer, stream, epochs, batch, optimizer, learningRate, validationSplit } =
    run.config;
  const record: RunRecord = {
    schemaVersion: 1,
    id: run.id,
    version,
    dataset,
    layers,
    activation,
    outputInitializer,
    stream,
    epochs,
    batch,
    optimizer,
    learningRate,
    validationSplit,
    result,
  };
  return `${JSON.stringify(record)}\n`;
}

/**
 * The result in the text of a run's file; undefined where it is not that of `run`.
 *
 * @example
 * import { proceduralDataset, trainRun } from "@fanin/lab";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const plan = await sweepPlan(sweepSpec({ initializers: ["he_normal"], widths: [4], seeds: 1, epochs: 1 }), dataset);
 * for (const run of plan.runs) {
 *   const text = runRecordText(run, plan.version, plan.dataset.sha256, await trainRun(run.config, dataset, run.run));
 *   if (!readRunRecord(run, text)) throw new Error("not the file of this run");
 * }
 */
export function readRunRecord(run: SweepRun, text: string): RunResult | undefined {
  try {
    const record = JSON.parse(text) as Partial<RunRecord>;
    return record.id === run.id && isResultOf(run.run, record.result) ? record.result : undefined;
  } catch {
    return undefined;
  }
}

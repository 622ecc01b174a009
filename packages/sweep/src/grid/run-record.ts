// The file of one run: its address, its inputs and its result. The same bytes on any machine.

import { anyNumber, exactly, hashSchema, integerFrom, listOf, recordOf, textOf } from "@fanin/formats/record-schema";
import { type RunResult, resultMisfit } from "@fanin/lab";
import type { SweepRun } from "./sweep-plan.ts";

/** The content of a run's file. */
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
 * import { proceduralDataset } from "@fanin/lab/data";
import { trainRun } from "@fanin/lab";
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

const recordSchema = recordOf({
  schemaVersion: exactly(1),
  id: hashSchema,
  version: textOf(),
  dataset: hashSchema,
  layers: listOf(integerFrom(1), 2),
  activation: textOf(),
  outputInitializer: textOf(),
  stream: textOf(),
  epochs: integerFrom(1),
  batch: integerFrom(1),
  optimizer: textOf(),
  learningRate: anyNumber,
  validationSplit: anyNumber,
  result: () => undefined,
});

/**
 * Describes why untrusted `value` is not the file of `run`; the text begins with the field. Undefined if the value fits.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const { runs: [run] } = await sweepPlan(sweepSpec({ initializers: ["he_normal"], widths: [4], seeds: 1 }), dataset);
 * run && runRecordMisfit(run, {}); // => 'schemaVersion: expected 1, got nothing'
 */
export function runRecordMisfit(run: SweepRun, value: unknown): string | undefined {
  const wrong = recordSchema(value, "");
  if (wrong !== undefined) return wrong;
  const record = value as RunRecord;
  if (record.id !== run.id) return `id: expected ${run.id}, got ${record.id}`;
  const keys = [
    "layers",
    "activation",
    "outputInitializer",
    "stream",
    "epochs",
    "batch",
    "optimizer",
    "learningRate",
    "validationSplit",
  ] as const;
  for (const key of keys) {
    const [expected, got] = [JSON.stringify(run.config[key]), JSON.stringify(record[key])];
    if (expected !== got) return `${key}: expected ${expected}, got ${got}`;
  }
  const other = resultMisfit(run.run, record.result, run.config);
  return other === undefined ? undefined : `result.${other}`;
}

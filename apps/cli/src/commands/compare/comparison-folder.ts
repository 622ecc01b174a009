// The folder of a comparison: its plan, a file for each finished run, the state of active runs, result and report.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { VERSION } from "@fanin/core";
import { recordOf, type Schema, textOf } from "@fanin/formats/record-schema";
import {
  type CompareConfig,
  compareConfig,
  type DatasetInfo,
  datasetSchema,
  type Run,
  type RunResult,
  resultMisfit,
} from "@fanin/lab";
import { ExperimentFolder } from "../../experiment/experiment-folder.ts";
import { anyObject, readWhole } from "../../experiment/own-file.ts";
import { type Shard, shardSchema } from "../../experiment/shard.ts";

/** The plan of a comparison, which suffices to resume it: config, data and version. */
export interface Plan {
  readonly version: string;
  /** The value of `--data`; a folder by its absolute path. */
  readonly data: string;
  /** The data set as in the result. */
  readonly dataset: DatasetInfo;
  readonly config: CompareConfig;
  /** The part of the runs in this folder; absent for all runs. */
  readonly shard?: Shard;
}

const PLAN = "plan.json";

const planSchema = recordOf(
  { version: textOf(), data: textOf(/^(?!$)/, "the name of data"), dataset: datasetSchema, config: anyObject },
  { shard: shardSchema },
);

/** The output folder of a comparison, for one process at a time. */
export class ComparisonFolder extends ExperimentFolder {
  /**
   * Makes the folder, takes its lock, and writes its plan. Drops the state of active runs.
   *
   * @throws CommandError if it contains another comparison, is in use, or cannot be written.
   */
  create(plan: Plan): Promise<void> {
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    return this.claim({ file: PLAN, text, nameOther: () => "another comparison", isAnew: true });
  }

  /**
   * Reads the plan that `create` wrote.
   *
   * @param asker the argument, such as `--resume`, for the message.
   * @throws CommandError if it is missing or damaged.
   */
  async readPlan(asker: string): Promise<Plan> {
    const plan = (await this.readClaim(PLAN, asker, "comparison", planSchema)) as Plan;
    // Another version may have other fields, so the caller checks the version first.
    if (plan.version !== VERSION) return plan;
    const path = join(this.path, PLAN);
    return { ...plan, config: readWhole(path, "config", plan.config, () => compareConfig(plan.config)) };
  }

  /** Returns the path of the state of an active run. */
  checkpointPath(run: Run, position: number): string {
    return this.checkpointOf(runName(run, position));
  }

  /** Saves the result of a run, and removes its state. */
  saveRun(run: Run, position: number, result: RunResult): Promise<void> {
    return this.writeRun(runName(run, position), `${JSON.stringify(result)}\n`);
  }

  /** Removes the state of a run whose result is saved. */
  dropCheckpoint(run: Run, position: number): Promise<void> {
    return rm(this.checkpointPath(run, position), { force: true });
  }

  /**
   * Reads the result of the run at a position of the plan; undefined if it is missing.
   *
   * @throws CommandError if the file is damaged, or does not belong to the run.
   */
  async loadRun(run: Run, position: number, plan: CompareConfig): Promise<RunResult | undefined> {
    const schema: Schema = (value) => resultMisfit(run, value, plan);
    return (await this.readRunFile(runName(run, position), schema)) as RunResult | undefined;
  }
}

/** Names the file of a run, such as `0003-he_normal-seed-2`, by its position in the plan. */
export function runName(run: Run, position: number): string {
  const name = run.initializer.replace(/[^\w.=-]+/g, "_").slice(0, 60);
  return `${String(position).padStart(4, "0")}-${name}-seed-${run.seed}`;
}

// The folder of one comparison: its plan, a file for each finished run, the state of those under way, result and report.

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
import { ExperimentFolder } from "../experiment/experiment-folder.ts";
import { anyObject, readWhole } from "../experiment/own-file.ts";
import { type Shard, shardSchema } from "../experiment/shard.ts";

/** What a comparison needs to go on: what to compute, on which data, by which version. */
export interface Plan {
  readonly version: string;
  /** As `--data` had it; a folder by its absolute path. */
  readonly data: string;
  /** As in the result. */
  readonly dataset: DatasetInfo;
  readonly config: CompareConfig;
  /** Which of the runs this folder is for; all of them without. */
  readonly shard?: Shard;
}

const PLAN = "plan.json";

const planSchema = recordOf(
  { version: textOf(), data: textOf(/^(?!$)/, "the name of data"), dataset: datasetSchema, config: anyObject },
  { shard: shardSchema },
);

/** A folder that a comparison writes to, one process at a time. */
export class ComparisonFolder extends ExperimentFolder {
  /**
   * Makes the folder, takes its lock, and writes its plan. The state of runs that were under way is dropped.
   *
   * @throws CommandError where it holds another comparison, is in use, or cannot be written.
   */
  create(plan: Plan): Promise<void> {
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    return this.claim({ file: PLAN, text, nameOther: () => "another comparison", isAnew: true });
  }

  /**
   * The plan that `create` wrote.
   *
   * @param asker what asks for it, such as `--resume`, for the message.
   * @throws CommandError where there is none, or one that is damaged.
   */
  async readPlan(asker: string): Promise<Plan> {
    const plan = (await this.readClaim(PLAN, asker, "comparison", planSchema)) as Plan;
    // Another version may have other fields; who asks says what becomes of that.
    if (plan.version !== VERSION) return plan;
    const path = join(this.path, PLAN);
    return { ...plan, config: readWhole(path, "config", plan.config, () => compareConfig(plan.config)) };
  }

  /** Where the state of a run is while it is under way. */
  checkpointPath(run: Run, position: number): string {
    return this.checkpointOf(runName(run, position));
  }

  /** Saves the result of a run; its state is no longer needed. */
  saveRun(run: Run, position: number, result: RunResult): Promise<void> {
    return this.writeRun(runName(run, position), `${JSON.stringify(result)}\n`);
  }

  /** Removes the state of a run whose result is safe. */
  dropCheckpoint(run: Run, position: number): Promise<void> {
    return rm(this.checkpointPath(run, position), { force: true });
  }

  /**
   * The result of the run at this position of the plan; undefined where it is not there.
   *
   * @throws CommandError where the file is damaged, or is not what the plan's run gives.
   */
  async loadRun(run: Run, position: number, plan: CompareConfig): Promise<RunResult | undefined> {
    const schema: Schema = (value) => resultMisfit(run, value, plan);
    return (await this.readRunFile(runName(run, position), schema)) as RunResult | undefined;
  }
}

/** `0003-he_normal-seed-2`: by position in the plan, readable. */
export function runName(run: Run, position: number): string {
  const name = run.initializer.replace(/[^\w.=-]+/g, "_").slice(0, 60);
  return `${String(position).padStart(4, "0")}-${name}-seed-${run.seed}`;
}

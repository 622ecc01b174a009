// The folder of one comparison: its plan, a file for each finished run, the state of those under way, result and report.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type CompareConfig, type DatasetInfo, isResultOf, type Run, type RunResult } from "@fanin/lab";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { ExperimentFolder, parsed } from "../experiment/experiment-folder.ts";
import type { Shard } from "../experiment/shard.ts";

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
    const plan = (await this.readClaim(PLAN, asker, "comparison")) as Partial<Plan> | undefined;
    if (typeof plan?.version !== "string" || typeof plan.data !== "string" || !plan.config || !plan.dataset) {
      const path = join(this.path, PLAN);
      throw new CommandError(exitCodes.malformed, `${asker}: ${path} is not the plan of a comparison`);
    }
    return plan as Plan;
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
   * @throws CommandError where the file is damaged, or holds another run.
   */
  loadRun(run: Run, position: number): Promise<RunResult | undefined> {
    return this.readRunFile(runName(run, position), (text) => {
      const result = parsed(text);
      return isResultOf(run, result) ? result : undefined;
    });
  }
}

/** `0003-he_normal-seed-2`: by position in the plan, readable. */
export function runName(run: Run, position: number): string {
  const name = run.initializer.replace(/[^\w.=-]+/g, "_").slice(0, 60);
  return `${String(position).padStart(4, "0")}-${name}-seed-${run.seed}`;
}

// The folder of one comparison: its config, a file for each finished run, the state of those under way, result and report.
// Every file appears whole or not at all, so a comparison that was stopped can go on from what is there.

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CompareConfig, DatasetInfo, Run, RunResult } from "@fanin/lab";
import { TEMPORARY, writeWhole } from "@fanin/sweep";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type FolderLock, lockFolder } from "../folder-lock.ts";
import type { Shard } from "./shard.ts";

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
const RUNS = "runs";
const CHECKPOINTS = "checkpoints";

/** A folder that a comparison writes to, one process at a time. */
export class RunFolder {
  readonly path: string;
  #lock: FolderLock | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder, takes its lock, and writes its plan. The state of runs that were under way is dropped.
   *
   * @throws CommandError where it holds another comparison, is in use, or cannot be written.
   */
  async create(plan: Plan): Promise<void> {
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    try {
      await mkdir(this.path, { recursive: true });
      const present = await readFile(join(this.path, PLAN), "utf8").catch(() => undefined);
      if (present !== undefined && present !== text) {
        throw new CommandError(exitCodes.usage, `--out: ${this.path} holds another comparison; choose another folder`);
      }
      await this.open();
      await rm(join(this.path, CHECKPOINTS), { recursive: true, force: true });
      await mkdir(join(this.path, CHECKPOINTS));
      await this.write(PLAN, text);
    } catch (error) {
      await this.release();
      if (error instanceof CommandError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError(exitCodes.io, `--out: cannot write to ${this.path}: ${reason}`, { cause: error });
    }
  }

  /** Takes the lock, and removes what a process that was killed had begun to write. */
  async open(): Promise<void> {
    this.#lock = await lockFolder(this.path);
    for (const part of [".", RUNS, CHECKPOINTS]) {
      const folder = join(this.path, part);
      await mkdir(folder, { recursive: true });
      const begun = (await readdir(folder)).filter((name) => name.endsWith(TEMPORARY));
      for (const name of begun) await rm(join(folder, name), { force: true });
    }
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    await this.#lock?.release();
    this.#lock = null;
  }

  /**
   * The plan that `create` wrote.
   *
   * @param asker what asks for it, such as `--resume`, for the message.
   * @throws CommandError where there is none, or one that is damaged.
   */
  async readPlan(asker: string): Promise<Plan> {
    const path = join(this.path, PLAN);
    const text = await readFile(path, "utf8").catch((error: Error) => {
      throw new CommandError(exitCodes.io, `${asker}: no comparison in ${this.path}: ${error.message}`, {
        cause: error,
      });
    });
    const plan = parse(text) as Partial<Plan> | undefined;
    if (typeof plan?.version !== "string" || typeof plan.data !== "string" || !plan.config || !plan.dataset) {
      throw new CommandError(exitCodes.malformed, `${asker}: ${path} is not the plan of a comparison`);
    }
    return plan as Plan;
  }

  /** Where the state of a run is while it is under way. */
  checkpointPath(run: Run, position: number): string {
    return join(this.path, CHECKPOINTS, `${runName(run, position)}.bin`);
  }

  /** Saves the result of a run; its state is no longer needed. */
  async saveRun(run: Run, position: number, result: RunResult): Promise<void> {
    await this.write(join(RUNS, `${runName(run, position)}.json`), `${JSON.stringify(result)}\n`);
    await this.dropCheckpoint(run, position);
  }

  /** Removes the state of a run whose result is safe. */
  async dropCheckpoint(run: Run, position: number): Promise<void> {
    await rm(this.checkpointPath(run, position), { force: true });
  }

  /**
   * The result of the run at this position of the plan; undefined where it is not there.
   *
   * @throws CommandError where the file is damaged, or holds another run.
   */
  async loadRun(run: Run, position: number): Promise<RunResult | undefined> {
    const path = join(this.path, RUNS, `${runName(run, position)}.json`);
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const result = parse(text) as Partial<RunResult> | undefined;
    if (!isResultOf(run, result)) {
      throw new CommandError(exitCodes.malformed, `${path} is damaged; remove it to run it again`);
    }
    return result;
  }

  /** Writes a file of the folder, whole or not at all; returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.path, name);
    await writeWhole(path, text);
    return path;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a file that says it is the result of `run` has what a result needs. */
function isResultOf(run: Run, result: Partial<RunResult> | undefined): result is RunResult {
  return (
    result?.initializer === run.initializer &&
    result.seed === run.seed &&
    typeof result.testAccuracy === "number" &&
    (result.testLoss === null || typeof result.testLoss === "number") &&
    (result.diverged === null || typeof result.diverged === "number") &&
    Array.isArray(result.epochs) &&
    Array.isArray(result.weights) &&
    /^[0-9a-f]{64}$/.test(result.sha256 ?? "")
  );
}

/** `0003-he_normal-seed-2`: by position in the plan, readable. */
function runName(run: Run, position: number): string {
  const name = run.initializer.replace(/[^\w.=-]+/g, "_").slice(0, 60);
  return `${String(position).padStart(4, "0")}-${name}-seed-${run.seed}`;
}

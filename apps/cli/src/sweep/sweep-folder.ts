// The folder of one sweep: its spec, a file for each finished run named by its address, the state of those under way.
// Every file appears whole or not at all, so whoever runs the sweep again goes on from what is there.

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { TEMPORARY_ENDING, writeFileAtomically } from "@fanin/formats/node";
import type { DatasetInfo, RunResult } from "@fanin/lab";
import { readRunRecord, runRecordText, type SweepRun, type SweepSpec } from "@fanin/sweep";
import type { Shard } from "../compare/shard.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type FolderLock, lockFolder } from "../folder-lock.ts";

/** What a folder says of its sweep. */
export interface SweepHeader {
  readonly version: string;
  readonly spec: SweepSpec;
  readonly dataset: DatasetInfo;
  /** Which of the runs this folder is for; all of them without. */
  readonly shard?: Shard;
}

/** The file that makes a folder that of a sweep. */
export const SWEEP_FILE = "sweep.json";
const RUNS = "runs";
const CHECKPOINTS = "checkpoints";
const READING = 32; // files that are read at a time

/** A folder that a sweep writes to, one process at a time. */
export class SweepFolder {
  readonly path: string;
  #lock: FolderLock | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder, takes its lock, and writes what sweep it holds; what is there of the same sweep stays.
   *
   * @throws CommandError where it holds another sweep, is in use, or cannot be written.
   */
  async create(header: SweepHeader): Promise<void> {
    const text = `${JSON.stringify(header, null, 2)}\n`;
    try {
      await mkdir(this.path, { recursive: true });
      const present = await readFile(join(this.path, SWEEP_FILE), "utf8").catch(() => undefined);
      if (present !== undefined && present !== text) {
        const version = (parse(present) as Partial<SweepHeader> | undefined)?.version;
        const other = version === header.version ? "another sweep" : `a sweep of version ${version}`;
        throw new CommandError(exitCodes.usage, `--out: ${this.path} holds ${other}; choose another folder`);
      }
      this.#lock = await lockFolder(this.path);
      for (const part of [".", RUNS, CHECKPOINTS]) {
        const folder = join(this.path, part);
        await mkdir(folder, { recursive: true });
        // What a process that was killed had begun to write.
        const begun = (await readdir(folder)).filter((name) => name.endsWith(TEMPORARY_ENDING));
        for (const name of begun) await rm(join(folder, name), { force: true });
      }
      await this.write(SWEEP_FILE, text);
    } catch (error) {
      await this.release();
      if (error instanceof CommandError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError(exitCodes.io, `--out: cannot write to ${this.path}: ${reason}`, { cause: error });
    }
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    await this.#lock?.release();
    this.#lock = null;
  }

  /**
   * What sweep the folder holds.
   *
   * @throws CommandError where it holds none, or its file is damaged.
   */
  async readHeader(): Promise<SweepHeader> {
    const path = join(this.path, SWEEP_FILE);
    const text = await readFile(path, "utf8").catch((error: Error) => {
      throw new CommandError(exitCodes.io, `merge: no sweep in ${this.path}: ${error.message}`, { cause: error });
    });
    const header = parse(text) as Partial<SweepHeader> | undefined;
    if (typeof header?.version !== "string" || !header.spec || !header.dataset) {
      throw new CommandError(exitCodes.malformed, `merge: ${path} is not that of a sweep`);
    }
    return header as SweepHeader;
  }

  /** Where the state of a run is while it is under way. */
  checkpointPath(id: string): string {
    return join(this.path, CHECKPOINTS, `${id}.bin`);
  }

  /** Writes the result of a run, once; its state is no longer needed. */
  async saveRun(run: SweepRun, header: SweepHeader, result: RunResult): Promise<void> {
    await this.write(join(RUNS, `${run.id}.json`), runRecordText(run, header.version, header.dataset.sha256, result));
    await rm(this.checkpointPath(run.id), { force: true });
  }

  /** The text of a run's file, which is one of `run`; undefined where it is not there. */
  async readRun(run: SweepRun): Promise<{ readonly text: string; readonly result: RunResult } | undefined> {
    const path = join(this.path, RUNS, `${run.id}.json`);
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const result = readRunRecord(run, text);
    if (!result) throw new CommandError(exitCodes.malformed, `${path} is damaged; remove it to run it again`);
    return { text, result };
  }

  /** The results of those of `runs` that are there, by address, without the histograms: of ten thousand runs they are what weighs. */
  async loadRuns(runs: readonly SweepRun[]): Promise<Map<string, RunResult>> {
    const results = new Map<string, RunResult>();
    for (let at = 0; at < runs.length; at += READING) {
      const some = runs.slice(at, at + READING);
      const found = await Promise.all(some.map((run) => this.readRun(run)));
      some.forEach(({ id }, i) => {
        const result = found[i]?.result;
        if (result) results.set(id, { ...result, weights: [] });
      });
    }
    return results;
  }

  /** Writes a file of the folder, whole or not at all; returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.path, name);
    await writeFileAtomically(path, new TextEncoder().encode(text), { force: true });
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

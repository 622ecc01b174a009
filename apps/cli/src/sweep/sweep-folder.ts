// The folder of one sweep: its spec, a file for each finished run named by its address, the state of those under way.

import { join } from "node:path";
import { VERSION } from "@fanin/core";
import { recordOf, textOf } from "@fanin/formats/record-schema";
import { type DatasetInfo, datasetSchema, type RunResult } from "@fanin/lab";
import { type RunRecord, runRecordMisfit, runRecordText, type SweepRun, type SweepSpec, sweepSpec } from "@fanin/sweep";
import { ExperimentFolder, parsed } from "../experiment/experiment-folder.ts";
import { anyObject, readWhole } from "../experiment/own-file.ts";
import { type Shard, shardSchema } from "../experiment/shard.ts";

/** What a folder says of its sweep. */
export interface SweepHeader {
  readonly version: string;
  readonly spec: SweepSpec;
  readonly dataset: DatasetInfo;
  /** Which of the runs this folder is for; all of them without. */
  readonly shard?: Shard;
}

const headerSchema = recordOf({ version: textOf(), spec: anyObject, dataset: datasetSchema }, { shard: shardSchema });

/** The file that makes a folder that of a sweep. */
export const SWEEP_FILE = "sweep.json";
const READING = 32; // files that are read at a time

/** A folder that a sweep writes to, one process at a time. */
export class SweepFolder extends ExperimentFolder {
  /**
   * Makes the folder, takes its lock, and writes what sweep it holds; what is there of the same sweep stays.
   *
   * @throws CommandError where it holds another sweep, is in use, or cannot be written.
   */
  create(header: SweepHeader): Promise<void> {
    const nameOther = (text: string): string => {
      const version = (parsed(text) as Partial<SweepHeader> | undefined)?.version;
      return version === header.version ? "another sweep" : `a sweep of version ${version}`;
    };
    const text = `${JSON.stringify(header, null, 2)}\n`;
    return this.claim({ file: SWEEP_FILE, text, nameOther, isAnew: false });
  }

  /**
   * What sweep the folder holds.
   *
   * @throws CommandError where it holds none, or its file is damaged.
   */
  async readHeader(): Promise<SweepHeader> {
    const header = (await this.readClaim(SWEEP_FILE, "merge", "sweep", headerSchema)) as SweepHeader;
    // Another version may have other fields; who asks says what becomes of that.
    if (header.version !== VERSION) return header;
    const path = join(this.path, SWEEP_FILE);
    return { ...header, spec: readWhole(path, "spec", header.spec, () => sweepSpec(header.spec)) };
  }

  /** Where the state of a run is while it is under way. */
  checkpointPath(id: string): string {
    return this.checkpointOf(id);
  }

  /** Writes the result of a run, once; its state is no longer needed. */
  saveRun(run: SweepRun, header: SweepHeader, result: RunResult): Promise<void> {
    return this.writeRun(run.id, runRecordText(run, header.version, header.dataset.sha256, result));
  }

  /** What a run's file says, which is one of `run`; undefined where it is not there. */
  async readRun(run: SweepRun): Promise<RunRecord | undefined> {
    return (await this.readRunFile(run.id, (value) => runRecordMisfit(run, value))) as RunRecord | undefined;
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
}

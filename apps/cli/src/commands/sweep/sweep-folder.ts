// The folder of a sweep: its spec, a file for each finished run named by its address, and the state of active runs.

import { join } from "node:path";
import { VERSION } from "@fanin/core";
import { recordOf, textOf } from "@fanin/formats/record-schema";
import { type DatasetInfo, datasetSchema, type RunResult } from "@fanin/lab";
import { type RunRecord, runRecordMisfit, runRecordText, type SweepRun, type SweepSpec, sweepSpec } from "@fanin/sweep";
import { ExperimentFolder, parsed } from "../../experiment/experiment-folder.ts";
import { anyObject, readWhole } from "../../experiment/own-file.ts";
import { type Shard, shardSchema } from "../../experiment/shard.ts";

/** The description of a sweep in its folder. */
export interface SweepHeader {
  readonly version: string;
  readonly spec: SweepSpec;
  readonly dataset: DatasetInfo;
  /** The part of the runs in this folder; absent for all runs. */
  readonly shard?: Shard;
}

const headerSchema = recordOf({ version: textOf(), spec: anyObject, dataset: datasetSchema }, { shard: shardSchema });

/** The file that identifies the folder of a sweep. */
export const SWEEP_FILE = "sweep.json";
const READING = 32; // files read in parallel

/** The output folder of a sweep, for one process at a time. */
export class SweepFolder extends ExperimentFolder {
  /**
   * Makes the folder, takes its lock, and writes its description; keeps existing runs of the same sweep.
   *
   * @throws CommandError if it contains another sweep, is in use, or cannot be written.
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
   * Reads the description of the sweep.
   *
   * @throws CommandError if it is missing or damaged.
   */
  async readHeader(): Promise<SweepHeader> {
    const header = (await this.readClaim(SWEEP_FILE, "merge", "sweep", headerSchema)) as SweepHeader;
    // Another version may have other fields, so the caller checks the version first.
    if (header.version !== VERSION) return header;
    const path = join(this.path, SWEEP_FILE);
    return { ...header, spec: readWhole(path, "spec", header.spec, () => sweepSpec(header.spec)) };
  }

  /** Returns the path of the state of an active run. */
  checkpointPath(id: string): string {
    return this.checkpointOf(id);
  }

  /** Writes the result of a run, once, and removes its state. */
  saveRun(run: SweepRun, header: SweepHeader, result: RunResult): Promise<void> {
    return this.writeRun(run.id, runRecordText(run, header.version, header.dataset.sha256, result));
  }

  /** Reads the result of `run`; undefined if it is missing. */
  async readRun(run: SweepRun): Promise<RunRecord | undefined> {
    return (await this.readRunFile(run.id, (value) => runRecordMisfit(run, value))) as RunRecord | undefined;
  }

  /** Reads the existing results of `runs` by address, without histograms, which would dominate the memory for ten thousand runs. */
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

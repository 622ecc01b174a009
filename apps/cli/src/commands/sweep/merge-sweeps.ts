// Merges the parts of a sweep from several machines.

import { access } from "node:fs/promises";
import { join } from "node:path";
import { runLabel, sweepPlanOf } from "@fanin/sweep";
import type { Invocation } from "../../command.ts";
import { CommandError, type ExitCode, exitCodes } from "../../exit-codes.ts";
import { locateRuns, type PartKind, tellMerged, wholeOf } from "../../experiment/merge-parts.ts";
import { finishSweep } from "./finish-sweep.ts";
import { SWEEP_FILE, SweepFolder, type SweepHeader } from "./sweep-folder.ts";

/**
 * Whether the folders contain sweeps.
 *
 * @throws CommandError if only some do.
 */
export async function areSweeps(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    paths.map((path) =>
      access(join(path, SWEEP_FILE)).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (!found.includes(true)) return false;
  const other = paths[found.indexOf(false)];
  if (other === undefined) return true;
  throw new CommandError(exitCodes.malformed, `merge: ${other} is not a part of a sweep; the other folders are`);
}

const sweep: PartKind<SweepHeader> = {
  whole: "sweep",
  settings: "specs",
  settingsOf: ({ spec: { data: _, ...settings } }) => settings,
};

/** Merges the sweeps in `paths` into the folder `out`. */
export async function mergeSweeps(paths: readonly string[], out: string, invocation: Invocation): Promise<ExitCode> {
  const folders = paths.map((path) => new SweepFolder(path));
  const header: SweepHeader = await wholeOf(folders, (folder) => folder.readHeader(), sweep);
  const plan = await sweepPlanOf(header.spec, header.dataset, header.version);
  // Everything is checked before anything is written.
  const places = await locateRuns(folders, plan.runs, {
    textOf: (folder, { id }) => folder.runText(id),
    check: (folder, run) => folder.readRun(run),
    labelOf: runLabel,
    fileOf: ({ id }) => id,
  });
  const target = new SweepFolder(out);
  await target.create(header);
  try {
    for (const [run, folder] of places) {
      const found = await folder.readRun(run);
      if (found) await target.saveRun(run, header, found.result);
    }
    await finishSweep(plan, await target.loadRuns(plan.runs), target, invocation);
  } finally {
    await target.release();
  }
  tellMerged(invocation, plan.runs.length, folders.length, target.path);
  return exitCodes.fine;
}

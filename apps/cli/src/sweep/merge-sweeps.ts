// The parts of one sweep, computed on several machines, as if one had computed it.

import { access } from "node:fs/promises";
import { join, relative } from "node:path";
import { VERSION } from "@fanin/lab";
import { runLabel, type SweepRun, sweepPlanOf } from "@fanin/sweep";
import type { Invocation } from "../command.ts";
import { CommandError, type ExitCode, exitCodes, usageError } from "../exit-codes.ts";
import { finishSweep } from "./finish-sweep.ts";
import { SWEEP_FILE, SweepFolder, type SweepHeader } from "./sweep-folder.ts";

const NAMED = 5; // missing runs that the message names

/**
 * Whether the folders are those of sweeps.
 *
 * @throws CommandError where some are and some are not.
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

/** What two parts must have in common. The data may lie elsewhere on another machine. */
function essenceOf({ version, spec: { data: _, ...spec }, dataset: { name: __, ...dataset } }: SweepHeader): string {
  return JSON.stringify({ version, spec, dataset });
}

function differenceOf(a: SweepHeader, b: SweepHeader): string {
  if (a.version !== b.version) return `versions ${a.version} and ${b.version}`;
  if (a.dataset.sha256 !== b.dataset.sha256) {
    return `data sets ${a.dataset.name} and ${b.dataset.name}, by their hashes`;
  }
  const keys = Object.keys({ ...a.spec, ...b.spec }) as (keyof SweepHeader["spec"])[];
  const differing = keys.filter((key) => key !== "data" && JSON.stringify(a.spec[key]) !== JSON.stringify(b.spec[key]));
  return differing.length > 0 ? `specs, in ${differing.join(", ")}` : "descriptions of the data set";
}

async function readHeaders(folders: readonly SweepFolder[]): Promise<SweepHeader> {
  const headers: SweepHeader[] = [];
  for (const folder of folders) headers.push(await folder.readHeader());
  const [first] = headers;
  if (!first) throw usageError("expected <DIR...>; see fanin merge --help");
  if (first.version !== VERSION) {
    throw usageError(`merge: ${folders[0]?.path} was computed by version ${first.version}; this is ${VERSION}`);
  }
  for (const [i, header] of headers.entries()) {
    if (essenceOf(header) === essenceOf(first)) continue;
    throw new CommandError(
      exitCodes.malformed,
      `merge: ${folders[0]?.path} and ${folders[i]?.path} are not parts of one sweep: different ${differenceOf(first, header)}`,
    );
  }
  const { shard: _, ...whole } = first;
  return whole;
}

/** For each run the first folder that has it; several may have it if its bytes are the same. */
async function locate(folders: readonly SweepFolder[], runs: readonly SweepRun[]): Promise<Map<SweepRun, SweepFolder>> {
  const places = new Map<SweepRun, SweepFolder>();
  const missing: SweepRun[] = [];
  for (const run of runs) {
    let first: { readonly folder: SweepFolder; readonly text: string } | undefined;
    for (const folder of folders) {
      const found = await folder.readRun(run);
      if (!found) continue;
      if (first && first.text !== found.text) {
        throw new CommandError(
          exitCodes.malformed,
          `merge: ${first.folder.path} and ${folder.path} contradict each other on ${runLabel(run)} (${run.id})`,
        );
      }
      first ??= { folder, text: found.text };
    }
    if (first) places.set(run, first.folder);
    else missing.push(run);
  }
  if (missing.length === 0) return places;
  const named = missing.slice(0, NAMED).map(runLabel).join("; ");
  const rest = missing.length > NAMED ? `; and ${missing.length - NAMED} more` : "";
  throw new CommandError(
    exitCodes.malformed,
    `merge: ${missing.length} of ${runs.length} runs are missing: ${named}${rest}`,
  );
}

/** Merges the sweeps in `paths` into the folder `out`. */
export async function mergeSweeps(paths: readonly string[], out: string, invocation: Invocation): Promise<ExitCode> {
  const folders = paths.map((path) => new SweepFolder(path));
  const header = await readHeaders(folders);
  const plan = await sweepPlanOf(header.spec, header.dataset, header.version);
  // Everything is looked at before anything is made.
  const places = await locate(folders, plan.runs);
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
  if (!invocation.isSet("quiet")) {
    const where = relative(process.cwd(), target.path) || ".";
    invocation.stderr.write(`merged ${plan.runs.length} runs of ${folders.length} folders into ${where}\n`);
  }
  return exitCodes.fine;
}

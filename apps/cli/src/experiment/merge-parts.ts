// Checks that the parts of a comparison or a sweep agree, and locates each run.

import { relative } from "node:path";
import { VERSION } from "@fanin/core";
import type { DatasetInfo } from "@fanin/lab";
import type { Invocation } from "../command.ts";
import { CommandError, exitCodes, messageOf, usageError } from "../exit-codes.ts";
import { plural } from "../terminal/plural.ts";
import type { ExperimentFolder } from "./experiment-folder.ts";
import type { Shard } from "./shard.ts";

const MAX_NAMED = 5; // missing runs in a message

/** The description of the whole in a part. */
export interface Part {
  readonly version: string;
  readonly dataset: DatasetInfo;
  readonly shard?: Shard;
}

/** The kind of a whole: its name, and the settings that determine its runs. */
export interface PartKind<T extends Part> {
  /** The name, such as `sweep`. */
  readonly whole: string;
  /** The name of its settings, such as `specs`. */
  readonly settings: string;
  /** The settings that two parts must share, by name. */
  readonly settingsOf: (part: T) => object;
}

/** Access to the runs in the folders of the parts. */
export interface PartRuns<F extends ExperimentFolder, R> {
  /** Reads the text of a run, unchecked; undefined if the folder lacks it. */
  readonly textOf: (folder: F, run: R) => Promise<string | undefined>;
  /** Throws if the file of a run is damaged. */
  readonly check: (folder: F, run: R) => Promise<unknown>;
  readonly labelOf: (run: R) => string;
  /** Returns the name of a run's file, without the ending. */
  readonly fileOf: (run: R) => string;
}

/** Describes the difference of two parts. The path of the data may differ. */
function essenceOf<T extends Part>(part: T, { settingsOf }: PartKind<T>): string {
  const { name: _, ...dataset } = part.dataset;
  return JSON.stringify({ version: part.version, settings: settingsOf(part), dataset });
}

function differenceOf<T extends Part>(a: T, b: T, { settings, settingsOf }: PartKind<T>): string {
  if (a.version !== b.version) return `versions ${a.version} and ${b.version}`;
  if (a.dataset.sha256 !== b.dataset.sha256) {
    return `data sets ${a.dataset.name} and ${b.dataset.name}, by their hashes`;
  }
  const ofA = new Map(Object.entries(settingsOf(a)));
  const ofB = new Map(Object.entries(settingsOf(b)));
  const names = [...new Set([...ofA.keys(), ...ofB.keys()])];
  const differing = names.filter((name) => JSON.stringify(ofA.get(name)) !== JSON.stringify(ofB.get(name)));
  return differing.length > 0 ? `${settings}, in ${differing.join(", ")}` : "descriptions of the data set";
}

/**
 * Returns the common description of all parts in `folders`, without a shard.
 *
 * @throws CommandError if they differ, or have another version than this program.
 */
export async function wholeOf<F extends ExperimentFolder, T extends Part>(
  folders: readonly F[],
  read: (folder: F) => Promise<T>,
  kind: PartKind<T>,
): Promise<Omit<T, "shard">> {
  const parts: T[] = [];
  for (const folder of folders) parts.push(await read(folder));
  const [first] = parts;
  if (!first) throw usageError("expected <DIR...>; see fanin merge --help");
  if (first.version !== VERSION) {
    throw usageError(
      `merge: ${folders[0]?.path} was computed by version ${first.version}; expected version ${VERSION}`,
    );
  }
  for (const [i, part] of parts.entries()) {
    if (essenceOf(part, kind) === essenceOf(first, kind)) continue;
    const paths = `${folders[0]?.path} and ${folders[i]?.path}`;
    throw new CommandError(
      exitCodes.malformed,
      `merge: ${paths} are not parts of one ${kind.whole}: different ${differenceOf(first, part, kind)}`,
    );
  }
  const { shard: _, ...whole } = first;
  return whole;
}

/**
 * Finds the first folder with each run, in order; several folders may have the same text.
 *
 * @throws CommandError if two folders contradict each other on a run, or if none has it.
 */
export async function locateRuns<F extends ExperimentFolder, R>(
  folders: readonly F[],
  runs: readonly R[],
  { textOf, check, labelOf, fileOf }: PartRuns<F, R>,
): Promise<Map<R, F>> {
  const places = new Map<R, F>();
  const missing: R[] = [];
  for (const run of runs) {
    let first: { readonly folder: F; readonly text: string } | undefined;
    for (const folder of folders) {
      const text = await textOf(folder, run);
      if (text === undefined) continue;
      if (first && first.text !== text) {
        const paths = `${first.folder.path} and ${folder.path}`;
        const named = `${labelOf(run)} (${fileOf(run)})`;
        const checks = await Promise.allSettled([first.folder, folder].map((one) => check(one, run)));
        const damage = checks.flatMap((outcome) => (outcome.status === "rejected" ? [messageOf(outcome.reason)] : []));
        const message = `merge: ${paths} contradict each other on ${named}`;
        throw new CommandError(exitCodes.malformed, [message, ...damage].join("; "));
      }
      first ??= { folder, text };
    }
    if (first) {
      await check(first.folder, run);
      places.set(run, first.folder);
    } else missing.push(run);
  }
  if (missing.length === 0) return places;
  const named = missing.slice(0, MAX_NAMED).map(labelOf).join("; ");
  const rest = missing.length > MAX_NAMED ? `; and ${missing.length - MAX_NAMED} more` : "";
  throw new CommandError(
    exitCodes.malformed,
    `merge: ${missing.length} of ${runs.length} runs are missing: ${named}${rest}`,
  );
}

/** Reports the merge. */
export function tellMerged({ isSet, stderr }: Invocation, runs: number, folders: number, target: string): void {
  if (isSet("quiet")) return;
  stderr.write(
    `merged ${plural(runs, "run")} of ${plural(folders, "folder")} into ${relative(process.cwd(), target) || "."}\n`,
  );
}

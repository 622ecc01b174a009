// `fanin data`: fetches a published data set into the cache, verifies it, or shows its source.

import { expectOneOf } from "@fanin/tensor/arguments";
import type { Command, Invocation } from "../../command.ts";
import { datasetFolder, publishedDataset } from "../../datasets/dataset-cache.ts";
import { type PublishedDataset, publishedDatasets } from "../../datasets/published-datasets.ts";
import { CommandError, type ExitCode, exitCodes, usageError } from "../../exit-codes.ts";
import { interruptible } from "../../interruption.ts";
import { printResult } from "../../print-result.ts";
import { readNumber } from "../../read-values.ts";
import { byteSize } from "../../terminal/byte-size.ts";
import { writeControl } from "../../terminal/guarded-output.ts";
import { table } from "../../terminal/table.ts";
import { fromUser } from "../../user-arguments.ts";
import { type FetchOptions, type FileReport, fetchDataset, lookAtDataset } from "./fetch-dataset.ts";

const actions = ["fetch", "verify", "info"] as const;
const TIMEOUT = 30; // seconds
const MAX_TIME = 3600; // seconds
const MAX_SECONDS = 86_400;
const REPORT_EVERY = 200; // milliseconds

export const dataCommand: Command = {
  summary: "Fetch a data set into the cache, verify it, or show its source.",
  usage: "fetch|verify|info NAME [options]",
  examples: [
    "fanin data fetch fashion-mnist",
    "fanin data verify fashion-mnist",
    "fanin data info fashion-mnist --json",
  ],
  positionals: ["ACTION", "NAME"],
  choices: { ACTION: actions, NAME: Object.keys(publishedDatasets) },
  findings: "verify found missing or wrong files",
  options: {
    mirror: { value: "URL", help: "fetch from this base URL only" },
    timeout: { value: "SECONDS", help: "give up on a server after this time without a byte", default: String(TIMEOUT) },
    "max-time": { value: "SECONDS", help: "maximum time per file", default: String(MAX_TIME) },
  },
  run,
};

/** Returns the mirrors to try: those of the data set, or the one of --mirror. */
function mirrorsOf({ option }: Invocation, dataset: PublishedDataset): readonly string[] {
  const mirror = option("mirror");
  if (mirror === undefined) return dataset.mirrors;
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw usageError(`--mirror: expected an http or https address, got ${JSON.stringify(mirror)}`);
  }
  return [url.href.endsWith("/") ? url.href : `${url.href}/`];
}

function readSeconds({ option }: Invocation, name: string): number | undefined {
  const seconds = readNumber(name, option(name));
  if (seconds === undefined || (seconds > 0 && seconds <= MAX_SECONDS)) return seconds;
  throw usageError(`--${name}: expected seconds above 0, up to ${MAX_SECONDS}, got ${seconds}`);
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const [actionText = "", name = ""] = invocation.positionals;
  const action = fromUser(() => expectOneOf("ACTION", actionText, actions));
  const dataset = fromUser(() => publishedDataset(name));
  const folder = datasetFolder(dataset, invocation.environment);
  const mirrors = mirrorsOf(invocation, dataset);
  const timeout = readSeconds(invocation, "timeout") ?? TIMEOUT;
  const maxTime = readSeconds(invocation, "max-time") ?? MAX_TIME;
  const files =
    action === "fetch"
      ? await fetchFiles(invocation, dataset, folder, mirrors, { timeout: 1000 * timeout, maxTime: 1000 * maxTime })
      : await lookAtDataset(dataset, folder, action === "verify");
  const isFinding = action === "verify" && files.some(({ state }) => state !== "ok");
  if (invocation.isSet("json")) {
    const { description, licence, homepage } = dataset;
    printResult(invocation, { action, name, folder, description, licence, homepage, mirrors, files });
  } else invocation.stdout.write(describe(action, dataset, folder, mirrors, files));
  if (isFinding && !invocation.isSet("quiet")) {
    invocation.stderr.write(`fanin: fetch missing or wrong files with: fanin data fetch ${name}\n`);
  }
  return isFinding ? exitCodes.findings : exitCodes.fine;
}

/** Fetches missing files; Ctrl-C keeps the received bytes. */
async function fetchFiles(
  invocation: Invocation,
  dataset: PublishedDataset,
  folder: string,
  mirrors: readonly string[],
  times: Pick<FetchOptions, "timeout" | "maxTime">,
): Promise<FileReport[]> {
  return interruptible(async (signal) => {
    try {
      return await fetchDataset(dataset, folder, mirrors, { ...times, signal, ...announcements(invocation) });
    } catch (error) {
      if (signal.aborted) {
        const again = `fanin data fetch ${dataset.name}`;
        throw new CommandError(
          exitCodes.interrupted,
          `interrupted; the received bytes are kept. Resume with: ${again}`,
        );
      }
      if (error instanceof CommandError) throw error;
      throw new CommandError(exitCodes.io, error instanceof Error ? error.message : String(error), { cause: error });
    }
  });
}

/** Reports a line for each file, and on a terminal its progress. */
function announcements({ stderr, isSet }: Invocation): Pick<FetchOptions, "progress" | "fetched"> {
  if (isSet("quiet")) return {};
  const isLive = stderr.isTTY === true;
  const clear = (): void => {
    if (isLive) writeControl(stderr, "\x1b[1G\x1b[K");
  };
  let last = 0;
  return {
    fetched(file, mirror) {
      clear();
      stderr.write(`fetched ${file.name} from ${mirror}\n`);
    },
    progress(file, bytes) {
      if (!isLive || performance.now() - last < REPORT_EVERY) return;
      last = performance.now();
      clear();
      stderr.write(`${file.name}  ${byteSize(bytes)} of ${byteSize(file.bytes)}`);
    },
  };
}

function describe(
  action: (typeof actions)[number],
  { name, description, licence, homepage }: PublishedDataset,
  folder: string,
  mirrors: readonly string[],
  files: readonly FileReport[],
): string {
  const isInfo = action === "info";
  const rows = files.map(({ name: file, bytes, sha256, state }) => [
    file,
    String(bytes),
    state === "ok" && isInfo ? "there" : state,
    ...(isInfo ? [sha256] : []),
  ]);
  const header = ["file", " bytes", isInfo ? "cache" : "sha256", ...(isInfo ? ["sha256"] : [])];
  const source = isInfo
    ? [description, `${licence}; ${homepage}`, ...mirrors.map((mirror) => `mirror ${mirror}`), ""]
    : [];
  return `${[name, ...source].join("\n")}\n${table(header, rows)}${folder}\n`;
}

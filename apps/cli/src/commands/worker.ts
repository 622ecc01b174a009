// `fanin worker`: trains queued runs of sweeps on this machine, until it is stopped.

import { availableParallelism } from "node:os";
import { VERSION } from "@fanin/core";
import { serveQueue } from "@fanin/sweep";
import type { Command, Invocation } from "../command.ts";
import { loadDataset } from "../datasets/load-dataset.ts";
import { type ExitCode, exitCodes, usageError } from "../exit-codes.ts";
import { interruptible } from "../interruption.ts";
import { printResult } from "../print-result.ts";
import { passwordOption, readQueueOption } from "../queue/queue-option.ts";
import { readInteger, readNumber } from "../read-values.ts";

export const workerCommand: Command = {
  summary: "Train the runs of a queue. Start workers on any number of machines, and stop them at any time.",
  usage: "--queue URL [options]",
  examples: [
    "fanin worker --queue redis://queue:6379",
    "fanin worker --queue rediss://queue:6380 --redis-password-file /run/secrets/redis --concurrency 8 --idle 60",
  ],
  positionals: [],
  options: {
    queue: {
      value: "URL",
      help: "redis://[:password@]host:port, or rediss:// for TLS (required); also FANIN_REDIS_URL",
    },
    ...passwordOption,
    concurrency: { value: "N", help: "number of parallel runs (default: one per core)" },
    idle: { value: "SECONDS", help: "stop after this time without a run (default: never)" },
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { option, isSet, stderr, stdout } = invocation;
  const address = readQueueOption(invocation);
  if (address === undefined) throw usageError("--queue: expected URL, got nothing");
  const concurrency = readInteger("concurrency", option("concurrency")) ?? availableParallelism();
  if (concurrency < 1 || concurrency > 1024) {
    throw usageError(`--concurrency: expected an integer from 1 to 1024, got ${concurrency}`);
  }
  const idle = readNumber("idle", option("idle")) ?? null;
  if (idle !== null && idle < 0) throw usageError(`--idle: expected 0 seconds or more, got ${idle}`);
  const tell = (text: string): void => {
    if (!isSet("quiet")) stderr.write(`${text}\n`);
  };
  const finished = await interruptible((signal) =>
    serveQueue(address, { concurrency, loadDataset, signal, tell, idle }),
  );
  if (isSet("json")) printResult(invocation, { version: VERSION, queue: address.shown, finished });
  else stdout.write(`${finished} ${finished === 1 ? "run" : "runs"} finished\n`);
  return exitCodes.fine;
}

// Converts Ctrl-C, SIGTERM and SIGHUP to an AbortSignal: the first requests a stop, the second stops at once.
// A closing terminal sends SIGHUP, often before or after a SIGTERM, so SIGHUP never stops at once.

import { exitCodes } from "./exit-codes.ts";

/** Runs `body` with a signal that is aborted when the process should stop. */
export async function interruptible<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    interruption.abort();
  };
  const hangUp = (): void => interruption.abort();
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  process.on("SIGHUP", hangUp);
  try {
    return await body(interruption.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    process.off("SIGHUP", hangUp);
  }
}

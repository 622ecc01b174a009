// Ctrl-C, SIGTERM and SIGHUP as a signal that work can look at: the first asks it to stop, the second does not wait.
// SIGHUP comes where a terminal is closed, often before or after a SIGTERM: it never ends a wait.

import { exitCodes } from "./exit-codes.ts";

/** Runs `body` with a signal that is aborted when the process is asked to stop. */
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

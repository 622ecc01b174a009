// Ctrl-C and SIGTERM as a signal that work can look at: the first asks it to stop, the second does not wait.

import { exitCodes } from "./exit-codes.ts";

/** Runs `body` with a signal that is aborted when the process is asked to stop. */
export async function interruptible<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    interruption.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    return await body(interruption.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

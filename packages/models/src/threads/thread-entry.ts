// What a thread of a pool runs: it loads one module and calls the functions of it that it is asked to.
// Source: Node's worker_threads; the pool is thread-pool.ts.

import { parentPort, workerData } from "node:worker_threads";

/** What a pool asks a thread for. */
export interface ThreadRequest {
  /** The name of a function that the module exports. */
  readonly name: string;
  readonly task: unknown;
}

/** What a thread answers: once that its module is loaded, then one answer for each request. */
export type ThreadAnswer = { readonly isReady: true } | { readonly value: unknown } | { readonly error: unknown };

type Functions = Readonly<Record<string, (task: unknown) => unknown>>;

const answer = (message: ThreadAnswer): void => parentPort?.postMessage(message);

const functions = (await import((workerData as { readonly module: string }).module)) as Functions;

parentPort?.on("message", async ({ name, task }: ThreadRequest) => {
  try {
    answer({ value: await functions[name]?.(task) });
  } catch (error) {
    answer({ error });
  }
});
answer({ isReady: true });

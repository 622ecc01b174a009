// The entry of a pool's thread: loads one module and calls its functions on request.
// Source: Node's worker_threads; the pool is thread-pool.ts.

import { parentPort, workerData } from "node:worker_threads";

/** A request of a pool to a thread. */
export interface ThreadRequest {
  /** The name of an exported function of the module. */
  readonly name: string;
  readonly task: unknown;
}

/** An answer of a thread: first that its module is loaded, then one per request. */
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

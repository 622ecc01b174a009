// A pool of worker threads, which are ended when the process is idle.
// Source: Node's worker_threads.
//
// Node 20 aborts if a thread ends while V8 still optimizes its code in the background: about one run in hundreds under load.
// The processor time of the process shows this: it stops growing when all threads are idle.

import { type Transferable, Worker } from "node:worker_threads";
import type { ThreadAnswer, ThreadRequest } from "./thread-entry.ts";

const LOOK = 30; // milliseconds
const RESTING = 0.1; // of one core
const QUIET_LOOKS = 3;
const MAX_LOOKS = 60;

/**
 * A thread that ended before its module was loaded: no other one would do better.
 *
 * @example
 * new ThreadStartError("worker.js: not found").name; // => 'ThreadStartError'
 */
export class ThreadStartError extends Error {
  override readonly name: string = "ThreadStartError";
}

/** A pending call of a pool. */
interface Request extends ThreadRequest {
  readonly transferList: readonly Transferable[];
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Threads that call functions of one module, one at a time each; a new one starts when all are busy, up to `most`.
 *
 * @example
 * const pool = new ThreadPool(new URL("data:text/javascript,export const double = (x) => 2 * x"), 2);
 * await pool.run("double", 21); // => 42
 * await endThreads(pool);
 */
export class ThreadPool {
  readonly #module: string;
  readonly #most: number;
  readonly #threads = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #queued: Request[] = [];
  #isEnded = false;

  constructor(module: URL, most: number) {
    this.#module = module.href;
    this.#most = most;
  }

  /**
   * Calls the function `name` of the module with `task` and returns its result.
   *
   * @throws ThreadStartError, or Error if the thread ends during the call. Errors of the function pass through.
   */
  run(name: string, task: unknown, transferList: readonly Transferable[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#queued.push({ name, task, transferList, resolve, reject });
      this.#serve();
    });
  }

  /** Ends the threads and rejects pending calls. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await Promise.all(Array.from(this.#threads, (thread) => thread.terminate()));
    for (const { reject } of this.#queued.splice(0)) reject(new Error("the threads were ended"));
  }

  #serve(): void {
    while (this.#queued.length > 0 && !this.#isEnded) {
      const thread = this.#idle.pop();
      if (!thread && this.#threads.size >= this.#most) return;
      const request = this.#queued.shift() as Request;
      if (thread) this.#call(thread, request);
      else this.#start(request);
    }
  }

  #start(request: Request): void {
    // `--input-type` belongs to --eval; a thread with a file refuses it.
    const execArgv = process.execArgv.filter((argument) => !argument.startsWith("--input-type"));
    const thread = new Worker(new URL("./thread-entry.js", import.meta.url), {
      workerData: { module: this.#module },
      execArgv,
    });
    this.#threads.add(thread);
    let failure: unknown;
    thread.once("error", (error) => {
      failure = error;
    });
    const fail = (code: number): void => {
      this.#threads.delete(thread);
      const reason = failure instanceof Error ? failure.message : `worker exited with code: ${code}`;
      request.reject(new ThreadStartError(reason, { cause: failure }));
      this.#serve();
    };
    thread.once("exit", fail);
    thread.once("message", () => {
      thread.off("exit", fail);
      this.#call(thread, request);
    });
  }

  #call(thread: Worker, { name, task, transferList, resolve, reject }: Request): void {
    let failure: unknown;
    const fail = (error: unknown): void => {
      failure = error;
    };
    const exit = (code: number): void => {
      this.#threads.delete(thread);
      reject(failure ?? new Error(`worker exited with code: ${code}`));
      this.#serve();
    };
    thread.on("error", fail);
    thread.once("exit", exit);
    thread.once("message", (answer: ThreadAnswer) => {
      thread.off("error", fail);
      thread.off("exit", exit);
      this.#rest(thread);
      if ("error" in answer) reject(answer.error);
      else resolve("value" in answer ? answer.value : undefined);
      this.#serve();
    });
    try {
      thread.postMessage({ name, task } satisfies ThreadRequest, [...transferList]);
    } catch (error) {
      // A task that cannot be cloned never arrives.
      thread.removeAllListeners("message");
      thread.off("error", fail);
      thread.off("exit", exit);
      this.#rest(thread);
      reject(error);
    }
  }

  /** Keeps an idle thread while it lives. */
  #rest(thread: Worker): void {
    this.#idle.push(thread);
    const forget = (): void => {
      this.#threads.delete(thread);
      const place = this.#idle.indexOf(thread);
      if (place >= 0) this.#idle.splice(place, 1);
    };
    thread.removeAllListeners("exit");
    thread.once("exit", forget);
    thread.removeAllListeners("error");
    thread.on("error", () => undefined);
  }
}

/**
 * Waits until no thread of this process has worked for some time, or for a bounded one; then ends those of `pool`.
 *
 * @example
 * const pool = new ThreadPool(new URL("data:text/javascript,export const double = (x) => 2 * x"), 2);
 * await endThreads(pool);
 */
export async function endThreads(pool: ThreadPool): Promise<void> {
  let quiet = 0;
  for (let look = 0; look < MAX_LOOKS && quiet < QUIET_LOOKS; look++) {
    const [before, start] = [process.cpuUsage(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    const { user, system } = process.cpuUsage(before);
    quiet = (user + system) / 1000 < RESTING * (performance.now() - start) ? quiet + 1 : 0;
  }
  await pool.end();
}

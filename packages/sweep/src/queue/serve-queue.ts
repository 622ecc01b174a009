// A worker of a queue: takes runs, trains them on threads and returns the results. Workers can join or die at any time.
// BullMQ manages the locks, their renewal and the recovery of a lost worker's runs; this file sets the times.

import { VERSION } from "@fanin/core";
import { describeDataset, type RunResult } from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";
import type { Job, Worker } from "bullmq";
import { takeExamples } from "../grid/sweep-plan.ts";
import { RunPool, sharedDataset } from "../run/run-pool.ts";
import { setUnreadableAside } from "./job-keys.ts";
import { type QueueAddress, QueueError } from "./queue-address.ts";
import { connectQueue, loadBullmq, queueErrorOf, refusalOf, watchConnection } from "./queue-connection.ts";
import { JobError, QUEUE_NAME, QUEUE_PREFIX, type RunJob, readRunJob } from "./run-job.ts";

// The thread that renews locks does not train, so a lock this old belongs to a dead worker.
const LOCK = 6_000; // milliseconds
const LOOK_FOR_LOST = 2_000; // milliseconds
// A queue tolerates lost workers; only a run that kills its worker every time is given up.
const LOSSES = 50;
const REPORT_EVERY = 500; // milliseconds between two events of a run's progress
const KEPT_DATASETS = 4;
const OTHER_VERSION_DELAY = 30_000; // milliseconds until a job of another version is offered again

/** Options of a worker. */
export interface ServeOptions {
  /** The number of concurrent runs. */
  readonly concurrency: number;
  readonly loadDataset: (data: string) => Promise<Dataset>;
  /** Abort it to stop the worker after its current runs. */
  readonly signal: AbortSignal;
  /** Called with a line about runs, jobs set aside, and the connection. */
  readonly tell: (text: string) => void;
  /** The worker stops after this many seconds without a run; null for never. */
  readonly idle: number | null;
  /** The version of this worker. Defaults to that of the package. */
  readonly version?: string;
}

/** A cache of the last few data sets of a worker. */
class Datasets {
  readonly #load: ServeOptions["loadDataset"];
  readonly #loaded = new Map<string, Promise<Dataset>>();

  constructor(load: ServeOptions["loadDataset"]) {
    this.#load = load;
  }

  /**
   * The data of a job in shared memory.
   *
   * @throws Error if the data are missing or different.
   */
  async of(job: RunJob): Promise<Dataset> {
    const { data, examples, dataset } = job;
    const key = JSON.stringify([data, examples, dataset]);
    const known = this.#loaded.get(key) ?? this.#fetch(job);
    // A map keeps the order of insertion: reinsert the used entry as the last.
    this.#loaded.delete(key);
    this.#loaded.set(key, known);
    for (const [oldest] of this.#loaded) {
      if (this.#loaded.size <= KEPT_DATASETS) break;
      this.#loaded.delete(oldest);
    }
    known.catch(() => this.#loaded.delete(key));
    return known;
  }

  async #fetch({ data, examples, dataset, config }: RunJob): Promise<Dataset> {
    const taken = takeExamples(await this.#load(data), examples);
    const { sha256 } = await describeDataset(taken, config);
    if (sha256 !== dataset) throw new Error(`the data in ${data} on this worker are not those of the sweep`);
    return sharedDataset(taken);
  }
}

const shortId = (id: unknown): string => String(id).slice(0, 80);

/**
 * Trains runs of the queue until the signal is aborted or it is idle for `idle` seconds. Returns the number of finished runs.
 *
 * A job that does not match its id is set aside as failed; a job of another version is delayed. `tell` reports both.
 *
 * @throws QueueError if there is no queue, or the server refuses a worker's command.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const worker = { concurrency: 2, loadDataset: async () => proceduralDataset(), tell: console.log, idle: 60 };
 * const serve = () => serveQueue(queueAddress("redis://queue.example"), { ...worker, signal: AbortSignal.timeout(3_600_000) });
 */
export async function serveQueue(address: QueueAddress, options: ServeOptions): Promise<number> {
  const { concurrency, signal, tell, idle, version = VERSION } = options;
  const bullmq = await loadBullmq();
  const connection = await connectQueue(address);
  watchConnection(connection, address.shown, tell);
  const pool = new RunPool(concurrency);
  const datasets = new Datasets(options.loadDataset);
  let finished = 0;
  let active = 0;
  let lastActive = performance.now();
  let worker: Worker<unknown, RunResult> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const train = async (job: Job<unknown, RunResult>, data: RunJob): Promise<RunResult> => {
    const dataset = await datasets.of(data);
    let reported = performance.now();
    const result = await pool.train({ config: data.config, run: data.run, checkpoint: null }, dataset, {
      progress: (progress) => {
        const now = performance.now();
        if (now - reported < REPORT_EVERY) return;
        reported = now;
        job.updateProgress({ ...progress }).catch(() => undefined);
      },
      warning: tell,
    });
    if (result === null) throw new Error("the worker was stopped");
    return result;
  };

  const seen = new Set<string>();
  /** Sets a job aside that cannot be trained here, and reports it. */
  const setAside = async (job: Job<unknown, RunResult>, error: JobError, token?: string): Promise<Error> => {
    const { otherVersion, message } = error;
    if (otherVersion === undefined) {
      tell(`job ${shortId(job.id)} is set aside: ${message}`);
      return new bullmq.UnrecoverableError(`set aside: ${message}`);
    }
    if (!seen.has(otherVersion)) {
      seen.add(otherVersion);
      const what = `job ${shortId(job.id)} and others like it are left for a worker of that version: ${message}`;
      tell(`${what}, which may give other bits`);
    }
    await job.moveToDelayed(Date.now() + OTHER_VERSION_DELAY, token);
    return new bullmq.DelayedError();
  };

  try {
    await new Promise<void>((resolve, reject) => {
      const process = async (job: Job<unknown, RunResult>, token?: string): Promise<RunResult> => {
        let data: RunJob;
        try {
          data = await readRunJob(job.id, job.data, version);
        } catch (error) {
          if (error instanceof JobError) throw await setAside(job, error, token);
          throw error;
        }
        active++;
        try {
          const result = await train(job, data);
          const { config, run } = data;
          tell(`${run.initializer} ${config.layers.join("-")} seed ${run.seed}: done`);
          return result;
        } catch (error) {
          const { initializer, seed } = data.run;
          tell(`${initializer} seed ${seed} failed: ${error instanceof Error ? error.message : String(error)}`);
          throw error;
        } finally {
          active--;
          lastActive = performance.now();
        }
      };
      worker = new bullmq.Worker<unknown, RunResult>(QUEUE_NAME, process, {
        connection,
        prefix: QUEUE_PREFIX,
        concurrency,
        lockDuration: LOCK,
        stalledInterval: LOOK_FOR_LOST,
        maxStalledCount: LOSSES,
        drainDelay: 1,
        skipVersionCheck: true,
      });
      worker.on("completed", () => finished++);
      worker.on("error", (error) => {
        // A lost lock or connection is transient; the run reports its own failure.
        const refusal = refusalOf(error, address);
        if (!refusal && !(error instanceof SyntaxError || error instanceof TypeError)) return;
        // An unreadable entry makes the server or BullMQ fail: remove it.
        setUnreadableAside(connection, (id, reason) => tell(`job ${shortId(id)} is set aside: ${reason}`))
          .then((count) => count === 0 && refusal && reject(refusal))
          .catch(() => refusal && reject(refusal));
      });
      signal.addEventListener("abort", () => resolve(), { once: true });
      if (signal.aborted) resolve();
      if (idle !== null) {
        timer = setInterval(() => {
          if (active === 0 && performance.now() - lastActive >= 1000 * idle) resolve();
        }, 100);
      }
    });
    // Waits for the current runs.
    await worker?.close();
    return finished;
  } catch (error) {
    pool.stop();
    await worker?.close(true).catch(() => undefined);
    throw error instanceof QueueError ? error : queueErrorOf(error, address);
  } finally {
    clearInterval(timer);
    await pool.close();
    connection.disconnect();
  }
}

// A worker of a queue: takes runs, trains them on threads, returns their results. It may be added or lost at any time.
// The locks, their renewal and the recovery of what a lost worker held are BullMQ's; the times are set here.

import { VERSION } from "@fanin/core";
import { type Dataset, describeDataset, type RunResult } from "@fanin/lab";
import type { Job, Worker } from "bullmq";
import { takeExamples } from "../grid/sweep-plan.ts";
import { RunPool, sharedDataset } from "../run/run-pool.ts";
import { setUnreadableAside } from "./job-keys.ts";
import { type QueueAddress, QueueError } from "./queue-address.ts";
import { connectQueue, loadBullmq, queueErrorOf, refusalOf, watchConnection } from "./queue-connection.ts";
import { JobError, QUEUE_NAME, QUEUE_PREFIX, type RunJob, readRunJob } from "./run-job.ts";

// The thread that renews locks does not train, so a lock this old is that of a worker that is gone.
const LOCK = 6_000; // milliseconds
const LOOK_FOR_LOST = 2_000; // milliseconds
// Losing workers is what a queue is for; only a run that takes its worker with it every time is given up.
const LOSSES = 50;
const REPORT_EVERY = 500; // milliseconds between two events of a run's progress
const KEPT_DATASETS = 4;
const SET_ASIDE = 30_000; // milliseconds until a job of another version is offered again

/** How a worker works. */
export interface ServeOptions {
  /** Runs at a time. */
  readonly concurrency: number;
  readonly loadDataset: (data: string) => Promise<Dataset>;
  /** Aborted to have the worker finish the runs it has and stop. */
  readonly signal: AbortSignal;
  /** Called with a line about runs, jobs that are set aside, losses and returns of the connection. */
  readonly tell: (text: string) => void;
  /** Seconds without a run after which the worker stops; null for never. */
  readonly idle: number | null;
  /** Of this worker. Defaults to that of the package. */
  readonly version?: string;
}

/** The data sets that a worker has loaded: the last few. */
class Datasets {
  readonly #load: ServeOptions["loadDataset"];
  readonly #loaded = new Map<string, Promise<Dataset>>();

  constructor(load: ServeOptions["loadDataset"]) {
    this.#load = load;
  }

  /**
   * The data of a job in shared memory.
   *
   * @throws Error where they are not here, or not the same.
   */
  async of(job: RunJob): Promise<Dataset> {
    const { data, examples, dataset } = job;
    const key = JSON.stringify([data, examples, dataset]);
    const known = this.#loaded.get(key) ?? this.#fetch(job);
    // The order of a map is that of its insertions: the one that was used last comes last.
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
 * Trains runs of the queue until the signal is aborted, or it was idle for long enough; returns how many it has finished.
 *
 * A job that is not what its id says is set aside as failed, one of another version until later; `tell` names both.
 *
 * @throws QueueError where there is no queue, or the server refuses what a worker needs.
 * @example
 * import { proceduralDataset } from "@fanin/lab";
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
  /** Puts a job that cannot be trained here where it is in nobody's way, and says so. */
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
    await job.moveToDelayed(Date.now() + SET_ASIDE, token);
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
        // A lost lock or connection passes; what it means for a run is told by the run.
        const refusal = refusalOf(error, address);
        if (!refusal && !(error instanceof SyntaxError || error instanceof TypeError)) return;
        // An entry that cannot be read makes the server, or BullMQ, stumble once: it is taken out of the way.
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
    // Waits for the runs under way.
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

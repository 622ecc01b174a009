// A worker of a queue: takes runs, trains them on threads, returns their results. It may be added or lost at any time.
// The locks, their renewal and the recovery of what a lost worker held are BullMQ's; the times are set here.

import { compareConfig, type Dataset, describeDataset, type RunResult, VERSION } from "@fanin/lab";
import type { Job, Worker } from "bullmq";
import { takeExamples } from "../grid/sweep-plan.ts";
import { RunPool, sharedDataset } from "../run/run-pool.ts";
import { connectQueue, type QueueAddress, QueueError, watchConnection } from "./queue-connection.ts";
import { QUEUE_NAME, QUEUE_PREFIX, type RunJob } from "./run-job.ts";

// The thread that renews locks does not train, so a lock this old is that of a worker that is gone.
const LOCK = 6_000; // milliseconds
const LOOK_FOR_LOST = 2_000; // milliseconds
// Losing workers is what a queue is for; only a run that takes its worker with it every time is given up.
const LOSSES = 50;
const REPORT_EVERY = 500; // milliseconds between two events of a run's progress
const KEPT_DATASETS = 4;

/** How a worker works. */
export interface ServeOptions {
  /** Runs at a time. */
  readonly concurrency: number;
  readonly loadDataset: (data: string) => Promise<Dataset>;
  /** Aborted to have the worker finish the runs it has and stop. */
  readonly signal: AbortSignal;
  /** Told of runs, losses and returns of the connection. */
  readonly tell: (text: string) => void;
  /** Seconds without a run after which the worker stops; null for never. */
  readonly idle: number | null;
  /** Of this worker; that of the package unless given. */
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

/**
 * Trains runs of the queue until the signal is aborted, or it was idle for long enough; returns how many it has finished.
 *
 * @throws QueueError where there is no queue, or its runs are those of another version: they stay in the queue.
 * @example
 * import { proceduralDataset } from "@fanin/lab";
 * const worker = { concurrency: 2, loadDataset: async () => proceduralDataset(), tell: console.log, idle: 60 };
 * const serve = () => serveQueue(queueAddress("redis://queue.example"), { ...worker, signal: AbortSignal.timeout(3_600_000) });
 */
export async function serveQueue(address: QueueAddress, options: ServeOptions): Promise<number> {
  const { concurrency, signal, tell, idle, version = VERSION } = options;
  const connection = await connectQueue(address);
  watchConnection(connection, address.shown, tell);
  const bullmq = await import("bullmq");
  const pool = new RunPool(concurrency);
  const datasets = new Datasets(options.loadDataset);
  let finished = 0;
  let active = 0;
  let lastActive = performance.now();
  let worker: Worker<RunJob, RunResult> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const train = async (job: Job<RunJob, RunResult>): Promise<RunResult> => {
    const { data } = job;
    const [config, dataset] = [compareConfig(data.config), await datasets.of(data)];
    let reported = performance.now();
    const result = await pool.train({ config, run: data.run, checkpoint: null }, dataset, {
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

  try {
    await new Promise<void>((resolve, reject) => {
      const process = async (job: Job<RunJob, RunResult>, token?: string): Promise<RunResult> => {
        if (job.data.version !== version) {
          await job.moveToWait(token);
          reject(
            new QueueError(
              `--queue: ${address.shown} has runs of fanin ${job.data.version}; this worker is ${version}, which may ` +
                "give other bits. It leaves them and stops; start a worker of that version",
            ),
          );
          throw new bullmq.WaitingError();
        }
        active++;
        try {
          return await train(job);
        } finally {
          active--;
          lastActive = performance.now();
        }
      };
      worker = new bullmq.Worker<RunJob, RunResult>(QUEUE_NAME, process, {
        connection,
        prefix: QUEUE_PREFIX,
        concurrency,
        lockDuration: LOCK,
        stalledInterval: LOOK_FOR_LOST,
        maxStalledCount: LOSSES,
        drainDelay: 1,
      });
      worker.on("completed", ({ data: { run, config } }) => {
        finished++;
        tell(`${run.initializer} ${config.layers.join("-")} seed ${run.seed}: done`);
      });
      worker.on("failed", (job, error) => {
        if (job) tell(`${job.data.run.initializer} seed ${job.data.run.seed} failed: ${error.message}`);
      });
      // A lost lock or connection; what it means for a run is told by the run.
      worker.on("error", () => undefined);
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
    await worker?.close();
    throw error;
  } finally {
    clearInterval(timer);
    await pool.close();
    connection.disconnect();
  }
}

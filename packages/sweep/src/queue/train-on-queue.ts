// The coordinator of a sweep on a queue: queues what is missing, collects what is done, and can die at any moment.
// Results stay in Redis until they are written here; what Redis has lost in a restart is queued again.

import { isResultOf, type RunProgress } from "@fanin/lab";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { SweepPlan, SweepRun } from "../grid/sweep-plan.ts";
import type { TrainObserver } from "../run/train-all.ts";
import { connectQueue, type QueueAddress, QueueError, watchConnection } from "./queue-connection.ts";
import { QUEUE_NAME, QUEUE_PREFIX, queuedRun } from "./run-job.ts";

const CHUNK = 500; // jobs in one command
const LOOK_EVERY = 5_000; // milliseconds between two looks for what events have not told
const KEPT_EVENTS = 2_000; // each may hold a result; a look finds what was trimmed
const WRITING = 16; // results that are written at a time

/** Collects the runs of one sweep from one queue. */
class Coordinator {
  readonly #queue: Queue;
  readonly #connection: Redis;
  readonly #plan: SweepPlan;
  readonly #observer: TrainObserver<SweepRun>;
  readonly #pending: Map<string, SweepRun>;
  readonly #collecting = new Set<string>();
  readonly #failures = new Map<string, string>();
  readonly #end: (error?: Error) => void;
  #isLooking = false;
  #isOver = false;

  constructor(
    queue: Queue,
    connection: Redis,
    plan: SweepPlan,
    runs: readonly SweepRun[],
    observer: TrainObserver<SweepRun>,
    end: (error?: Error) => void,
  ) {
    this.#queue = queue;
    this.#connection = connection;
    this.#plan = plan;
    this.#observer = observer;
    this.#pending = new Map(runs.map((run) => [run.id, run]));
    this.#end = end;
  }

  /** Ends the collecting: what comes later stays in the queue. */
  stop(): void {
    this.#isOver = true;
  }

  progress(id: string, progress: RunProgress): void {
    const run = this.#pending.get(id);
    if (run && !this.#isOver) this.#observer.progress(run, progress);
  }

  /** A run that has failed for good. */
  fail(id: string, reason: string): void {
    if (!this.#pending.has(id)) return;
    this.#failures.set(id, reason);
    this.#endIfDone();
  }

  /** Writes the result of a run and then takes its job from the queue: in between, both have it. */
  async collect(id: string, result: unknown): Promise<void> {
    const run = this.#pending.get(id);
    if (!run || this.#collecting.has(id) || this.#isOver) return;
    if (!isResultOf(run.run, result)) {
      this.fail(id, "what the worker returned is not a result");
      return;
    }
    this.#collecting.add(id);
    try {
      await this.#observer.finished(run, result);
      this.#pending.delete(id);
      this.#failures.delete(id);
      await this.#queue.remove(id);
    } catch (error) {
      this.#end(error as Error);
    } finally {
      this.#collecting.delete(id);
      this.#endIfDone();
    }
  }

  /** Forgets failures of an earlier sweep, so that this one tries again. */
  async clearFailures(): Promise<void> {
    for (const id of await this.#ids("failed")) if (this.#pending.has(id)) await this.#queue.remove(id);
  }

  /** Collects what is done and queues what is not there. One look at a time. */
  async look(): Promise<void> {
    if (this.#isLooking || this.#isOver) return;
    this.#isLooking = true;
    try {
      const done = (await this.#ids("completed")).filter((id) => this.#pending.has(id));
      for (let at = 0; at < done.length; at += WRITING) {
        const jobs = await Promise.all(done.slice(at, at + WRITING).map((id) => this.#queue.getJob(id)));
        await Promise.all(jobs.map((job) => job?.id && this.collect(job.id, job.returnvalue)));
      }
      for (const id of await this.#ids("failed")) {
        if (!this.#pending.has(id) || this.#failures.has(id)) continue;
        this.fail(id, (await this.#queue.getJob(id))?.failedReason ?? "for no reason that is known");
      }
      await this.#queueMissing();
    } finally {
      this.#isLooking = false;
    }
  }

  #ids(state: "completed" | "failed"): Promise<string[]> {
    return this.#queue.getRanges([state], 0, -1, true);
  }

  async #queueMissing(): Promise<void> {
    const waiting = [...this.#pending.values()].filter(({ id }) => !this.#collecting.has(id));
    for (let at = 0; at < waiting.length && !this.#isOver; at += CHUNK) {
      const chunk = waiting.slice(at, at + CHUNK);
      const pipeline = this.#connection.pipeline();
      for (const { id } of chunk) pipeline.exists(this.#queue.toKey(id));
      const answers = (await pipeline.exec()) ?? [];
      const missing = chunk.filter(({ id }, i) => answers[i]?.[1] === 0 && this.#pending.has(id));
      if (missing.length > 0) await this.#queue.addBulk(missing.map((run) => queuedRun(run, this.#plan)));
    }
  }

  #endIfDone(): void {
    if (this.#pending.size > this.#failures.size) return;
    const [first] = this.#failures;
    if (!first) {
      this.#end();
      return;
    }
    const [id, reason] = first;
    const { size } = this.#failures;
    this.#end(
      new QueueError(`${size} of ${this.#plan.runs.length} runs failed, ${id} first: ${reason}. Run again to retry`),
    );
  }
}

/**
 * Has workers train all `runs` and returns when the last result is written; or, when the signal is aborted, at once: the
 * queue goes on without its coordinator, and the next one collects.
 *
 * @throws QueueError where there is no queue, or runs fail on three workers; what `observer.finished` throws.
 * @example
 * import { proceduralDataset } from "@fanin/lab";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const plan = await sweepPlan(sweepSpec({ initializers: ["he_normal", "zeros"], seeds: 3 }), dataset);
 * const observer = { progress: () => {}, warning: console.warn, finished: async () => {} };
 * const train = (signal: AbortSignal) => trainOnQueue(queueAddress("redis://queue.example"), plan, plan.runs, signal, observer);
 */
export async function trainOnQueue(
  address: QueueAddress,
  plan: SweepPlan,
  runs: readonly SweepRun[],
  signal: AbortSignal,
  observer: TrainObserver<SweepRun>,
): Promise<void> {
  if (runs.length === 0) return;
  const connection = await connectQueue(address);
  watchConnection(connection, address.shown, (text) => observer.warning(text));
  const listening = connection.duplicate();
  listening.on("error", () => undefined); // Told by the other connection.
  const { Queue, QueueEvents } = await import("bullmq");
  const shared = { prefix: QUEUE_PREFIX };
  const queue = new Queue(QUEUE_NAME, { ...shared, connection, streams: { events: { maxLen: KEPT_EVENTS } } });
  const events = new QueueEvents(QUEUE_NAME, { ...shared, connection: listening });
  queue.on("error", () => undefined);
  events.on("error", () => undefined);
  let timer: NodeJS.Timeout | undefined;
  let coordinator: Coordinator | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const end = (error?: Error): void => (error ? reject(error) : resolve());
      const collector = new Coordinator(queue, connection, plan, runs, observer, end);
      coordinator = collector;
      signal.addEventListener("abort", () => resolve(), { once: true });
      if (signal.aborted) resolve();
      events.on("completed", ({ jobId, returnvalue }) => void collector.collect(jobId, returnvalue));
      events.on("progress", ({ jobId, data }) => collector.progress(jobId, data as unknown as RunProgress));
      // An event may be older than this sweep: whether it is true now is what a look tells.
      // Where Redis is in no state to answer, the next look will find out.
      const look = (): void => void collector.look().catch(() => undefined);
      events.on("failed", look);
      connection.on("ready", look);
      timer = setInterval(() => {
        look();
        void tellWithoutWorkers(queue, observer);
      }, LOOK_EVERY);
      const begin = async (): Promise<void> => {
        await events.waitUntilReady();
        await collector.clearFailures();
        await collector.look();
      };
      begin().catch(reject);
    });
  } finally {
    clearInterval(timer);
    coordinator?.stop();
    // Not closed in order: what Redis has not said by now it need not say.
    listening.disconnect();
    connection.disconnect();
    await Promise.allSettled([events.close(), queue.close()]);
  }
}

const told = new WeakSet<Queue>();

async function tellWithoutWorkers(queue: Queue, observer: TrainObserver<SweepRun>): Promise<void> {
  if (told.has(queue)) return;
  const workers = await queue.getWorkersCount().catch(() => 1);
  if (workers > 0 || told.has(queue)) return;
  told.add(queue);
  observer.warning("no worker is at the queue; start some with: fanin worker --queue URL");
}

// The coordinator of a sweep on a queue: queues missing runs and collects results. It can die at any moment.
// Results stay in Redis until they are written here; jobs that Redis lost in a restart are queued again. Nothing from the queue
// is trusted: jobs are compared with their ids, results are checked, and a share of them can be recomputed.
// One file: every event changes the same state.

import { randomInt } from "node:crypto";
import type { RunProgress, RunResult } from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { SweepPlan, SweepRun } from "../grid/sweep-plan.ts";
import { RunPool, sharedDataset } from "../run/run-pool.ts";
import type { TrainObserver } from "../run/train-all.ts";
import { endedIds, jsonOf, keyOf, listedIds, readJobs, removeJob } from "./job-keys.ts";
import { type QueueAddress, QueueError } from "./queue-address.ts";
import { connectQueue, loadBullmq, queueErrorOf, refusalOf, watchConnection } from "./queue-connection.ts";
import { ResultError, readResult } from "./read-result.ts";
import { readRunEvents } from "./run-events.ts";
import { JobError, QUEUE_NAME, QUEUE_PREFIX, queuedRun, readRunJob } from "./run-job.ts";

const CHUNK = 500; // jobs in one command
const LOOK_EVERY = 5_000; // milliseconds between two looks at the queue, which find what events missed
const KEPT_EVENTS = 2_000; // a look finds the trimmed ones
const WRITING = 16; // concurrent reads and writes of results
const MAX_REMOVALS = 20; // of a wrong job or result, before its run is given up

/** The share of results to recompute on this machine before they are accepted. */
export interface Verification {
  /** The share of the runs, from 0 to 1, chosen unpredictably. */
  readonly fraction: number;
  readonly dataset: Dataset;
  /** The number of concurrent recomputations. */
  readonly jobs: number;
}

/** Recomputes a share of the runs. */
class Verifier {
  readonly #threshold: number;
  readonly #dataset: Dataset;
  readonly #pool: RunPool;
  /** Runs whose result differed from the recomputed one. */
  readonly wrong: SweepRun[] = [];
  readonly isWhole: boolean;

  constructor({ fraction, dataset, jobs }: Verification) {
    this.#threshold = Math.round(fraction * 2 ** 32);
    this.isWhole = fraction >= 1;
    this.#dataset = sharedDataset(dataset);
    this.#pool = new RunPool(jobs);
  }

  /** The accepted result: `result`, or the recomputed one if they differ. */
  async verified(run: SweepRun, result: RunResult, warn: (text: string) => void): Promise<RunResult | null> {
    if (randomInt(2 ** 32) >= this.#threshold) return result;
    const own = await this.#pool.train({ config: run.config, run: run.run, checkpoint: null }, this.#dataset, {
      progress: () => undefined,
      warning: warn,
    });
    if (own !== null && JSON.stringify(own) !== JSON.stringify(result)) {
      this.wrong.push(run);
      warn(`${run.id}: the result from the queue is not what this machine computes; it is replaced`);
    }
    return own;
  }

  async end(): Promise<void> {
    this.#pool.stop();
    await this.#pool.close();
  }
}

/** Collects the runs of one sweep from one queue. */
class Coordinator {
  readonly #queue: Queue;
  readonly #connection: Redis;
  readonly #plan: SweepPlan;
  readonly #observer: TrainObserver<SweepRun>;
  readonly #verifier: Verifier | null;
  readonly #pending: Map<string, SweepRun>;
  readonly #collecting = new Set<string>();
  readonly #failures = new Map<string, string>();
  /** Runs whose job was checked and is correct. */
  readonly #known = new Set<string>();
  /** Runs whose job was in no list at the last look. */
  #unlisted = new Set<string>();
  readonly #removals = new Map<string, number>();
  readonly #end: (error?: Error) => void;
  #isLooking = false;
  #isAsked = false;
  #isOver = false;

  constructor(
    queue: Queue,
    connection: Redis,
    plan: SweepPlan,
    runs: readonly SweepRun[],
    observer: TrainObserver<SweepRun>,
    verifier: Verifier | null,
    end: (error?: Error) => void,
  ) {
    this.#queue = queue;
    this.#connection = connection;
    this.#plan = plan;
    this.#observer = observer;
    this.#verifier = verifier;
    this.#pending = new Map(runs.map((run) => [run.id, run]));
    this.#end = end;
  }

  /** Stops collecting; later results stay in the queue. */
  stop(): void {
    this.#isOver = true;
  }

  progress(id: string, progress: RunProgress): void {
    const run = this.#pending.get(id);
    if (run && !this.#isOver) this.#observer.progress(run, progress);
  }

  /** Removes failures of an earlier sweep, so that this one retries. */
  async clearFailures(): Promise<void> {
    for (const id of await endedIds(this.#connection, "failed")) {
      if (this.#pending.has(id)) await removeJob(this.#connection, id);
    }
  }

  /**
   * Collects results and, if `isWhole`, queues missing jobs. Looks do not overlap: a request during a look schedules the
   * next one.
   */
  async look(isWhole: boolean): Promise<void> {
    this.#isAsked = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (let whole = isWhole; this.#isAsked && !this.#isOver; whole = false) {
        this.#isAsked = false;
        await this.#collectDone();
        await this.#hearFailures();
        if (whole) await this.#queueMissing();
      }
    } finally {
      this.#isLooking = false;
    }
  }

  async #collectDone(): Promise<void> {
    const done = (await endedIds(this.#connection, "completed")).filter((id) => this.#pending.has(id));
    for (let at = 0; at < done.length && !this.#isOver; at += WRITING) {
      const ids = done.slice(at, at + WRITING);
      const jobs = await readJobs(this.#connection, ids, ["data", "opts", "returnvalue"]);
      await Promise.all(ids.map((id, i) => this.#collect(id, jobs[i] ?? null)));
    }
  }

  /** Writes the result of a run before removing its job from the queue, so that the result is never lost. */
  async #collect(id: string, fields: readonly (string | null)[] | null): Promise<void> {
    const run = this.#pending.get(id);
    if (!run || this.#collecting.has(id) || this.#isOver) return;
    this.#collecting.add(id);
    try {
      const fault = await this.#faultOf(id, fields);
      if (fault !== undefined) return await this.#discard(id, `the job does not match its id: ${fault}`);
      let result: RunResult | null;
      try {
        result = readResult(run, this.#plan.dataset, jsonOf(fields?.[2]));
      } catch (error) {
        if (!(error instanceof ResultError)) throw error;
        return await this.#discard(id, `the returned value is not its result: ${error.message}`);
      }
      if (this.#verifier) {
        result = await this.#verifier.verified(run, result, (text) => this.#observer.warning(text));
      }
      if (result === null || this.#isOver) return;
      await this.#observer.finished(run, result);
      this.#pending.delete(id);
      this.#failures.delete(id);
      await removeJob(this.#connection, id);
    } catch (error) {
      this.#end(error as Error);
    } finally {
      this.#collecting.delete(id);
      this.#endIfDone();
    }
  }

  /** The fault in the content of a job; undefined if it matches its id. */
  async #faultOf(id: string, fields: readonly (string | null)[] | null): Promise<string | undefined> {
    try {
      await readRunJob(id, jsonOf(fields?.[0]), this.#plan.version);
      return typeof jsonOf(fields?.[1]) === "object" ? undefined : "its options are not JSON";
    } catch (error) {
      if (error instanceof JobError) return error.message;
      throw error;
    }
  }

  /** Removes a job with wrong content or a wrong result, so that it is queued again; gives up its run after MAX_REMOVALS. */
  async #discard(id: string, reason: string): Promise<void> {
    const removals = (this.#removals.get(id) ?? 0) + 1;
    if (removals > MAX_REMOVALS) {
      this.#fail(id, `${reason}; it was queued ${MAX_REMOVALS} times`);
      return;
    }
    this.#known.delete(id);
    if (!(await removeJob(this.#connection, id))) return;
    this.#removals.set(id, removals);
    this.#observer.warning(`${id}: ${reason}; it is removed and queued again`);
    const run = this.#pending.get(id);
    if (run && !this.#isOver) await this.#add([run]);
  }

  /** Records a permanent failure of a run. */
  #fail(id: string, reason: string): void {
    if (!this.#pending.has(id)) return;
    this.#failures.set(id, reason);
    this.#endIfDone();
  }

  async #hearFailures(): Promise<void> {
    const failed = (await endedIds(this.#connection, "failed")).filter(
      (id) => this.#pending.has(id) && !this.#failures.has(id),
    );
    const jobs = await readJobs(this.#connection, failed, ["data", "opts", "failedReason"]);
    for (const [i, id] of failed.entries()) {
      const fault = await this.#faultOf(id, jobs[i] ?? null);
      if (fault !== undefined) await this.#discard(id, `the job does not match its id: ${fault}`);
      else this.#fail(id, (jobs[i]?.[2] ?? "for an unknown reason").slice(0, 1000));
    }
  }

  /** Queues runs whose job is missing, wrong, or in no list (no worker would take it). */
  async #queueMissing(): Promise<void> {
    const listed = await listedIds(this.#connection);
    const waiting = [...this.#pending.values()].filter(
      ({ id }) => !this.#collecting.has(id) && !this.#failures.has(id) && !(listed.has(id) && this.#known.has(id)),
    );
    const unlisted = new Set<string>();
    for (let at = 0; at < waiting.length && !this.#isOver; at += CHUNK) {
      const chunk = waiting.slice(at, at + CHUNK);
      const ids = chunk.map(({ id }) => id);
      const [kinds, jobs] = await Promise.all([this.#exist(ids), readJobs(this.#connection, ids, ["data", "opts"])]);
      const missing: SweepRun[] = [];
      for (const [i, run] of chunk.entries()) {
        const { id } = run;
        if (!this.#pending.has(id)) continue;
        if (!kinds[i]) missing.push(run);
        else {
          const fault = await this.#faultOf(id, jobs[i] ?? null);
          if (fault !== undefined) await this.#discard(id, `the job does not match its id: ${fault}`);
          else if (listed.has(id)) this.#known.add(id);
          // A job that moves between lists is in none for a moment; a lost one stays in none.
          else if (this.#unlisted.has(id)) await this.#discard(id, "its job is in no list");
          else unlisted.add(id);
        }
      }
      if (missing.length > 0) await this.#add(missing);
    }
    this.#unlisted = unlisted;
  }

  async #exist(ids: readonly string[]): Promise<boolean[]> {
    const pipeline = this.#connection.pipeline();
    for (const id of ids) pipeline.exists(keyOf(id));
    return ((await pipeline.exec()) ?? []).map(([error, count]) => {
      if (error) throw error;
      return count === 1;
    });
  }

  async #add(runs: readonly SweepRun[]): Promise<void> {
    await this.#queue.addBulk(runs.map((run) => queuedRun(run, this.#plan)));
    for (const { id } of runs) this.#known.add(id);
  }

  #endIfDone(): void {
    if (this.#isOver || this.#pending.size > this.#failures.size) return;
    const total = this.#plan.runs.length;
    const [first] = this.#failures;
    if (first) {
      const [id, reason] = first;
      const { size } = this.#failures;
      this.#end(new QueueError(`${size} of ${total} runs failed, ${id} first: ${reason}. Run again to retry`));
      return;
    }
    const wrong = this.#verifier?.wrong ?? [];
    if (wrong.length === 0 || this.#verifier?.isWhole) {
      this.#end();
      return;
    }
    const what = `${wrong.length} of the results that were recomputed were wrong, that of ${wrong[0]?.id} first`;
    const advice = "others may be too: remove the folder, and run again with --verify-fraction 1, or without --queue";
    this.#end(new QueueError(`${what}; ${advice}`));
  }
}

/**
 * Has workers train all `runs` and returns when the last result is written. If the signal is aborted, it returns at once:
 * the workers continue without a coordinator, and the next one collects.
 *
 * @param verification The share of the results to recompute here. Defaults to none.
 * @throws QueueError if there is no queue, the server refuses, runs fail on three workers, or a recomputed result was wrong
 * and not all were recomputed. Errors of `observer.finished` pass through.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
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
  verification?: Verification,
): Promise<void> {
  if (runs.length === 0) return;
  const { Queue } = await loadBullmq();
  const connection = await connectQueue(address);
  watchConnection(connection, address.shown, (text) => observer.warning(text));
  const listening = connection.duplicate();
  listening.on("error", () => undefined); // The other connection reports it.
  const queue = new Queue(QUEUE_NAME, {
    prefix: QUEUE_PREFIX,
    connection,
    streams: { events: { maxLen: KEPT_EVENTS } },
    skipVersionCheck: true,
  });
  queue.on("error", () => undefined);
  const verifier = verification && verification.fraction > 0 ? new Verifier(verification) : null;
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let coordinator: Coordinator | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const end = (error?: Error): void => (error ? reject(error) : resolve());
      const collector = new Coordinator(queue, connection, plan, runs, observer, verifier, end);
      coordinator = collector;
      signal.addEventListener("abort", () => resolve(), { once: true });
      if (signal.aborted) resolve();
      // An event may be old or forged, so a look verifies it.
      const look = (isWhole: boolean): void =>
        void collector.look(isWhole).catch((error: unknown) => {
          // If Redis cannot answer now, the next look reports it.
          const refusal = refusalOf(error, address);
          if (refusal) reject(refusal);
        });
      connection.on("ready", () => look(true));
      timer = setInterval(() => {
        look(true);
        void tellWithoutWorkers(queue, observer);
      }, LOOK_EVERY);
      const begin = async (): Promise<void> => {
        await collector.clearFailures();
        void readRunEvents(listening, keyOf("events"), over.signal, {
          progress: (id, progress) => collector.progress(id, progress),
          ended: () => look(false),
          failed: (error) => {
            const refusal = refusalOf(error, address);
            if (refusal) reject(refusal);
          },
        });
        await collector.look(true);
      };
      begin().catch((error: unknown) => {
        const isOfQueue = refusalOf(error, address) !== undefined;
        // A connection that is lost at the start reconnects like a later one.
        if (isOfQueue || !/connection|closed|ECONN|EPIPE/i.test(String(error))) reject(error);
      });
    });
  } catch (error) {
    throw refusalOf(error, address) ?? (isReply(error) ? queueErrorOf(error, address) : error);
  } finally {
    clearInterval(timer);
    over.abort();
    coordinator?.stop();
    // Disconnect without waiting: no answer of Redis is needed any more.
    listening.disconnect();
    connection.disconnect();
    await queue.close().catch(() => undefined);
    await verifier?.end();
  }
}

const isReply = (error: unknown): boolean => error instanceof Error && error.name === "ReplyError";

const warned = new WeakSet<Queue>();

async function tellWithoutWorkers(queue: Queue, observer: TrainObserver<SweepRun>): Promise<void> {
  if (warned.has(queue)) return;
  const workers = await queue.getWorkersCount().catch(() => 1);
  if (workers > 0 || warned.has(queue)) return;
  warned.add(queue);
  observer.warning("the queue has no workers; start some with: fanin worker --queue URL");
}

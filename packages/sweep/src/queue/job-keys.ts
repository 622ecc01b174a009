// Reads and removes jobs of a queue by their raw keys. It accepts any content, where BullMQ expects its own.
// Source: BullMQ's layout of a queue in Redis.

import type { Redis } from "ioredis";
import { QUEUE_NAME, QUEUE_PREFIX } from "./run-job.ts";

const BASE = `${QUEUE_PREFIX}:${QUEUE_NAME}`;
const lists = ["wait", "paused", "active"] as const;
const sets = ["delayed", "prioritized", "completed", "failed", "waiting-children"] as const;

/** The key of a job or of a list of jobs. */
export const keyOf = (name: string): string => `${BASE}:${name}`;

/** The parsed JSON of a field; undefined if the field is missing or not JSON. */
export function jsonOf(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The ids in a set of finished or failed jobs. */
export const endedIds = (connection: Redis, state: "completed" | "failed"): Promise<string[]> =>
  connection.zrange(keyOf(state), "0", "-1");

/** Every id in a list or set. */
export async function listedIds(connection: Redis): Promise<Set<string>> {
  const pipeline = connection.multi();
  for (const list of lists) pipeline.lrange(keyOf(list), 0, -1);
  for (const set of sets) pipeline.zrange(keyOf(set), "0", "-1");
  const found = new Set<string>();
  for (const [error, ids] of (await pipeline.exec()) ?? []) {
    if (error) throw error;
    for (const id of ids as string[]) found.add(id);
  }
  return found;
}

/** Fields of jobs, in the order of `ids`; null if a key is missing or not a job. */
export async function readJobs(
  connection: Redis,
  ids: readonly string[],
  names: readonly string[],
): Promise<(readonly (string | null)[] | null)[]> {
  const pipeline = connection.pipeline();
  for (const id of ids) pipeline.hmget(keyOf(id), ...names);
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, fields]) => {
    if (error && !error.message.startsWith("WRONGTYPE")) throw error;
    return error ? null : (fields as (string | null)[]);
  });
}

/** Removes a job from the queue unless a worker holds it; returns whether it is gone. */
export async function removeJob(connection: Redis, id: string): Promise<boolean> {
  if ((await connection.exists(keyOf(`${id}:lock`))) === 1) return false;
  const transaction = connection.multi();
  for (const list of lists) transaction.lrem(keyOf(list), 0, id);
  for (const set of sets) transaction.zrem(keyOf(set), id);
  transaction.del(keyOf(id), keyOf(`${id}:logs`));
  for (const [error] of (await transaction.exec()) ?? []) if (error) throw error;
  return true;
}

/** Moves unreadable jobs from the active to the failed ones, and reports their ids and faults. */
export async function setUnreadableAside(
  connection: Redis,
  tell: (id: string, reason: string) => void,
): Promise<number> {
  let count = 0;
  for (const id of await connection.lrange(keyOf("active"), 0, -1)) {
    const reason = await unreadable(connection, id);
    if (reason === undefined) continue;
    const transaction = connection.multi().lrem(keyOf("active"), 0, id).srem(keyOf("stalled"), id);
    transaction.del(keyOf(`${id}:lock`));
    // A job without fields cannot store its failure reason.
    if (reason.hasFields)
      transaction.hset(keyOf(id), "failedReason", reason.text).zadd(keyOf("failed"), Date.now(), id);
    await transaction.exec();
    tell(id, reason.text);
    count++;
  }
  return count;
}

async function unreadable(connection: Redis, id: string): Promise<{ text: string; hasFields: boolean } | undefined> {
  const type = await connection.type(keyOf(id));
  if (type !== "hash") return { text: `its key holds ${type === "none" ? "nothing" : `a ${type}`}`, hasFields: false };
  const fields = await connection.hmget(keyOf(id), "data", "opts", "stacktrace");
  const isJson = fields.every((text) => text === null || text === "" || jsonOf(text) !== undefined);
  return isJson ? undefined : { text: "it is not JSON", hasFields: true };
}

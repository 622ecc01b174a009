// Connects to Redis or Valkey, checks that it can hold a queue, and reconnects after restarts.
// Source: Redis's INFO, SELECT and error codes; BullMQ for the least version and the eviction policy.

import type { Redis } from "ioredis";
import { type QueueAddress, QueueError, withoutSecrets } from "./queue-address.ts";

const CONNECT_TIMEOUT = 10_000; // milliseconds without an answer
const MIN_VERSION = [6, 2] as const;
const MAX_RECONNECT_DELAY = 2_000; // milliseconds

/** The meaning of a server's refusal, by its text. */
const refusals: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(WRONGPASS|NOAUTH)/, "it refuses the user or password of the URL"],
  [/^NOPERM/, "it refuses the user or password of the URL a command that a queue needs"],
  [/^OOM/, "it has no memory left (OOM); raise its maxmemory, then run again to resume"],
  [/^READONLY/, "it is a replica that takes no writes (READONLY); give the address of the primary"],
  [/^MISCONF/, "it cannot write to its disk (MISCONF)"],
  [/^NOREPLICAS/, "it has too few replicas to take writes (NOREPLICAS)"],
  [/DB index is out of range|invalid DB index/i, "it has no database of this number"],
  [
    /SELECT is not allowed in cluster mode|^(MOVED|CROSSSLOT|CLUSTERDOWN)/i,
    "it is a cluster, which a queue cannot use",
  ],
  [/^WRONGTYPE/, "its keys of the queue hold something else; remove them, or use another database"],
  [/Protocol error|RESP type|unexpected response/i, "what answers there is not Redis"],
];

/** Whether an error is an answer of the server; network errors pass when the connection returns. */
function isAnswer(error: unknown): error is Error {
  return error instanceof Error && (error.name === "ReplyError" || /^[A-Z]{3,} \S/.test(error.message));
}

function reasonOf(error: unknown): string {
  // A host with several addresses fails with one error per address.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  // A transaction is refused for the refusal of one of its commands.
  const [previous] = (error as { readonly previousErrors?: readonly unknown[] }).previousErrors ?? [];
  if (previous !== undefined) return reasonOf(previous);
  const { code, message: said } = error as NodeJS.ErrnoException;
  const message = said.replace(/^EXECABORT .*because of: /, "");
  const [, reason] = refusals.find(([pattern]) => pattern.test(message)) ?? [];
  return reason === undefined ? message || code || String(error) : `${reason} (${message})`;
}

/** Transient errors: a server that loads its data or changes its role, and evicted scripts. */
const passing = /^(LOADING|BUSY|TRYAGAIN|MASTERDOWN|UNBLOCKED|NOSCRIPT)/;

/** The fatal error of a server's refusal; undefined for a transient one. */
export function refusalOf(error: unknown, address: QueueAddress): QueueError | undefined {
  if (!isAnswer(error) || passing.test(error.message)) return undefined;
  // BullMQ's own errors have the form of an answer only if the server gave it.
  if (error.name !== "ReplyError" && !refusals.some(([pattern]) => pattern.test(error.message))) return undefined;
  return queueErrorOf(error, address);
}

/** Converts any error of the queue to a QueueError with its address but no secret. */
export function queueErrorOf(error: unknown, address: QueueAddress): QueueError {
  if (error instanceof QueueError) return error;
  return new QueueError(`--queue: ${address.shown}: ${withoutSecrets(reasonOf(error), address)}`);
}

/** The first two numbers of the server's version. */
function versionOf(info: string): readonly [number, number] | undefined {
  const [, major, minor] = /^redis_version:(\d+)\.(\d+)/m.exec(info) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** Refuses a server that cannot hold a queue. */
function expectFit(info: string): void {
  const version = versionOf(info);
  if (version === undefined) throw new Error("what answers there is not Redis");
  const [major, minor] = MIN_VERSION;
  if (version[0] < major || (version[0] === major && version[1] < minor)) {
    throw new Error(`its version is ${version.join(".")}; ${major}.${minor} or later is needed`);
  }
  const [, policy = "noeviction"] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy !== "noeviction") {
    throw new Error(`its maxmemory-policy is ${policy}, which removes runs of a queue; set it to noeviction`);
  }
  // Only some versions report that they are a replica.
  if (/^role:slave/m.test(info) && !/^slave_read_only:0/m.test(info)) {
    throw new Error("READONLY You can't write against a read only replica.");
  }
}

/** The result of `load`; QueueError with the install command for a missing package. */
async function installed<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The importer's path follows and may contain the name of a package too.
    const [, missing] = /^Cannot find (?:package|module) '(bullmq|ioredis)\b/.exec(message) ?? [];
    if ((code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") || missing === undefined) throw error;
    const what = `--queue: a queue needs ${missing}, which is not installed here`;
    throw new QueueError(`${what}: npm install bullmq@6 ioredis@6`, { cause: error });
  }
}

/**
 * Loads BullMQ, an optional peer.
 *
 * @throws QueueError with the install command if it is missing.
 */
export const loadBullmq = (): Promise<
  Pick<typeof import("bullmq"), "Queue" | "Worker" | "DelayedError" | "UnrecoverableError">
> => installed(() => import("bullmq"));

/**
 * Connects to the queue at `address`.
 *
 * @throws QueueError if it cannot be reached, refuses the password, is not Redis, or cannot hold a queue.
 */
export async function connectQueue(address: QueueAddress): Promise<Redis> {
  const { Redis } = await installed(() => import("ioredis"));
  let wasReady = false;
  let last: unknown;
  const connection = new Redis(address.url, {
    ...(address.password !== undefined && { password: address.password }),
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_TIMEOUT,
    // A failure before the first answer is final; later, the server may return.
    retryStrategy: (times) => (wasReady ? Math.min(100 * times, MAX_RECONNECT_DELAY) : null),
  });
  connection.on("error", (error: unknown) => {
    last = error;
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CONNECT_TIMEOUT / 1000} seconds`)), CONNECT_TIMEOUT);
  });
  const begin = async (): Promise<void> => {
    await connection.connect();
    // A separate command: for a missing database, the client would continue in database 0.
    await connection.select(address.database);
    expectFit(await connection.info());
  };
  try {
    await Promise.race([begin(), patience]);
    wasReady = true;
    return connection;
  } catch (error) {
    connection.disconnect();
    const isSilent = /Connection is closed/.test((error as Error).message);
    const reason = isSilent ? (last ?? new Error("it closes the connection at once; is it Redis?")) : error;
    throw queueErrorOf(reason, address);
  } finally {
    clearTimeout(timer);
  }
}

/** Reports when the connection is lost and when it is back, once per loss. */
export function watchConnection(connection: Redis, shown: string, tell: (text: string) => void): void {
  let isLost = false;
  connection.on("close", () => {
    if (isLost || connection.status === "end") return;
    isLost = true;
    tell(`${shown}: the connection is lost; trying again until it is back`);
  });
  connection.on("ready", () => {
    if (isLost) tell(`${shown}: the connection is back`);
    isLost = false;
  });
}

// A connection to Redis or Valkey that is there and can hold a queue, or a reason why not; once there, it outlives restarts.
// Source: Redis's INFO, SELECT and error codes; BullMQ for the least version and the eviction policy.

import type { Redis } from "ioredis";
import { type QueueAddress, QueueError, withoutSecrets } from "./queue-address.ts";

const PATIENCE = 10_000; // milliseconds until a server that says nothing is given up
const LEAST_VERSION = [6, 2] as const;
const LONGEST_WAIT = 2_000; // milliseconds between two attempts to get a lost connection back

/** What a server's refusal means, by the word that it begins with, or by what it says. */
const refusals: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(WRONGPASS|NOAUTH)/, "it refuses the user or password of the URL"],
  [/^NOPERM/, "it refuses the user or password of the URL a command that a queue needs"],
  [/^OOM/, "it has no memory left (OOM); raise its maxmemory, and run again to go on"],
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

/** Whether an error is an answer of the server; one of the network passes when the connection is back. */
function isAnswer(error: unknown): error is Error {
  return error instanceof Error && (error.name === "ReplyError" || /^[A-Z]{3,} \S/.test(error.message));
}

function reasonOf(error: unknown): string {
  // A host with several addresses fails with one error for each.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  // A transaction is refused for what one of its commands was refused for.
  const [previous] = (error as { readonly previousErrors?: readonly unknown[] }).previousErrors ?? [];
  if (previous !== undefined) return reasonOf(previous);
  const { code, message: said } = error as NodeJS.ErrnoException;
  const message = said.replace(/^EXECABORT .*because of: /, "");
  const [, reason] = refusals.find(([pattern]) => pattern.test(message)) ?? [];
  return reason === undefined ? message || code || String(error) : `${reason} (${message})`;
}

/** Errors of a server that loads its data, or changes its role, and of scripts that it has forgotten: they pass. */
const passing = /^(LOADING|BUSY|TRYAGAIN|MASTERDOWN|UNBLOCKED|NOSCRIPT)/;

/** The error with which a refusal of the server ends the work; undefined for what passes by itself. */
export function refusalOf(error: unknown, address: QueueAddress): QueueError | undefined {
  if (!isAnswer(error) || passing.test(error.message)) return undefined;
  // BullMQ's own errors have the form of an answer only where the server gave it.
  if (error.name !== "ReplyError" && !refusals.some(([pattern]) => pattern.test(error.message))) return undefined;
  return queueErrorOf(error, address);
}

/** Any error of the queue as one that names its address, and no secret. */
export function queueErrorOf(error: unknown, address: QueueAddress): QueueError {
  if (error instanceof QueueError) return error;
  return new QueueError(`--queue: ${address.shown}: ${withoutSecrets(reasonOf(error), address)}`);
}

/** The first two numbers of the server's version. */
function versionOf(info: string): readonly [number, number] | undefined {
  const [, major, minor] = /^redis_version:(\d+)\.(\d+)/m.exec(info) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** Refuses a server that cannot hold a queue, whatever it is asked. */
function expectFit(info: string): void {
  const version = versionOf(info);
  if (version === undefined) throw new Error("what answers there is not Redis");
  const [major, minor] = LEAST_VERSION;
  if (version[0] < major || (version[0] === major && version[1] < minor)) {
    throw new Error(`it is of version ${version.join(".")}; ${major}.${minor} is the least`);
  }
  const [, policy = "noeviction"] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy !== "noeviction") {
    throw new Error(`its maxmemory-policy is ${policy}, which removes runs of a queue; set it to noeviction`);
  }
  // A replica of a version that says so, and takes no writes.
  if (/^role:slave/m.test(info) && !/^slave_read_only:0/m.test(info)) {
    throw new Error("READONLY You can't write against a read only replica.");
  }
}

/** What `load` gives; a package that is not installed is a QueueError that says what to install. */
async function installed<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The importer's path follows, which may have the name of a package too.
    const [, missing] = /^Cannot find (?:package|module) '(bullmq|ioredis)\b/.exec(message) ?? [];
    if ((code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") || missing === undefined) throw error;
    const what = `--queue: a queue needs ${missing}, which is not installed here`;
    throw new QueueError(`${what}: npm install bullmq@6 ioredis@6`, { cause: error });
  }
}

/**
 * BullMQ, which only those install who use a queue.
 *
 * @throws QueueError that says what to install.
 */
export const loadBullmq = (): Promise<
  Pick<typeof import("bullmq"), "Queue" | "Worker" | "DelayedError" | "UnrecoverableError">
> => installed(() => import("bullmq"));

/**
 * A connection to the queue at `address`.
 *
 * @throws QueueError where it cannot be reached, refuses the password, is not Redis, or cannot hold a queue.
 */
export async function connectQueue(address: QueueAddress): Promise<Redis> {
  const { Redis } = await installed(() => import("ioredis"));
  let wasReady = false;
  let last: unknown;
  const connection = new Redis(address.url, {
    ...(address.password !== undefined && { password: address.password }),
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: PATIENCE,
    // Until the first answer a failure is final; afterwards the server may come back.
    retryStrategy: (times) => (wasReady ? Math.min(100 * times, LONGEST_WAIT) : null),
  });
  connection.on("error", (error: unknown) => {
    last = error;
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} seconds`)), PATIENCE);
  });
  const begin = async (): Promise<void> => {
    await connection.connect();
    // Asked for by itself: the client would go on in database 0 where there is none of this number.
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

/** Tells when the connection is lost, and when it is back; each loss once. */
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

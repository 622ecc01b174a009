// A connection to Redis or Valkey that is there, or a reason why it is not; once there, it outlives restarts of the server.
// Source: the redis and rediss URIs of IANA (user, password, host, port, database); BullMQ for the least version.

import type { Redis } from "ioredis";

/**
 * Why there is no queue, or why it is of no use.
 *
 * @example
 * const address = queueAddress("redis://127.0.0.1:1"); // where nothing listens
 * const worker = { concurrency: 1, loadDataset: async () => { throw new Error("not reached"); }, tell: console.log, idle: 1 };
 * const error = await serveQueue(address, { ...worker, signal: AbortSignal.timeout(5000) }).catch((error: unknown) => error);
 * error instanceof QueueError; // => true
 */
export class QueueError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "QueueError";
  }
}

const PATIENCE = 10_000; // milliseconds until a server that says nothing is given up
const LEAST_VERSION = [6, 2] as const;
const LONGEST_WAIT = 2_000; // milliseconds between two attempts to get a lost connection back

/** Where the queue is, checked. */
export interface QueueAddress {
  readonly url: string;
  /** The same without user and password, for messages. */
  readonly shown: string;
}

/**
 * Reads `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS.
 *
 * @throws RangeError for anything else; the password is in no message.
 * @example
 * queueAddress("redis://:secret@queue.example:6379/2").shown; // => 'redis://queue.example:6379/2'
 */
export function queueAddress(text: string): QueueAddress {
  const expected = "--queue: expected redis://[:password@]host:port, or rediss:// for TLS";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new RangeError(`${expected}; what came is no URL`);
  }
  if (url.protocol !== "redis:" && url.protocol !== "rediss:")
    throw new RangeError(`${expected}; got ${url.protocol}//`);
  if (url.hostname === "") throw new RangeError(`${expected}; got no host`);
  if (!/^(\/\d*)?$/.test(url.pathname)) throw new RangeError(`${expected}, with a database's number at most after it`);
  return { url: text, shown: `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}` };
}

function reasonOf(error: unknown): string {
  // A host with several addresses fails with one error for each.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const { code, message } = error as NodeJS.ErrnoException;
  if (/^(WRONGPASS|NOAUTH|NOPERM)/.test(message)) return `it refuses the user or password of the URL (${message})`;
  if (/Protocol error|RESP type|unexpected response/i.test(message))
    return `what answers there is not Redis (${message})`;
  return message || code || String(error);
}

/** The first two numbers of the server's version. */
function versionOf(info: string): readonly [number, number] | undefined {
  const [, major, minor] = /^redis_version:(\d+)\.(\d+)/m.exec(info) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/**
 * A connection to the queue at `address`.
 *
 * @throws QueueError where it cannot be reached, refuses the password, is not Redis, or is too old.
 */
export async function connectQueue({ url, shown }: QueueAddress): Promise<Redis> {
  const { Redis } = await import("ioredis");
  let wasReady = false;
  let last: unknown;
  const connection = new Redis(url, {
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
  try {
    const info = await Promise.race([connection.connect().then(() => connection.info("server")), patience]);
    const version = versionOf(info);
    if (version === undefined) throw new Error("what answers there is not Redis");
    const [major, minor] = LEAST_VERSION;
    if (version[0] < major || (version[0] === major && version[1] < minor)) {
      throw new Error(`it is of version ${version.join(".")}; ${major}.${minor} is the least`);
    }
    wasReady = true;
    return connection;
  } catch (error) {
    connection.disconnect();
    const isSilent = /Connection is closed/.test((error as Error).message);
    const reason = isSilent ? (last ?? new Error("it closes the connection at once; is it Redis?")) : error;
    throw new QueueError(`--queue: ${shown}: ${reasonOf(reason)}`, { cause: error });
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

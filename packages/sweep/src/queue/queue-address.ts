// The address of a queue, and the error for a queue that is missing, refuses, or is unusable.
// Source: the redis and rediss URIs of IANA (user, password, host, port, database).

/**
 * The error of a missing or unusable queue.
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

/** The checked address of a queue. */
export interface QueueAddress {
  readonly url: string;
  /** The URL without user and password, for messages. */
  readonly shown: string;
  /** The password if it is not part of the URL. */
  readonly password?: string;
  /** The number of the database. */
  readonly database: number;
}

/**
 * Reads `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS.
 *
 * @param password The password if the URL has none, for example from a file.
 * @throws RangeError for anything else. No message contains the password.
 * @example
 * queueAddress("redis://:secret@queue.example:6379/2").shown; // => 'redis://queue.example:6379/2'
 */
export function queueAddress(text: string, password?: string): QueueAddress {
  const expected = "--queue: expected redis://[:password@]host:port, or rediss:// for TLS";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new RangeError(`${expected}; the text is not a URL`);
  }
  if (url.protocol !== "redis:" && url.protocol !== "rediss:")
    throw new RangeError(`${expected}; got ${url.protocol}//`);
  if (url.hostname === "") throw new RangeError(`${expected}; got no host`);
  if (!/^(\/\d{0,9})?$/.test(url.pathname)) throw new RangeError(`${expected}, then at most a database's number`);
  if (url.search !== "" || url.hash !== "") throw new RangeError(`${expected}; got more after the database's number`);
  if (url.password !== "" && password !== undefined)
    throw new RangeError("--queue: expected the password in one place, got one in the URL and another one");
  return {
    url: text,
    shown: `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}`,
    database: Number(url.pathname.slice(1) || 0),
    ...(password !== undefined && { password }),
  };
}

/** Removes the secrets of the address from `text`, such as a server's message. */
export function withoutSecrets(text: string, { url, password }: QueueAddress): string {
  const parsed = new URL(url);
  let clean = text.replaceAll(url, "redis://***");
  for (const secret of [password, parsed.password, decoded(parsed.password)]) {
    if (secret) clean = clean.replaceAll(secret, "***");
  }
  return clean;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

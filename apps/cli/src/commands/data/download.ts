// Downloads a file from the first mirror that has it: resumes an earlier attempt, verifies the hash, then renames it.
// Source: RFC 9110 section 14 (range requests).

import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileSha256, fileSize } from "../../datasets/dataset-cache.ts";
import type { PublishedFile } from "../../datasets/published-datasets.ts";

/** Number of retries per mirror after a partial answer. */
const ATTEMPTS = 4;
const REDIRECTS = 5;
const MAX_TIME = 3_600_000; // milliseconds
const PAUSE = 500; // milliseconds before a lost connection is tried again
/** Minimum average rate since the start of the answer, in bytes per second; a slow server could take days. */
const MIN_RATE = 1024;
/** Error codes of lost connections; other failures switch to the next mirror. */
const lost = ["ECONNRESET", "EPIPE", "ECONNABORTED", "UND_ERR_SOCKET"];

/** Options and callbacks of a download. */
export interface DownloadOptions {
  /** Milliseconds without a byte before giving up on a server; after this time, MIN_RATE applies. */
  readonly timeout: number;
  /** Maximum milliseconds for a file. Defaults to an hour. */
  readonly maxTime?: number | undefined;
  /** Aborts the download; the received bytes stay for the next attempt. */
  readonly signal: AbortSignal;
  /** Reports the number of received bytes. */
  readonly progress: (bytes: number) => void;
}

/** The failure of a mirror. */
class MirrorError extends Error {}

/** Returns the message of an error of fetch, whose reason is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}

/** Whether a connection was lost, according to the cause of the error. */
function isLost(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return lost.includes(cause?.code ?? "");
}

/** Whether the file system failed, which no other mirror can fix; errors of fetch have a cause instead. */
function isOfFile(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

/** Requests `url` from `offset` on; follows redirects on the same host only. */
async function request(url: URL, offset: number, signal: AbortSignal): Promise<Response> {
  let at = url;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    // Without "identity", the server may compress the file again, and fetch would decompress it.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (offset > 0) headers["range"] = `bytes=${offset}-`;
    const response = await fetch(at, { headers, redirect: "manual", signal, credentials: "omit" });
    if (response.status < 300 || response.status > 399 || response.status === 304) return response;
    await response.body?.cancel();
    const target = new URL(response.headers.get("location") ?? "", at);
    if (target.host !== at.host) throw new MirrorError(`it redirects to another host, ${target.host}`);
    if (at.protocol === "https:" && target.protocol !== "https:") throw new MirrorError("it redirects to plain http");
    at = target;
  }
  throw new MirrorError(`it redirects more than ${REDIRECTS} times`);
}

/** Returns the offset in the file of the body of an answer. */
function bodyStart(response: Response, offset: number, file: PublishedFile): number {
  if (response.status === 200) return 0;
  if (response.status !== 206) throw new MirrorError(`it answers ${response.status} ${response.statusText}`.trimEnd());
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  if (Number(start) !== offset || (total !== "*" && Number(total) !== file.bytes)) {
    throw new MirrorError(`it answers with another range, ${response.headers.get("content-range") ?? "none"}`);
  }
  return offset;
}

/** Appends the answer of a mirror to `part`; returns its new size. */
async function receive(url: URL, part: string, file: PublishedFile, options: DownloadOptions): Promise<number> {
  const offset = (await fileSize(part)) ?? 0;
  const idle = new AbortController();
  const signal = AbortSignal.any([options.signal, idle.signal]);
  let timer: NodeJS.Timeout | undefined;
  const rearm = (): void => {
    clearTimeout(timer);
    timer = globalThis.setTimeout(
      () => idle.abort(new MirrorError(`no data for ${options.timeout / 1000} s`)),
      options.timeout,
    );
  };
  let handle: FileHandle | undefined;
  let at = offset;
  try {
    rearm();
    const response = await request(url, offset, signal);
    if (response.headers.has("content-encoding")) throw new MirrorError("it sends an encoding that was not requested");
    at = bodyStart(response, offset, file);
    handle = await open(part, at === 0 ? "w" : "r+");
    const [began, first] = [performance.now(), at];
    for await (const chunk of response.body ?? []) {
      rearm();
      if (at + chunk.length > file.bytes) throw new MirrorError(`it sends more than ${file.bytes} bytes`);
      for (let written = 0; written < chunk.length; ) {
        written += (await handle.write(chunk, written, chunk.length - written, at + written)).bytesWritten;
      }
      at += chunk.length;
      options.progress(at);
      const passed = performance.now() - began;
      if (passed > options.timeout && at - first < (MIN_RATE * passed) / 1000) {
        throw new MirrorError(`it sends less than ${MIN_RATE} bytes a second`);
      }
    }
    await handle.sync();
    return at;
  } catch (error) {
    options.signal.throwIfAborted();
    if (idle.signal.aborted) throw idle.signal.reason;
    // The bytes before a lost connection are kept: the caller requests the rest.
    if (!(error instanceof MirrorError) && at > offset && !isOfFile(error)) return at;
    throw error;
  } finally {
    clearTimeout(timer);
    await handle?.close();
  }
}

/** Downloads and verifies the whole file from one mirror, as `part`. */
async function fromMirror(url: URL, part: string, file: PublishedFile, options: DownloadOptions): Promise<void> {
  let have = (await fileSize(part)) ?? 0;
  if (have > file.bytes) {
    await rm(part);
    have = 0;
  }
  const isResumed = have > 0;
  for (let attempt = 0; have < file.bytes; attempt++) {
    const before = have;
    try {
      have = await receive(url, part, file, options);
    } catch (error) {
      // Lost before its first byte, for example because the server restarts: retry the mirror.
      if (!isLost(error) || attempt + 1 === ATTEMPTS) throw error;
      await setTimeout(PAUSE, undefined, { signal: options.signal });
      continue;
    }
    if (have >= file.bytes) break;
    if (have <= before || attempt + 1 === ATTEMPTS)
      throw new MirrorError(`it ends after ${have} of ${file.bytes} bytes`);
  }
  const sha256 = await fileSha256(part);
  if (sha256 === file.sha256) return;
  // A wrong file cannot be resumed. If it began with bytes of another attempt, this mirror is retried.
  await rm(part);
  if (isResumed) return fromMirror(url, part, file, options);
  throw new MirrorError(`it sends other content: expected the sha256 ${file.sha256}, got ${sha256}`);
}

/**
 * Fetches `file` into an existing `folder` from the first of `mirrors` that provides it.
 *
 * @throws Error with the failure of each mirror; errors of the file system; the reason of the signal.
 */
export async function download(
  file: PublishedFile,
  mirrors: readonly string[],
  folder: string,
  { signal: asked, maxTime = MAX_TIME, ...rest }: DownloadOptions,
): Promise<{ readonly mirror: string }> {
  const late = new AbortController();
  const timer = globalThis.setTimeout(
    () => late.abort(new Error(`${file.name}: it took more than ${maxTime / 1000} s; the received bytes are kept`)),
    maxTime,
  );
  try {
    return await fromMirrors(file, mirrors, folder, { ...rest, signal: AbortSignal.any([asked, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}

async function fromMirrors(
  file: PublishedFile,
  mirrors: readonly string[],
  folder: string,
  options: DownloadOptions,
): Promise<{ readonly mirror: string }> {
  const part = join(folder, `${file.name}.part`);
  const problems: string[] = [];
  for (const mirror of mirrors) {
    const url = new URL(file.name, mirror);
    try {
      await fromMirror(url, part, file, options);
      await rename(part, join(folder, file.name));
      return { mirror };
    } catch (error) {
      options.signal.throwIfAborted();
      if (isOfFile(error)) throw error;
      problems.push(`${url.href}: ${reasonOf(error)}`);
    }
  }
  throw new Error(`${file.name}: no mirror provided it\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
}

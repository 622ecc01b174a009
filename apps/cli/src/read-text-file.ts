// Reads a small text file of the user: a regular file of a bounded size, in UTF-8.
// Source: WHATWG Encoding for UTF-8.

import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { CommandError, exitCodes, usageError } from "./exit-codes.ts";

/** Describes a path that is not a regular file; reading it may never end. */
function kindOf(path: string): string | undefined {
  // As bigints: after numbers of a pipe, Node 20 resolves links of modules wrongly.
  const found = statSync(path, { bigint: true });
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return "the folder";
  if (found.isFIFO()) return "the pipe";
  return found.isSocket() ? "the socket" : "the device";
}

/** Reads up to `most` + 1 bytes, because the size may have changed since it was queried. */
function readBytes(path: string, most: number): Uint8Array {
  const descriptor = openSync(path, "r");
  try {
    if (!fstatSync(descriptor, { bigint: true }).isFile()) throw usageError(`${path}: expected a plain file`);
    const parts: Uint8Array[] = [];
    for (let left = most + 1; left > 0; ) {
      const part = new Uint8Array(Math.min(left, 2 ** 20));
      const count = readSync(descriptor, part, 0, part.length, null);
      if (count === 0) break;
      parts.push(part.subarray(0, count));
      left -= count;
    }
    return Buffer.concat(parts);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads the text of `path`, the argument `asker` (such as `SPEC`); at most `most` bytes, a whole number of KiB or MiB.
 *
 * @throws CommandError for a folder, pipe or device, a larger file, or bytes that are not UTF-8; errors of the system.
 */
export function readTextFile(asker: string, path: string, most: number): string {
  const kind = kindOf(path);
  if (kind !== undefined) throw usageError(`${asker}: expected a plain file, got ${kind} ${path}`);
  const bytes = readBytes(path, most);
  if (bytes.length > most) {
    const limit = most >= 2 ** 20 ? `${most / 2 ** 20} MiB` : `${most / 2 ** 10} KiB`;
    throw new CommandError(exitCodes.malformed, `${path}: expected at most ${limit} of text, got more`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CommandError(exitCodes.malformed, `${path}: expected UTF-8 text, got other bytes`, { cause });
  }
}

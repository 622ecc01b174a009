// Reads fanin's own files; errors name the file and the field.

import { createHash } from "node:crypto";
import type { Schema } from "@fanin/formats/record-schema";
import { describeValue } from "@fanin/tensor/arguments";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** The schema of an object whose fields are checked later. */
export const anyObject: Schema = (value, field) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? undefined
    : `${field}: expected an object, got ${describeValue(value)}`;

/** Makes an error about one of fanin's own files; `advice` says how to fix it. */
export function ownFileError(path: string, wrong: string, advice = "", options?: ErrorOptions): CommandError {
  return new CommandError(exitCodes.malformed, `${path}: ${wrong}${advice}`, options);
}

/**
 * Parses the text of an own file.
 *
 * @throws CommandError (malformed) if it is not JSON, or does not match `schema`.
 */
export function readOwnFile(path: string, text: string, schema: Schema, advice = ""): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw ownFileError(path, `expected JSON, got other text (${(cause as Error).message})`, advice, { cause });
  }
  const wrong = schema(value, "");
  if (wrong !== undefined) throw ownFileError(path, wrong, advice);
  return value;
}

/** Calls `read` on a part of an own file, and attributes its TypeError or RangeError to the file. */
export function fromOwnFile<T>(path: string, field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw ownFileError(path, `${field}: ${error.message}`, "", { cause: error });
  }
}

/**
 * Checks that a field does not change when `read` fills in its defaults, because it was written with them.
 *
 * @throws CommandError (malformed) that names the entry.
 */
export function readWhole<T extends object>(path: string, field: string, given: object, read: () => T): T {
  const whole = fromOwnFile(path, field, read);
  for (const name of new Set([...Object.keys(whole), ...Object.keys(given)])) {
    const [expected, got] = [whole, given].map((one) => JSON.stringify((one as Record<string, unknown>)[name]));
    if (expected !== got) {
      throw ownFileError(path, `${field}.${name}: expected ${expected ?? "no such field"}, got ${got ?? "nothing"}`);
    }
  }
  return whole;
}

const CHECKSUM = /,"checksum":"([0-9a-f]{64})"\}\n$/;

function checksumOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

/** Formats an object as JSON, with its SHA-256 in a last field. */
export function withChecksum(json: string): string {
  const body = json.trimEnd();
  return `${body.slice(0, -1)},"checksum":"${checksumOf(body)}"}\n`;
}

/** Verifies a text of `withChecksum`; returns its JSON, or the fault. */
export function withoutChecksum(text: string): { readonly body: string } | { readonly wrong: string } {
  const [end, checksum] = CHECKSUM.exec(text) ?? [];
  if (end === undefined) return { wrong: "checksum: expected a SHA-256 at the end, got none" };
  const body = `${text.slice(0, -end.length)}}`;
  const actual = checksumOf(body);
  if (actual === checksum) return { body };
  return { wrong: `checksum: expected ${actual}, the SHA-256 of the text before it, got ${checksum}` };
}

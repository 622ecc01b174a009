// Parses untrusted JSON: bounded first; for weight files, objects become Maps and equal keys are rejected.
// RFC 8259. JSON.parse silently keeps the last of two equal keys, so two readers could disagree about a file.

import { jsonExcess } from "@fanin/tensor/arguments";
import { browserLimits, type Limits } from "./limits.ts";
import { type MalformedCode, MalformedFileError, quote } from "./malformed-file-error.ts";

/** A parsed value; objects are Maps, so that `__proto__` is a key like any other. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A parsed object, keys in the file's order. */
export type JsonObject = Map<string, Json>;

/** One shared object: hostile text may have millions of empty ones. */
const emptyObject: JsonObject = new Map();

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wholeNumber = /(?:0|[1-9]\d*)(?![.eE\d])/y;
const words: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/**
 * Decodes UTF-8 strictly; keeps a byte order mark.
 *
 * @throws MalformedFileError E_JSON_UTF8 if the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, file?: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new MalformedFileError("E_JSON_UTF8", { file, expected: "UTF-8 text", got: "other bytes", cause });
  }
}

/** Options for reading JSON: the name of its file for messages, and limits. They default to `browserLimits`. */
export interface JsonOptions extends Partial<Pick<Limits, "jsonValues" | "jsonDepth">> {
  readonly file?: string | undefined;
}

/** Options for reading the JSON of a weight file. */
interface StrictJsonOptions extends JsonOptions {
  /** Accepts 12 but not 12.0, 1.2e1 or -0, about which readers disagree where a size is expected. */
  readonly wholeNumbers?: boolean;
}

/**
 * Checks the number of values and the nesting of JSON text; does not check its syntax.
 *
 * @throws MalformedFileError E_JSON_VALUES or E_JSON_DEPTH.
 * @example
 * expectJsonBounds('{"units": [64, 10]}', { jsonValues: 4 }); // four values: the object, the list, two numbers
 */
export function expectJsonBounds(text: string, { file, jsonValues, jsonDepth }: JsonOptions = {}): void {
  const values = jsonValues ?? browserLimits.jsonValues;
  const depth = jsonDepth ?? browserLimits.jsonDepth;
  const excess = jsonExcess(text, values, depth);
  if (excess === undefined) return;
  throw excess === "values"
    ? new MalformedFileError("E_JSON_VALUES", { file, expected: `JSON of at most ${values} values`, got: "more" })
    : new MalformedFileError("E_JSON_DEPTH", { file, expected: `JSON nested at most ${depth} deep`, got: "more" });
}

/**
 * Parses untrusted text with `JSON.parse`, after one pass that checks the number of values and the nesting.
 *
 * The limits default to `jsonValues` and `jsonDepth` of `browserLimits`.
 *
 * @throws MalformedFileError E_JSON_VALUES or E_JSON_DEPTH; SyntaxError as `JSON.parse` throws it.
 * @example
 * boundedJson("[1, 2, 3]"); // => [ 1, 2, 3 ]
 */
export function boundedJson(text: string, options: JsonOptions = {}): unknown {
  expectJsonBounds(text, options);
  return JSON.parse(text) as unknown;
}

/**
 * Parses JSON text.
 *
 * @throws MalformedFileError E_JSON_VALUES, E_JSON_DEPTH, E_JSON_SYNTAX, E_JSON_DUPLICATE or E_JSON_UTF8 (a lone surrogate).
 */
export function parseJson(text: string, options: StrictJsonOptions = {}): Json {
  const { file, wholeNumbers = false } = options;
  expectJsonBounds(text, options);
  let at = 0;

  function refuse(expected: string, got?: string, code: MalformedCode = "E_JSON_SYNTAX"): never {
    const next = at < text.length ? quote(text.slice(at, at + 20)) : "the end";
    throw new MalformedFileError(code, { file, expected: `${expected} at character ${at}`, got: got ?? next });
  }

  function skipSpace(): void {
    while (isSpace(text.charCodeAt(at))) at++;
  }

  /** Consumes `mark` and the space around it, if it is next. */
  function take(mark: string): boolean {
    skipSpace();
    if (text[at] !== mark) return false;
    at++;
    skipSpace();
    return true;
  }

  /** Finds the end of the string that starts here: the first quote after an even number of backslashes. */
  function stringEnd(): number {
    for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
      let start = end;
      while (text[start - 1] === "\\") start--;
      if ((end - start) % 2 === 0) return end;
    }
    return refuse("the end of a string");
  }

  /** Delegates to JSON.parse, which is fast even for millions of escapes. */
  function parseString(): string {
    if (text[at] !== '"') refuse("a string");
    const end = stringEnd();
    const token = text.slice(at, end + 1);
    let value: string;
    try {
      value = JSON.parse(token) as string;
    } catch {
      return refuse("a string");
    }
    if (/\p{Surrogate}/u.test(value)) refuse("well-formed text", "a lone surrogate", "E_JSON_UTF8");
    at = end + 1;
    return value;
  }

  function parseNumber(): number {
    const pattern = wholeNumbers ? wholeNumber : number;
    pattern.lastIndex = at;
    if (!pattern.test(text)) refuse(wholeNumbers ? "a whole number" : "a number");
    const start = at;
    at = pattern.lastIndex;
    return Number(text.slice(start, at));
  }

  function parseArray(): Json[] {
    const values: Json[] = [];
    if (take("]")) return values;
    do values.push(parseValue());
    while (take(","));
    if (!take("]")) refuse('"," or "]"');
    return values;
  }

  function parseObject(): JsonObject {
    if (take("}")) return emptyObject;
    const entries: JsonObject = new Map();
    do {
      const key = parseString();
      if (entries.has(key)) refuse("a unique key", `${quote(key)} again`, "E_JSON_DUPLICATE");
      if (!take(":")) refuse('":"');
      entries.set(key, parseValue());
    } while (take(","));
    if (!take("}")) refuse('"," or "}"');
    return entries;
  }

  function parseValue(): Json {
    if (take("{")) return parseObject();
    if (take("[")) return parseArray();
    if (text[at] === '"') return parseString();
    if (isDigitOrMinus(text.charCodeAt(at))) return parseNumber();
    for (const [word, value] of words) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return value;
    }
    return refuse("a value");
  }

  skipSpace();
  const value = parseValue();
  skipSpace();
  if (at < text.length) refuse("the end");
  return value;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function isDigitOrMinus(unit: number): boolean {
  return unit === 0x2d || (unit >= 0x30 && unit <= 0x39);
}

/** Converts Maps to the plain objects that tfjs expects; a key `__proto__` becomes an own property. */
export function plainOf(value: Json): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, inner]) => [key, plainOf(inner)]));
  return value;
}

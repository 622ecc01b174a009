// Reads one object of a specification with checks: refuses unknown keys with the nearest known one; errors name the path.

import { describeBriefly, suggestion } from "@fanin/tensor/arguments";
import { WeightsSpecError } from "./spec-error.ts";

/** An object from JSON.parse. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is an object and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the object at one place of a specification. */
export class SpecReader {
  readonly path: string;
  readonly #object: JsonObject;

  /** @throws WeightsSpecError if `value` is not an object. */
  constructor(path: string, value: unknown) {
    this.path = path;
    if (!isObject(value))
      throw new WeightsSpecError(path || "spec", `expected an object, got ${describeBriefly(value)}`);
    this.#object = value;
  }

  /** The path of a key. */
  at(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }

  /** Throws the error of an unexpected value of `key`. */
  fail(key: string, expected: string, got: unknown = this.#object[key]): never {
    throw new WeightsSpecError(this.at(key), `expected ${expected}, got ${describeBriefly(got)}`);
  }

  /** Refuses every key that is not one of `known`. */
  expectKeys(known: readonly string[]): void {
    for (const key of Object.keys(this.#object)) {
      if (known.includes(key)) continue;
      const what = `unknown key ${JSON.stringify(key)}; expected ${known.join(", ")}${suggestion(key, known)}`;
      throw new WeightsSpecError(this.path || "spec", what);
    }
  }

  /** The present keys. */
  keys(): string[] {
    return Object.keys(this.#object);
  }

  /** The value of `key`; undefined if missing or null. */
  get(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? (this.#object[key] ?? undefined) : undefined;
  }

  string(key: string): string {
    const value = this.get(key);
    return typeof value === "string" ? value : this.fail(key, "a string");
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.get(key) ?? fallback;
    return typeof value === "boolean" ? value : this.fail(key, "true or false");
  }

  number(key: string, fallback: number): number {
    const value = this.get(key) ?? fallback;
    return typeof value === "number" && value >= 0 ? value : this.fail(key, "a number of 0 or more");
  }

  /** One of a few words; the error suggests the nearest. */
  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    const near = typeof value === "string" ? suggestion(value, choices) : "";
    throw new WeightsSpecError(
      this.at(key),
      `expected one of ${choices.join(", ")}, got ${describeBriefly(value)}${near}`,
    );
  }

  /** A seed: an integer, or text for integers beyond the exact range of JSON numbers. */
  seed(key: string): number | bigint | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    if (typeof value === "string" && /^[+-]?\d{1,20}$/.test(value)) {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : BigInt(value.replace(/^\+/, ""));
    }
    return this.fail(key, "an integer (as text beyond 2^53)");
  }

  /** An object of strings. */
  strings(key: string): Readonly<Record<string, string>> | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    const inner = new SpecReader(this.at(key), value);
    return Object.fromEntries(inner.keys().map((name) => [name, inner.string(name)]));
  }
}

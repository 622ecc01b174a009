// The config of one layer, read with checks; keys are accepted as Keras writes them and in camelCase, as tfjs does.

import { camelCase, describeBriefly } from "@fanin/tensor/arguments";
import { isRecord, type JsonObject } from "../initializers/json-object.ts";
import { type KerasModelCode, KerasModelError } from "./keras-model-error.ts";
import { expectSizes, type PartialShape } from "./partial-shape.ts";

/** The options of one layer. */
export class ConfigReader {
  /** What errors begin with, such as `Dense "dense_1"`. */
  readonly where: string;
  readonly #config: JsonObject;

  constructor(where: string, config: JsonObject) {
    this.where = where;
    this.#config = config;
  }

  /** Throws the error that `key` is not what was expected. */
  fail(key: string, expected: string, got: unknown, code: KerasModelCode = "E_MODEL_CONFIG"): never {
    throw new KerasModelError(code, this.where, `${key}: expected ${expected}, got ${describeBriefly(got)}`);
  }

  /** The value of `key`; undefined where it is missing or null. */
  get(key: string): unknown {
    for (const spelling of [key, camelCase(key)]) {
      if (Object.hasOwn(this.#config, spelling)) return this.#config[spelling] ?? undefined;
    }
    return undefined;
  }

  /** Whether `key` is there and null, where null is a choice of its own. */
  isNull(key: string): boolean {
    return (
      [key, camelCase(key)].some((spelling) => Object.hasOwn(this.#config, spelling)) && this.get(key) === undefined
    );
  }

  integer(key: string, fallback?: number, low = 1): number {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < low) {
      return this.fail(key, low === Number.MIN_SAFE_INTEGER ? "an integer" : `an integer of ${low} or more`, value);
    }
    return value;
  }

  number(key: string, fallback?: number): number {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "number" || Number.isNaN(value)) return this.fail(key, "a number", value);
    return value;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "boolean") return this.fail(key, "true or false", value);
    return value;
  }

  string(key: string): string {
    const value = this.get(key);
    if (typeof value !== "string") return this.fail(key, "a string", value);
    return value;
  }

  choice<T extends string>(key: string, choices: readonly T[], fallback: T): T {
    const value = this.get(key) ?? fallback;
    const choice = choices.find((candidate) => candidate === value);
    return choice ?? this.fail(key, `one of ${choices.join(", ")}`, value);
  }

  /** An integer, or a list of `rank` of them, as a list. */
  sizes(key: string, rank: number, fallback?: number, low = 1): readonly number[] {
    const value = this.get(key) ?? fallback;
    const sizes = Array.isArray(value) ? value : new Array<unknown>(rank).fill(value);
    if (sizes.length !== rank || !sizes.every((size) => Number.isSafeInteger(size) && size >= low)) {
      return this.fail(key, `an integer of ${low} or more, or a list of ${rank}`, value);
    }
    return sizes as number[];
  }

  /** An integer, or one per dimension, or one for each end of each dimension, as pairs. */
  pairs(key: string, rank: number): readonly (readonly [number, number])[] {
    const value = this.get(key);
    const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) >= 0;
    const isPair = (pair: unknown): boolean => Array.isArray(pair) && pair.length === 2 && pair.every(isSize);
    if (isSize(value)) return new Array<[number, number]>(rank).fill([value, value]);
    if (rank === 1 && isPair(value)) return [value as [number, number]];
    if (!Array.isArray(value) || value.length !== rank || !value.every((entry) => isSize(entry) || isPair(entry))) {
      return this.fail(key, `an integer of 0 or more, a list of ${rank}, or of ${rank} pairs`, value);
    }
    return value.map((entry: number | [number, number]) => (typeof entry === "number" ? [entry, entry] : entry));
  }

  /** A shape with null for unknown dimensions; undefined where there is none. */
  shape(key: string): PartialShape | undefined {
    const value = this.get(key);
    return value === undefined
      ? undefined
      : (expectSizes(value) ?? this.fail(key, "a list of integers and null", value));
  }

  /** The object under `key`. */
  object(key: string): JsonObject {
    const value = this.get(key);
    return isRecord(value) ? value : this.fail(key, "an object", value);
  }

  /** The list under `key`. */
  list(key: string): readonly unknown[] {
    const value = this.get(key);
    return Array.isArray(value) ? value : this.fail(key, "a list", value);
  }

  /** Refuses an option that changes the weights in ways not known here. */
  refuse(...keys: readonly string[]): void {
    for (const key of keys) {
      const value = this.get(key);
      if (value !== undefined && value !== false)
        this.fail(key, "nothing (it is not supported)", value, "E_MODEL_LAYER");
    }
  }
}

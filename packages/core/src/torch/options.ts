// Options of torch's functions: every name known, every value checked, defaults as torch has them.

import type { FloatDType } from "@fanin/tensor";
import { describeValue, suggestion } from "@fanin/tensor/arguments";
import type { Generator } from "./generator.ts";

/** The option that every function which draws has beside its own. */
export interface GeneratorOptions {
  /** The source of the numbers; the global generator unless said. */
  readonly generator?: Generator | undefined;
}

/** The option of the element type, that functions of a shape have. */
export interface DTypeOptions<D extends FloatDType = "float32"> {
  /** The element type. Defaults to `float32`. float16 and bfloat16 are bit patterns. */
  readonly dtype?: D | undefined;
}

/** Refuses options whose name is not among `known`. */
export function expectOptions(name: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${name}: expected an object of options, got ${describeValue(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new TypeError(
      `${name}: unknown option ${JSON.stringify(key)}; expected ${known.join(", ")}${suggestion(key, known)}`,
    );
  }
}

/** Returns `value` if it is an integer of `low` or more. */
export function expectCount(name: string, value: unknown, low: number): number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected an integer, got ${describeValue(value)}`);
  if (!Number.isSafeInteger(value) || value < low) {
    throw new RangeError(`${name}: expected an integer of ${low} or more, got ${value}`);
  }
  return value;
}

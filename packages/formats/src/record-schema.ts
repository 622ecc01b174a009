// Schemas of the files that fanin writes for itself. A schema names the field that does not fit.

import { describeValue } from "@fanin/tensor/arguments";

/** Describes why a value does not fit; the text begins with the field. Returns undefined if the value fits. */
export type Schema = (value: unknown, field: string) => string | undefined;

function misfit(field: string, expected: string, value: unknown): string {
  return `${field}: expected ${expected}, got ${value === undefined ? "nothing" : describeValue(value)}`;
}

/**
 * A number from `low` to `high`.
 *
 * @example
 * numberFrom(0, 1)(2, "share"); // => 'share: expected a number from 0 to 1, got 2'
 */
export function numberFrom(low: number, high: number): Schema {
  return (value, field) =>
    typeof value === "number" && value >= low && value <= high
      ? undefined
      : misfit(field, low === -Number.MAX_VALUE ? "a number" : `a number from ${low} to ${high}`, value);
}

/**
 * Any number that JSON can hold.
 *
 * @example
 * anyNumber(2.5, "loss"); // => undefined
 */
export const anyNumber: Schema = numberFrom(-Number.MAX_VALUE, Number.MAX_VALUE);

/**
 * An integer from `low` to `high`.
 *
 * @example
 * integerFrom(1, 9)(10, "epochs"); // => 'epochs: expected an integer from 1 to 9, got 10'
 */
export function integerFrom(low: number, high: number = Number.MAX_SAFE_INTEGER): Schema {
  return (value, field) =>
    Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high
      ? undefined
      : misfit(
          field,
          high === Number.MAX_SAFE_INTEGER ? `an integer of ${low} or more` : `an integer from ${low} to ${high}`,
          value,
        );
}

/**
 * Text, optionally of a pattern, with a description of the pattern.
 *
 * @example
 * textOf()(1, "name"); // => 'name: expected text, got 1'
 */
export function textOf(pattern: RegExp = /^/, expected = "text"): Schema {
  return (value, field) =>
    typeof value === "string" && pattern.test(value) ? undefined : misfit(field, expected, value);
}

/**
 * A SHA-256 in hex.
 *
 * @example
 * hashSchema("0", "sha256"); // => 'sha256: expected a SHA-256 in hex, got "0"'
 */
export const hashSchema: Schema = textOf(/^[0-9a-f]{64}$/, "a SHA-256 in hex");

/**
 * Exactly this value.
 *
 * @example
 * exactly(1)(2, "schemaVersion"); // => 'schemaVersion: expected 1, got 2'
 */
export function exactly(expected: string | number | null): Schema {
  return (value, field) => (value === expected ? undefined : misfit(field, JSON.stringify(expected), value));
}

/**
 * null, or a value that fits `schema`.
 *
 * @example
 * nullOr(integerFrom(1))(null, "diverged") === undefined; // => true
 */
export function nullOr(schema: Schema): Schema {
  return (value, field) => (value === null ? undefined : schema(value, field));
}

/**
 * A list of `least` to `most` entries.
 *
 * @example
 * listOf(integerFrom(1))([3, 0], "layers"); // => 'layers[1]: expected an integer of 1 or more, got 0'
 */
export function listOf(entry: Schema, least = 0, most: number = Number.MAX_SAFE_INTEGER): Schema {
  const count =
    least === most ? String(least) : most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  return (value, field) => {
    if (!Array.isArray(value)) return misfit(field, "a list", value);
    if (value.length < least || value.length > most) return `${field}: expected ${count} entries, got ${value.length}`;
    for (let i = 0; i < value.length; i++) {
      const wrong = entry(value[i], `${field}[${i}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

/**
 * An object with these fields. Fields of `optional` may be missing; unknown fields are refused.
 *
 * @example
 * recordOf({ seed: integerFrom(0) })({ seed: 1, sed: 2 }, ""); // => 'sed: expected no such field'
 */
export function recordOf(
  fields: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return (value, field) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return misfit(field || "file", "an object", value);
    const record = value as Readonly<Record<string, unknown>>;
    const at = (key: string): string => (field === "" ? key : `${field}.${key}`);
    for (const [key, schema] of Object.entries(fields)) {
      const wrong = schema(Object.hasOwn(record, key) ? record[key] : undefined, at(key));
      if (wrong !== undefined) return wrong;
    }
    for (const [key, entry] of Object.entries(record)) {
      if (Object.hasOwn(fields, key)) continue;
      const schema = Object.hasOwn(optional, key) ? optional[key] : undefined;
      const wrong = schema ? schema(entry, at(key)) : `${at(key)}: expected no such field`;
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

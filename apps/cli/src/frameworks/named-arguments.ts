// Matches Python's named arguments with a table of names and defaults.

import { snakeCase, suggestion } from "@fanin/tensor/arguments";
import { usageError } from "../exit-codes.ts";

/** Marks a required argument. */
export const required: unique symbol = Symbol("required");

/** The arguments of a function with their defaults, in order. */
export type NamedArguments = Readonly<Record<string, unknown>>;

/** The arguments of a function from its options and their defaults, of which undefined is none. */
export function argumentsOf(defaults: Readonly<Record<string, unknown>>): NamedArguments {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [snakeCase(name), value === undefined ? required : value]),
  );
}

/** The entry of a table, or an error that lists its names. */
export function findByName<T>(place: string, name: string, table: Readonly<Record<string, T>>): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(table);
  throw usageError(
    `initializer: ${place} has no ${JSON.stringify(name)}; expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}

/** Fills in defaults; throws for unknown names and missing values. */
export function completeArguments(name: string, given: NamedArguments, defaults: NamedArguments): NamedArguments {
  const known = Object.keys(defaults);
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(defaults, key)) continue;
    if (key === "seed") throw usageError(`${name}: seed is not an argument; use --seed`);
    const expected = known.length === 0 ? "no arguments" : known.join(", ");
    throw usageError(`${name}: unknown argument ${JSON.stringify(key)}; expected ${expected}${suggestion(key, known)}`);
  }
  const complete = { ...defaults, ...given };
  const missing = known.find((key) => complete[key] === required);
  if (missing !== undefined) throw usageError(`${name}: expected ${missing}, as in '${name}(${missing}=...)'`);
  return complete;
}

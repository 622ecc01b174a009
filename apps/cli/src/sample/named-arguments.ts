// Python's named arguments against a table of names and defaults.

import { suggestion } from "@fanin/tensor/arguments";
import { usageError } from "../exit-codes.ts";

/** The default of an argument that has none. */
export const required: unique symbol = Symbol("required");

/** The arguments of a function and their defaults, in its order. */
export type NamedArguments = Readonly<Record<string, unknown>>;

/** The entry of a table, or an error that lists its names. */
export function findByName<T>(place: string, name: string, table: Readonly<Record<string, T>>): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(table);
  throw usageError(
    `initializer: ${place} has no ${JSON.stringify(name)}; expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}

/** `given` with the defaults of what is left out; refuses unknown names and missing values. */
export function completeArguments(name: string, given: NamedArguments, defaults: NamedArguments): NamedArguments {
  const known = Object.keys(defaults);
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(defaults, key)) continue;
    if (key === "seed") throw usageError(`${name}: seed is not an argument here; --seed gives it`);
    const expected = known.length === 0 ? "no arguments" : known.join(", ");
    throw usageError(`${name}: unknown argument ${JSON.stringify(key)}; expected ${expected}${suggestion(key, known)}`);
  }
  const complete = { ...defaults, ...given };
  const missing = known.find((key) => complete[key] === required);
  if (missing !== undefined) throw usageError(`${name}: expected ${missing}, as in '${name}(${missing}=...)'`);
  return complete;
}

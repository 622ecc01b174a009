// Prints the result of a command as a JSON object to stdout; schemas/ has the schema of each.

import type { Invocation } from "./command.ts";
import { readSeed } from "./read-values.ts";

/** Converts a seed for JSON: to a number, or to a string if no number is exact. */
export function seedValue(seed: number | bigint): number | string {
  return typeof seed === "bigint" ? String(seed) : seed;
}

/** Prints the version of the schema, the seed, and `result`. */
export function printResult(invocation: Invocation, result: Readonly<Record<string, unknown>>): void {
  const seed = seedValue(readSeed(invocation.option("seed")));
  // A large seed is in the config, too.
  const exact = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
  invocation.stdout.write(`${JSON.stringify({ schemaVersion: 1, seed, ...result }, exact)}\n`);
}

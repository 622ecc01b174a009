// Runs the random calls of jax.random and jax.nn.initializers that JAX itself has run, and says which answers differ.
// Source: test/goldens/jax-programs.py, JAX 0.10.2.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as jax from "../src/jax.ts";
import { crc32 } from "./crc32.ts";

type Answer = readonly [crc: number, first: number | string, last: number | string] | string;
export type Case = readonly [
  kind: "random" | "init",
  fn: string,
  seed: number,
  shape: readonly number[],
  dtype: string,
  given: Readonly<Record<string, unknown>>,
  partitionable: boolean,
  answer: Answer,
];

/** The first `count` cases. */
export function readCases(count: number): readonly Case[] {
  const packed = readFileSync(new URL("goldens/jax-programs.json.gz", import.meta.url));
  return (JSON.parse(gunzipSync(packed).toString()) as { cases: readonly Case[] }).cases.slice(0, count);
}

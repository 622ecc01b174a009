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

const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

type Options = Record<string, unknown>;
type Filled = { readonly data: ArrayBufferView<ArrayBuffer> & { readonly BYTES_PER_ELEMENT: number } };
type Draw = (key: unknown, shape: readonly number[], options: Options) => Filled;

const camel = (name: string): string => name.replace(/_./g, (letters) => letters.slice(1).toUpperCase());

function draw([kind, fn, seed, shape, dtype, given, partitionable]: Case): Filled {
  const options: Options = {};
  for (const [name, value] of Object.entries(given)) {
    options[name] = typeof value === "string" && Object.hasOwn(special, value) ? special[value] : value;
  }
  const key = jax.key(seed);
  const found = (kind === "random" ? jax : jax.initializers) as unknown as Record<string, unknown>;
  const named = found[camel(fn)] ?? (jax as unknown as Record<string, unknown>)[camel(fn)];
  const isTyped = fn !== "bits" && fn !== "randint";
  const type = isTyped ? { dtype } : {};
  if (kind === "random") return (named as Draw)(key, shape, { ...options, ...type, partitionable });
  if (fn === "zeros" || fn === "ones") return (named as Draw)(key, shape, type);
  if (fn === "constant") return (named as (options: Options) => Draw)(options)(key, shape, type);
  return (named as (options: Options) => Draw)({ ...options, partitionable })(key, shape, type);
}

function answerOf(given: Case): Answer {
  try {
    const { data } = draw(given);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const size = data.BYTES_PER_ELEMENT;
    const element = (at: number): number | string => {
      if (bytes.length === 0) return 0;
      const view = new DataView(data.buffer, data.byteOffset);
      if (size === 8) return String(view.getBigUint64(at, true));
      return size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
    };
    return [Number.parseInt(crc32(bytes), 16), element(0), element(bytes.length - size)];
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return `${error.name}: ${error.message}`;
    throw error;
  }
}

/** The case and our answer where it differs from JAX's; where both refuse, the texts may differ. */
export function difference(given: Case): readonly [given: Case, answer: Answer] | undefined {
  const answer = answerOf(given);
  const expected = given[7];
  if (typeof answer === "string" && typeof expected === "string") return undefined;
  return JSON.stringify(answer) === JSON.stringify(expected) ? undefined : [given, answer];
}

// Runs the random programs of torch.nn.init calls that PyTorch itself has run, and says which answers differ.
// Source: test/goldens/torch-programs.py, PyTorch 2.13.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as torch from "../src/torch.ts";
import { crc32 } from "./crc32.ts";

type Answer = readonly [crc: number, first: string, last: string] | string;
type Call = readonly [
  fn: string,
  shape: readonly number[],
  dtype: string,
  given: Readonly<Record<string, unknown>>,
  answer: Answer,
];
export type Program = readonly [seed: string, calls: readonly Call[]];

const functions = {
  uniform_: torch.uniform,
  normal_: torch.normal,
  trunc_normal_: torch.truncNormal,
  xavier_uniform_: torch.xavierUniform,
  xavier_normal_: torch.xavierNormal,
  kaiming_uniform_: torch.kaimingUniform,
  kaiming_normal_: torch.kaimingNormal,
  sparse_: torch.sparse,
  dirac_: torch.dirac,
  eye_: torch.eye,
  constant_: torch.constant,
  ones_: torch.ones,
  zeros_: torch.zeros,
} as Readonly<
  Record<
    string,
    (shape: readonly number[], options?: object) => { readonly data: Float32Array | Float64Array | Uint16Array }
  >
>;

/** In float64 these agree to the last bit but one: they are compared as float32. */
const NORMALS: readonly string[] = ["normal_", "trunc_normal_", "xavier_normal_", "kaiming_normal_", "sparse_"];

/** The first `count` programs. */
export function readPrograms(count: number): readonly Program[] {
  const packed = readFileSync(new URL("goldens/torch-programs.json.gz", import.meta.url));
  const { programs } = JSON.parse(gunzipSync(packed).toString()) as { programs: readonly Program[] };
  return programs.slice(0, count);
}

const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

function optionsOf(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read = (value: unknown) =>
    typeof value === "string" && Object.hasOwn(special, value) ? special[value] : value;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, read(value)]));
}

function answerOf([fn, shape, dtype, given]: Call): Answer {
  try {
    const run = functions[fn] as (typeof functions)[string];
    const filled = run(shape, { ...optionsOf(given), dtype });
    const isApproximate = dtype === "float64" && NORMALS.includes(fn);
    const data = isApproximate ? Float32Array.from(filled.data) : filled.data;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const hex = (start: number, end?: number): string => Buffer.from(bytes.slice(start, end)).toString("hex");
    return [Number.parseInt(crc32(bytes), 16), hex(0, data.BYTES_PER_ELEMENT), hex(-data.BYTES_PER_ELEMENT)];
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return `${error.name}: ${error.message}`;
    throw error;
  }
}

/** Calls whose answers differ from PyTorch's; where both refuse, the texts may differ. */
export function differences([seed, calls]: Program): readonly unknown[] {
  torch.manualSeed(BigInt(seed));
  const found: unknown[] = [];
  for (const call of calls) {
    const answer = answerOf(call);
    const expected = call[4];
    if (typeof answer === "string" && typeof expected === "string") continue;
    if (JSON.stringify(answer) !== JSON.stringify(expected)) found.push({ seed, call, answer });
  }
  return found;
}

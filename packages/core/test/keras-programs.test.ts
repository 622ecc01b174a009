// Random programs of Keras's initializers on each backend against what Keras made of them: bits, and what is refused.
// goldens/keras-programs-*.json.gz were written by goldens/keras-programs.py, which says what a program is.
//
// `npm test` runs a share of the programs, `npm run test:long` all 2,000 of a backend. What may differ, and how far, is the
// table below: docs/seeds.md has the same figures.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type DType, elementTypes, isFloat, type Tensor } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { get, randomUniform, SeedGenerator, type StreamName, setRandomSeed } from "../src/index.ts";
import { crc32 } from "./crc32.ts";

type Written = readonly [
  name: string,
  config: Readonly<Record<string, unknown>>,
  seed: unknown,
  shape: number[],
  dtype: DType,
  result: string,
];

const SHARE = 400;
const FULL = 2000;
const count = process.env["FANIN_LONG"] ? FULL : SHARE;

/** What stands for a number that JSON does not have. */
function unspell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unspell);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unspell(part)]));
  }
  if (typeof value !== "string" || !value.startsWith("#")) return value;
  const text = value.slice(1);
  const special: Readonly<Record<string, number>> = {
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    "-inf": Number.NEGATIVE_INFINITY,
    "-0.0": -0,
  };
  return special[text] ?? BigInt(text);
}

function run(written: Written, stream: StreamName): Tensor<DType> {
  const [name, config, seed, shape, dtype] = written.slice(0, 5).map(unspell) as unknown as Written;
  let given = config;
  if (Array.isArray(seed) && seed[0] === "set_random_seed") {
    setRandomSeed(seed[1] as number);
  } else if (Array.isArray(seed)) {
    const generator = new SeedGenerator({ seed: seed[0] as number | bigint });
    const before = randomUniform({ seed: generator, stream });
    for (let call = 0; call < (seed[1] as number); call++) before([1]);
    given = { ...config, seed: generator };
  } else if (seed !== null) {
    given = { ...config, seed };
  }
  return get({ class_name: name, config: given }, { stream })(shape, { dtype });
}

/** The bytes, every NaN the same: its sign is the processor's. */
function bytesOf({ dtype, data }: Tensor<DType>): Uint8Array {
  const { decode, encode } = elementTypes[dtype as "float32"];
  const elements = data as Float32Array;
  if (isFloat(dtype)) {
    const nan = encode(Number.NaN);
    const canonical = new Uint8Array(Float64Array.of(Number.NaN).buffer);
    for (let i = 0; i < elements.length; i++) {
      if (!Number.isNaN(decode(elements[i] ?? 0))) continue;
      if (dtype === "float64") new Uint8Array(data.buffer, i * 8, 8).set(canonical);
      else if (dtype === "float32") new Uint32Array(data.buffer)[i] = 0x7fc00000;
      else elements[i] = nan;
    }
  }
  return new Uint8Array(data.buffer);
}

/** Whether Keras's result is values: a checksum, and where they are not exact the first of them. */
const VALUES = /^([0-9a-f]{8})([A-Za-z0-9+/=]*)$/;

type Kind = "STFT" | "Orthogonal" | "normals";

function kindOf(name: string): Kind {
  return name === "STFT" || name === "Orthogonal" ? name : "normals";
}

/**
 * How far the values of a class may be from Keras's: those of the STFT in all, of an orthogonal matrix in parts of its gain,
 * of normals in units of the last place of the value, or of the mean where that is larger.
 */
const limits: Readonly<Record<Kind, (dtype: DType, stream: StreamName) => number>> = {
  STFT: (dtype, stream) => {
    const isDouble = dtype === "float64" && (stream === "keras/tensorflow" || stream === "keras/torch");
    return isDouble ? 2 ** -51 : ({ float16: 2 ** -12, bfloat16: 2 ** -8 }[dtype as string] ?? 2 ** -22);
  },
  Orthogonal: (dtype, stream) => {
    const isDouble = dtype === "float64" && (stream === "keras/tensorflow" || stream === "keras/torch");
    return isDouble ? 1e-13 : ({ float16: 5e-3, bfloat16: 4e-3 }[dtype as string] ?? 5e-6);
  },
  normals: (dtype, stream) => (dtype === "float64" && stream !== "keras/jax" ? 4 : 0),
};

/** Of float64 normals, the share that differs at all: docs/seeds.md. */
const NORMALS_THAT_DIFFER = 0.005;

/** What is refused here and not there, or the other way round. */
function isKnownRefusal(name: string, dtype: DType, stream: StreamName): boolean {
  if ((name === "STFT" || name === "Orthogonal") && !isFloat(dtype)) return true;
  return (name === "Zeros" || name === "Ones") && dtype === "uint64" && stream === "keras/torch";
}

interface Difference {
  readonly compared: number;
  readonly differing: number;
  /** The largest, in what the limit of its kind is measured in. */
  readonly worst: number;
}

/** How the first elements differ from those that Keras gave, in base64. */
function differenceOf([name, config, , , dtype]: Written, { data }: Tensor<DType>, head: string): Difference {
  const { decode, encode, allocate } = elementTypes[dtype as "float32"];
  const raw = new Uint8Array(Buffer.from(head, "base64"));
  const wanted = allocate(raw.length / elementTypes[dtype].bytes);
  new Uint8Array(wanted.buffer).set(raw);
  const gain = Math.abs(Number(unspell(config["gain"])));
  const mean = Math.abs(Number(unspell(config["mean"] ?? 0)));
  const units: Readonly<Record<Kind, (value: number) => number>> = {
    STFT: () => 1,
    Orthogonal: () => Math.max(gain, decode(encode(1e-5))),
    normals: (value) => Math.max(Math.abs(value), mean) * 2 ** -52,
  };
  const errors = Array.from(wanted, decode).map((value, i) => {
    const other = decode((data as Float32Array)[i] ?? 0);
    if (value === other || (Number.isNaN(value) && Number.isNaN(other))) return 0;
    const error = Math.abs(value - other) / units[kindOf(name)](value);
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  });
  return {
    compared: errors.length,
    differing: errors.filter((error) => error > 0).length,
    worst: Math.max(0, ...errors),
  };
}

describe.each(["tensorflow", "jax", "torch", "numpy"])("Keras on %s", (backend) => {
  const stream = `keras/${backend}` as StreamName;
  const file = readFileSync(new URL(`./goldens/keras-programs-${backend}.json.gz`, import.meta.url));
  const { programs } = JSON.parse(gunzipSync(file).toString()) as { programs: Written[] };

  it(`has ${FULL} programs`, () => {
    expect(programs.length).toBe(FULL);
  });

  it(`gives what ${count} programs give there`, () => {
    const wrong: string[] = [];
    const normals = { compared: 0, differing: 0 };
    for (const [i, written] of programs.slice(0, count).entries()) {
      const [name, , , , dtype, result] = written;
      const [, checksum, head = ""] = VALUES.exec(result) ?? [];
      const complain = (what: string) => wrong.push(`${i}: ${JSON.stringify(written)}: ${what}`);
      let tensor: Tensor<DType>;
      try {
        tensor = run(written, stream);
      } catch (error) {
        const isRefused = error instanceof RangeError || error instanceof TypeError;
        if (!isRefused || (checksum !== undefined && !isKnownRefusal(name, dtype, stream))) complain(String(error));
        continue;
      }
      if (checksum === undefined) {
        if (!isKnownRefusal(name, dtype, stream)) complain("was not refused");
        continue;
      }
      const isEqual = crc32(bytesOf(tensor)) === checksum;
      if (head === "") {
        if (!isEqual) complain("other bits");
        continue;
      }
      const { compared, differing, worst } = differenceOf(written, tensor, head);
      const kind = kindOf(name);
      if (!isEqual && !(worst <= limits[kind](dtype, stream))) complain(`differs by ${worst}`);
      if (!isEqual && limits[kind](dtype, stream) === 0) complain("other bits");
      if (kind === "normals") {
        normals.compared += compared;
        normals.differing += differing;
      }
    }
    expect(wrong).toEqual([]);
    expect(normals.differing).toBeLessThanOrEqual(Math.ceil(normals.compared * NORMALS_THAT_DIFFER));
  });
});

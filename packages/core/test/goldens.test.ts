// The goldens of Keras 3.15.1 on its backends: every case of a stream that is here, bit for bit,
// or, where a case carries one (Orthogonal, STFT), within its own tolerance.
// goldens.json was written by running Keras itself; `generated_with` in it names the versions.

import { readFileSync } from "node:fs";
import type { DType, ElementArray, FloatDType, Tensor } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { get, kerasInitializers, makeDefaultSeed, random, type StreamName, setRandomSeed } from "../src/index.ts";
import { countGoldens } from "./count-goldens.ts";
import { crc32 } from "./crc32.ts";

interface Case {
  readonly backend: string;
  readonly class: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly call_shape: number[];
  readonly call_dtype: "float32" | "float64" | "float16" | "bfloat16" | "int32";
  /** What came; JAX gives float32 where float64 is asked for. */
  readonly dtype?: string;
  readonly id: string;
  readonly crc32: string;
  readonly bits?: string[];
  readonly values?: number[];
  readonly ints?: number[];
  /** Where the values are not exact: the largest difference, the first values, and the bits of the last. */
  readonly tol?: number;
  readonly tail?: string[];
  readonly error?: string;
}

const goldens = JSON.parse(readFileSync(new URL("./goldens/goldens.json", import.meta.url), "utf8")) as {
  keras: Case[];
};

/** The backends whose streams are here; each has 98 cases, all of which are tested. */
const backends: readonly { backend: string; stream: StreamName }[] = [
  { backend: "tensorflow", stream: "keras/tensorflow" },
  { backend: "jax", stream: "keras/jax" },
  { backend: "torch", stream: "keras/torch" },
  { backend: "numpy", stream: "keras/numpy" },
];
const CASES = 98;

/** Each element's bits, most significant digit first. */
function hexOf(data: ElementArray): string[] {
  const bytes = Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .reverse()
    .toString("hex");
  const digits = 2 * data.BYTES_PER_ELEMENT;
  return Array.from({ length: data.length }, (_, i) =>
    bytes.slice(bytes.length - (i + 1) * digits, bytes.length - i * digits),
  );
}

/** The tensor of a case, by the calls that Keras was given. */
function valuesOf(
  { class: name, args, call_shape: shape, call_dtype: dtype }: Case,
  stream: StreamName,
): Tensor<DType> {
  const { call, after, order, drawn_seed: drawnSeed, ...rest } = args;
  const config: Record<string, unknown> = rest;
  if (after !== undefined) {
    expect(after).toBe("set_random_seed(1234)");
    setRandomSeed(1234);
    const seeds = Array.from({ length: Number(order ?? 0) + 1 }, makeDefaultSeed);
    if (drawnSeed !== undefined) expect(seeds.at(-1)).toBe(drawnSeed);
    setRandomSeed(1234);
    for (let i = 0; i < Number(order ?? 0); i++) makeDefaultSeed();
  }
  if (name === "random.randint") {
    const { minval, maxval, seed } = config;
    return random.randint(shape, Number(minval), Number(maxval), { seed: Number(seed), stream });
  }
  if (name === "random.uniform") {
    for (let i = 0; i < Number(call); i++) random.uniform(shape, { stream });
    return random.uniform(shape, { stream });
  }
  const [, generatorSeed] = /^SeedGenerator\((\d+)\)$/.exec(String(config["seed"])) ?? [];
  if (generatorSeed !== undefined) {
    config["seed"] = { class_name: "SeedGenerator", config: { seed: Number(generatorSeed) } };
    const initializer = get({ class_name: name, config }, { stream });
    for (let i = 0; i < Number(call); i++) initializer(shape);
    return initializer(shape, { dtype });
  }
  return get({ class_name: name, config }, { stream })(shape, { dtype });
}

describe.each(backends)("$stream", ({ backend, stream }) => {
  const cases = goldens.keras.filter((golden) => golden.backend === backend);
  const compared = countGoldens(stream, CASES);

  it(`is tested on all of its ${CASES} cases`, () => {
    expect(cases.length).toBe(CASES);
    const here = ["random.uniform", "random.randint", ...kerasInitializers.map(({ className }) => className)];
    expect(cases.filter((golden) => !here.includes(golden.class))).toEqual([]);
  });

  it.each(cases)("$id", (golden) => {
    compared();
    if (golden.error !== undefined) {
      expect(() => valuesOf(golden, stream)).toThrow(RangeError);
      return;
    }
    const { data: values, dtype } = valuesOf(golden, stream) as Tensor<FloatDType | "int32">;
    expect(dtype).toBe(golden.call_dtype);
    const data = golden.call_dtype === "float64" && golden.dtype === "float32" ? Float32Array.from(values) : values;
    if (golden.ints) {
      expect([...data]).toEqual(golden.ints);
    } else if (golden.tol !== undefined) {
      const { tol, values: expected = [], tail = [] } = golden;
      expect(expected.length).toBe(Math.min(data.length, 400));
      const last = new Float32Array(Uint32Array.from(tail, (word) => Number.parseInt(word, 16)).buffer);
      const errors = [
        ...expected.map((value, i) => Math.abs(value - (data[i] ?? Number.NaN))),
        ...Array.from(last, (value, i) => Math.abs(value - (data[data.length - last.length + i] ?? Number.NaN))),
      ];
      expect(errors.filter((error) => !(error <= tol))).toEqual([]);
    } else {
      if (golden.bits && data.length <= 64) expect(hexOf(data)).toEqual(golden.bits);
      expect(crc32(new Uint8Array(data.buffer))).toBe(golden.crc32);
    }
  });

  const sliceable = cases.filter(
    ({ crc32: sum, class: name, args }) =>
      sum && sum !== "00000000" && !name.startsWith("random.") && !("call" in args || "after" in args),
  );

  it.each(sliceable)(
    "%# slices of $id equal the whole",
    ({ class: name, args, call_shape: shape, call_dtype: dtype }) => {
      const initializer = get({ class_name: name, config: args }, { stream });
      const whole = initializer(shape, { dtype }).data;
      const n = whole.length;
      for (const [start, end] of [
        [0, 1],
        [n - 1, n],
        [Math.floor(n / 3), Math.floor((2 * n) / 3)],
        [Math.min(n, 5), Math.min(n, 22)],
        [Math.min(n, 16383), Math.min(n, 16401)],
      ] as const) {
        const part = initializer.fill(whole.slice(start, end).fill(0), shape, { offset: start, dtype });
        expect(hexOf(part)).toEqual(hexOf(whole.slice(start, end)));
      }
    },
  );
});

// Every parser takes time linear in its input, or rejects it: twice the input takes at most about twice the time.
// Other programs only increase times, so the minimum of several rounds is closest to the true time; quadratic time would
// show as a factor of four. One file: it is the table of all bounds.

import { deflateRawSync } from "node:zlib";
import { parseInitializer, splitList } from "@fanin/core";
import { kerasWeightPlans } from "@fanin/core/keras-model";
import {
  boundedJson,
  browserLimits,
  bytesSource,
  type NamedTensor,
  openModel,
  openNpy,
  openNpz,
  readNpz,
  readSafetensors,
  readTfjsModel,
  type StoredTensor,
  writeNpy,
  writeNpz,
  writeSafetensors,
} from "@fanin/formats";
import { readIdx } from "@fanin/lab/data";
import { readSweepSpec } from "@fanin/sweep";
import { suggestion } from "@fanin/tensor/arguments";
import { describe, expect, it } from "vitest";
import { readLayers } from "../src/read-values.ts";

const ROUNDS = 24;
// A factor of two is linear, four is quadratic: the limit is their geometric mean.
const MOST = Math.sqrt(2 * 4);

/** A case: its title, a size below its bound, and a function that prepares the work for a size. */
type Case = readonly [title: string, size: number, prepare: (size: number) => (() => unknown) | Promise<() => unknown>];

async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Measures the ratio of the minimum times for twice the size and for the size. */
async function ratioOf(prepare: Case[2], size: number): Promise<number> {
  const [once, twice] = [await prepare(size), await prepare(2 * size)];
  let [least, leastOfTwice] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    least = Math.min(least, await time(once));
    leastOfTwice = Math.min(leastOfTwice, await time(twice));
    if (round >= 2 && leastOfTwice <= MOST * least) break;
  }
  return leastOfTwice / least;
}

const list = (size: number, of: (i: number) => string, separator = ","): string =>
  Array.from({ length: size }, (_, i) => of(i)).join(separator);

/** Short times are accumulated. */
const repeated = (times: number, work: () => unknown) => (): void => {
  for (let i = 0; i < times; i++) work();
};

/** Expects a rejection, whose time is measured. */
const refused = (work: () => unknown) => async (): Promise<void> => {
  const error = await Promise.resolve()
    .then(work)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!(error instanceof Error)) throw new Error("it was to be refused");
};

const scalar = (i: number): NamedTensor => ({
  name: `layer.${i}.weight`,
  shape: [1],
  dtype: "float32",
  data: Float32Array.of(i),
});
const scalars = (size: number): NamedTensor[] => Array.from({ length: size }, (_, i) => scalar(i));

/** Makes bytes that deflate a little. */
const bytes = (size: number): NamedTensor => ({
  name: "w",
  shape: [size],
  dtype: "uint8",
  data: Uint8Array.from({ length: size }, (_, i) => Math.imul(i, 2654435761) >>> 28),
});

async function goThrough(tensor: StoredTensor | undefined): Promise<void> {
  for await (const _ of tensor?.chunks() ?? []);
}

const json: Case[] = [
  [
    "objects",
    50_000,
    (size) => {
      const text = `[${list(size, () => '{"a":1}')}]`;
      return () => boundedJson(text);
    },
  ],
  [
    "values beyond the bound",
    browserLimits.jsonValues,
    (size) => {
      const text = `[${"{},".repeat(size)}0]`;
      return refused(() => boundedJson(text));
    },
  ],
  [
    "nesting beyond the bound",
    2_000_000,
    (size) => {
      const text = "[".repeat(size);
      return refused(() => boundedJson(text));
    },
  ],
  [
    "a string of escapes",
    2_000_000,
    (size) => {
      const text = `"${"\\\\".repeat(size)}"`;
      return () => boundedJson(text);
    },
  ],
];

const files: Case[] = [
  [
    "tensors of .safetensors",
    4000,
    (size) => {
      const file = writeSafetensors(scalars(size));
      return () => readSafetensors(file);
    },
  ],
  [
    "metadata of .safetensors",
    20_000,
    (size) => {
      const file = writeSafetensors(
        [scalar(0)],
        Object.fromEntries(Array.from({ length: size }, (_, i) => [`k${i}`, "v"])),
      );
      return () => readSafetensors(file);
    },
  ],
  [
    "entries of .npz",
    500,
    async (size) => {
      const file = await writeNpz(scalars(size));
      return () => readNpz(file);
    },
  ],
  [
    "slices of a deflated entry",
    2 ** 21,
    async (size) => {
      const file = await writeNpz([bytes(size)], { compress: true });
      return async () => {
        const tensor = (await openNpz(bytesSource(file))).get("w");
        for (let start = 0; start < size; start += 2 ** 15) await tensor?.slice(start, start + 2 ** 15);
      };
    },
  ],
  [
    "chunks of a deflated entry",
    2 ** 22,
    async (size) => {
      const file = await writeNpz([bytes(size)], { compress: true });
      return async () => goThrough((await openNpz(bytesSource(file))).get("w"));
    },
  ],
  [
    "chunks of a .npy in Fortran order",
    2 ** 20,
    async (size) => {
      const file = Buffer.from(
        writeNpy({ shape: [4, size / 4], dtype: "uint8", data: bytes(size).data as Uint8Array<ArrayBuffer> }),
      );
      file.write("True ", file.indexOf("False"));
      return async () => goThrough(await openNpy(bytesSource(file), "w"));
    },
  ],
  [
    "dimensions of a .npy",
    1000,
    (size) => {
      const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${"1, ".repeat(size)}), }\n`;
      const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
      const file = Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(1)]);
      const work = refused(() => openNpy(bytesSource(file), "w"));
      return async () => {
        for (let i = 0; i < 100; i++) await work();
      };
    },
  ],
  [
    "weights and shards of tfjs",
    4000,
    (size) => {
      const weights = Array.from({ length: size }, (_, i) => ({ name: `w${i}`, shape: [1], dtype: "float32" }));
      const manifest = JSON.stringify([{ paths: weights.map(({ name }) => name), weights }]);
      return () => readTfjsModel(manifest, async () => new Uint8Array(4));
    },
  ],
  [
    "texts of tfjs",
    400_000,
    (size) => {
      const manifest = JSON.stringify([{ paths: ["a"], weights: [{ name: "t", shape: [size], dtype: "string" }] }]);
      const shard = new Uint8Array(4 * size);
      return () => readTfjsModel(manifest, async () => shard);
    },
  ],
  [
    "shards of an index",
    1000,
    (size) => {
      const index = Buffer.from(
        JSON.stringify({
          weight_map: Object.fromEntries(Array.from({ length: size }, (_, i) => [scalar(i).name, `${i}`])),
        }),
      );
      const shards = new Map(Array.from({ length: size }, (_, i) => [`${i}`, writeSafetensors([scalar(i)])]));
      const openShard = async (path: string) => bytesSource(shards.get(path) ?? new Uint8Array(0));
      return () => openModel(bytesSource(index), { openShard });
    },
  ],
  [
    "labels of IDX",
    2 ** 23,
    (size) => {
      const file = Buffer.concat([Buffer.from([0, 0, 8, 1]), Buffer.alloc(4), Buffer.alloc(size)]);
      file.writeUInt32BE(size, 4);
      const packed = Buffer.concat([
        Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
        deflateRawSync(file, { level: 1 }),
        Buffer.alloc(8),
      ]);
      return refused(() => readIdx(packed, "labels"));
    },
  ],
];

const yaml = (text: string) => () => readSweepSpec(text, "spec.yaml");
const specs: Case[] = [
  ["seeds in YAML", 4000, (size) => yaml(`initializers: [zeros]\nseeds: [${list(size, String)}]`)],
  [
    "seeds in JSON",
    40_000,
    (size) => {
      const text = `{"initializers":["zeros"],"seeds":[${list(size, String)}]}`;
      return () => readSweepSpec(text, "spec.json");
    },
  ],
  ["keys of one map", 3000, (size) => refused(yaml(list(size, (i) => `k${i}: 1`, "\n")))],
  ["equal keys", 3000, (size) => refused(yaml(`${list(size, (i) => `k${i}: 1`, "\n")}\nk0: 1`))],
  ["aliases", 3000, (size) => refused(yaml(`a: &a 1\nb: [${list(size, () => "*a")}]`))],
  ["anchors on one line", 4000, (size) => refused(yaml("&a ".repeat(size)))],
  ["errors on one line", 4000, (size) => refused(yaml(`"a" `.repeat(size)))],
  ["nested keys", 100_000, (size) => refused(yaml("? ".repeat(size)))],
  ["nested lists", 100_000, (size) => refused(yaml("[".repeat(size)))],
  ["nested maps", 100_000, (size) => refused(yaml("{a: ".repeat(size)))],
  ["comments", 10_000, (size) => yaml(`${"# c\n".repeat(size)}initializers: [zeros]`)],
];

const wordOf = (size: number): string => "abcdefgh".repeat(size / 8);
const words: Case[] = [
  [
    "near names of a long word",
    2 ** 20,
    (size) => {
      const [word, candidate] = [wordOf(size), `${wordOf(size)}x`];
      return repeated(1000, () => suggestion(word, [candidate]));
    },
  ],
  [
    "arguments of an initializer",
    600,
    (size) => {
      const text = `constant(value=[${list(size, () => "1.5")}])`;
      return repeated(200, () => parseInitializer(text));
    },
  ],
  [
    "space in an initializer",
    4000,
    (size) => {
      const text = `f(a=1${" ".repeat(size)}2)`;
      return async () => {
        const work = refused(() => parseInitializer(text));
        for (let i = 0; i < 100; i++) await work();
      };
    },
  ],
  [
    "an initializer beyond the bound",
    2_000_000,
    (size) => {
      const text = `f(${" ".repeat(size)}`;
      return refused(() => parseInitializer(text));
    },
  ],
  [
    "a list of initializers",
    10_000,
    (size) => {
      const text = list(size, () => "zeros");
      // Short lists many times, because garbage collection dominates for long ones.
      return () => {
        for (let i = 0; i < 50; i++) splitList(text);
      };
    },
  ],
  [
    "layers",
    5000,
    (size) => {
      const text = list(size, () => "8");
      return repeated(50, () => readLayers(text));
    },
  ],
  [
    "layers beyond the bound",
    5000,
    (size) => {
      const text = list(size, () => "64x10000");
      return async () => {
        const work = refused(() => readLayers(text));
        for (let i = 0; i < 100; i++) await work();
      };
    },
  ],
];

/** Makes a chain of layers, the last one first. */
function chain(size: number): object {
  const layer = (i: number): object => {
    const config = { shape: [null, 2], dtype: "float32", keras_history: [i === 0 ? "in" : `d${i - 1}`, 0, 0] };
    const node = { args: [{ class_name: "__keras_tensor__", config }], kwargs: {} };
    return { class_name: "Dense", name: `d${i}`, config: { name: `d${i}`, units: 2 }, inbound_nodes: [node] };
  };
  const input = {
    class_name: "InputLayer",
    name: "in",
    config: { name: "in", batch_shape: [null, 2] },
    inbound_nodes: [],
  };
  const layers = [...Array.from({ length: size }, (_, i) => layer(size - 1 - i)), input];
  const ends = { input_layers: [["in", 0, 0]], output_layers: [[`d${size - 1}`, 0, 0]] };
  return { class_name: "Functional", config: { name: "chain", layers, ...ends } };
}
const models: Case[] = [
  [
    "layers of a Keras model",
    500,
    (size) => {
      const model = chain(size);
      return () => kerasWeightPlans(model, { seed: 1 });
    },
  ],
];

describe.each([
  ["JSON", json],
  ["weight files and data sets", files],
  ["specifications", specs],
  ["words of a command line", words],
  ["models", models],
] as const)("%s", (_, cases) => {
  it.each(cases)("%s: twice %d takes at most about twice the time", async (_title, size, prepare) => {
    expect(await ratioOf(prepare, size)).toBeLessThan(MOST);
  });
});

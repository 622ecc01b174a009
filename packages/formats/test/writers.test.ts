// Writers refuse inconsistent tensors and streams; and the tables of formats and elementLayouts.

import { ANY_DTYPES } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { dtypesOf } from "../src/dtype-names.ts";
import {
  bytesSource,
  formats,
  type NamedTensor,
  npyChunks,
  npzChunks,
  openModel,
  type StoredTensor,
  type StreamedTensor,
  safetensorsChunks,
  tfjsFiles,
  writeNpy,
  writeNpz,
  writeSafetensors,
  writeTfjsModel,
} from "../src/index.ts";
import { collect } from "../src/streamed-values.ts";
import { arrayOf, plain } from "./tensors.ts";

describe("the table of formats", () => {
  const tensor: NamedTensor = { name: "w", shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) };

  // A .keras file needs the config of its model: test/keras writes those.
  it.each(formats.filter(({ name }) => name !== "keras"))(
    "writes, recognizes and opens $name",
    async ({ name, suffix, files }) => {
      const written = new Map<string, Uint8Array>();
      for (const file of files(`w${suffix}`, [tensor], {})) written.set(file.path, await collect(file.chunks()));
      const openShard = async (path: string) => bytesSource(written.get(path) as Uint8Array);
      const file = await openModel(bytesSource(written.get(`w${suffix}`) as Uint8Array), {
        file: `dir/w${suffix}`,
        openShard,
      });
      expect(file.format).toBe(name);
      expect([...file.tensors.keys()]).toEqual(["w"]);
      expect(plain(await (file.tensors.get("w") as StoredTensor).read())).toEqual(plain(tensor));
    },
  );

  it.each(formats.filter(({ name }) => name !== "safetensors"))(
    "$name refuses metadata, which it cannot store",
    ({ files }) => {
      expect(() => files("x", [tensor], { metadata: { a: "b" } })).toThrow(RangeError);
    },
  );

  it("refuses two tensors in a .npy file", () => {
    expect(() => formats[0]?.files("x.npy", [tensor, { ...tensor, name: "v" }], {})).toThrow(
      /expected one for a .npy file, got 2/,
    );
  });
});

describe("writers", () => {
  const write: [string, (tensor: NamedTensor) => unknown][] = [
    ["npy", (tensor) => writeNpy(tensor)],
    ["npz", (tensor) => npzChunks([tensor])],
    ["safetensors", (tensor) => writeSafetensors([tensor])],
    ["tfjs", (tensor) => tfjsFiles([tensor])],
  ];
  const tensor = { name: "w", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;

  it.each(write)("%s refuses an inconsistent tensor", (_, run) => {
    const wrong = (change: object) => ({ ...tensor, ...change }) as unknown as NamedTensor;
    expect(() => run(wrong({ data: Float64Array.of(1, 2) }))).toThrow(
      /data: expected a Float32Array for float32, got Float64Array/,
    );
    expect(() => run(wrong({ data: Float32Array.of(1) }))).toThrow(
      /data: expected 2 elements for float32 \[2\], got 1/,
    );
    expect(() => run(wrong({ shape: [-2] }))).toThrow(RangeError);
    expect(() => run(wrong({ shape: [1.5] }))).toThrow(RangeError);
    expect(() => run(wrong({ shape: "2" }))).toThrow(TypeError);
    expect(() => run(wrong({ dtype: "float8" }))).toThrow(/dtype: expected one of/);
  });

  it("refuse streams that are too short, too long, or of another kind", async () => {
    const short = { name: "w", shape: [3], dtype: "float32", chunks: () => [Float32Array.of(1, 2)] } as const;
    await expect(collect(safetensorsChunks([short]))).rejects.toThrow(/3 elements together for \[3\], got 2/);
    const long = { ...short, shape: [1] };
    await expect(collect(safetensorsChunks([long]))).rejects.toThrow(/got more/);
    const other = { ...short, dtype: "float64" } as unknown as StreamedTensor;
    await expect(collect(safetensorsChunks([other]))).rejects.toThrow(TypeError);
    await expect(writeTfjsModel([long], { shardBytes: 4 })).rejects.toThrow(/got more/);
    await expect(writeTfjsModel([short])).rejects.toThrow(/got 2/);
    await expect(writeNpz([short])).rejects.toThrow(/got 2/);
    await expect(writeNpz([short], { compress: true })).rejects.toThrow(/got 2/);
    await expect(writeNpz([long], { compress: true })).rejects.toThrow(/got more/);
    await expect(collect(npyChunks(long))).rejects.toThrow(/got more/);
  });
});

describe("dtypes", () => {
  it("are 15, each in at least one format", () => {
    expect(ANY_DTYPES.length).toBe(15);
    const held = new Set([...dtypesOf("npy"), ...dtypesOf("safetensors"), ...dtypesOf("tfjs")]);
    expect(ANY_DTYPES.every((dtype) => held.has(dtype))).toBe(true);
    expect(arrayOf("float32", Uint8Array.of(0, 0, 128, 63))).toEqual(Float32Array.of(1));
  });
});

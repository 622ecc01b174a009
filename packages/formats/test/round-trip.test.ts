// Reading returns the written bits, whole, in slices and as a stream, in every format and dtype.
// One file: the same properties are tested for each format, on the same tensors.

import { elementLayouts } from "@fanin/tensor";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dtypeNameIn, dtypesOf } from "../src/dtype-names.ts";
import {
  blobSource,
  bytesSource,
  type NamedTensor,
  npyChunks,
  npzChunks,
  openNpy,
  openNpz,
  openSafetensors,
  openTfjsModel,
  readNpy,
  readNpz,
  readSafetensors,
  readTfjsModel,
  type StoredTensor,
  type StreamedTensor,
  safetensorsChunks,
  safetensorsHeader,
  tfjsFiles,
  writeNpy,
  writeNpz,
  writeSafetensors,
  writeTfjsModel,
} from "../src/index.ts";
import { collect } from "../src/streamed-values.ts";
import { entryNameFault } from "../src/zip-reader.ts";
import { bytesOf, plain, tensorLists, tensorOfDTypes } from "./tensors.ts";

const npyTensors = tensorLists(dtypesOf("npy")).map((list) =>
  list.filter(({ name }) => entryNameFault(`${name}.npy`) === undefined),
);
const safetensorsTensors = tensorLists(dtypesOf("safetensors"));
const tfjsTensors = tensorLists(dtypesOf("tfjs"));

/** Streams the values of a tensor in chunks of up to `length` elements. */
function streamed({ name, shape, dtype, data }: NamedTensor, length: number): StreamedTensor {
  return {
    name,
    shape,
    dtype,
    *chunks() {
      for (let at = 0; at < data.length; at += length) yield data.slice(at, at + length);
    },
  };
}

async function expectSlices(stored: StoredTensor, whole: NamedTensor, cut: number): Promise<void> {
  const count = whole.shape.reduce((product, dimension) => product * dimension, 1);
  const [a, b] = [cut % (count + 1), (cut * 7) % (count + 1)].sort((x, y) => x - y) as [number, number];
  const { bytes } = elementLayouts[whole.dtype];
  expect(bytesOf(await stored.slice(a, b))).toEqual(bytesOf(whole.data).slice(a * bytes, b * bytes));
  await expect(stored.slice(0, count + 1)).rejects.toThrow(RangeError);
}

describe(".npy", () => {
  it("keeps every bit of every dtype", async () => {
    await fc.assert(
      fc.asyncProperty(tensorOfDTypes(dtypesOf("npy")), fc.nat(), async (tensor, cut) => {
        const bytes = writeNpy(tensor);
        expect(plain({ ...readNpy(bytes), name: tensor.name })).toEqual(plain(tensor));
        expect(await collect(npyChunks(streamed(tensor, 3)))).toEqual(bytes);
        await expectSlices(await openNpy(bytesSource(bytes), tensor.name), tensor, cut);
      }),
    );
  });

  it("reads Fortran order and big-endian values", async () => {
    await fc.assert(
      fc.asyncProperty(
        tensorOfDTypes(dtypesOf("npy")),
        fc.boolean(),
        fc.boolean(),
        fc.nat(),
        async (tensor, fortran, big, cut) => {
          const bytes = rewritten(tensor, fortran, big);
          expect(plain({ ...readNpy(bytes), name: tensor.name })).toEqual(plain(tensor));
          await expectSlices(await openNpy(bytesSource(bytes), tensor.name), tensor, cut);
        },
      ),
    );
  });

  it("aligns values to 64 bytes, as NumPy does", () => {
    for (let rank = 0; rank < 40; rank++) {
      const bytes = writeNpy({ shape: new Array(rank).fill(1), dtype: "uint8", data: Uint8Array.of(7) });
      expect(bytes.length % 64).toBe(1);
      expect(readNpy(bytes).shape.length).toBe(rank);
    }
  });
});

/** Reference implementation of other layouts: an independent, slow permutation and byte swap. */
function rewritten({ shape, dtype, data }: NamedTensor, fortran: boolean, big: boolean): Uint8Array {
  const { bytes, unit } = elementLayouts[dtype];
  const source = bytesOf(data);
  const values = new Uint8Array(source.length);
  for (let c = 0; c < source.length / bytes; c++) {
    let rest = c;
    let f = 0;
    const index = [...shape].reverse().map((dimension) => {
      const i = rest % dimension;
      rest = Math.floor(rest / dimension);
      return i;
    });
    index.reverse();
    for (let axis = shape.length - 1; axis >= 0; axis--) f = f * (shape[axis] as number) + (index[axis] as number);
    const element = source.slice(c * bytes, (c + 1) * bytes);
    if (big) for (let at = 0; at < bytes; at += unit) element.subarray(at, at + unit).reverse();
    values.set(element, (fortran ? f : c) * bytes);
  }
  const order = unit === 1 ? "|" : big ? ">" : "<";
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const header = `{'descr': '${order}${dtypeNameIn("npy", "", dtype)}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${tuple}, }\n`;
  const prefix = Buffer.from(`\x93NUMPY\x02\x00....${header}`, "latin1");
  prefix.writeUInt32LE(header.length, 8);
  return new Uint8Array(Buffer.concat([prefix, values]));
}

describe(".npz", () => {
  it.each([false, true])("keeps every bit of every tensor (compress: %s)", async (compress) => {
    await fc.assert(
      fc.asyncProperty(npyTensors, fc.nat(), async (tensors, cut) => {
        const bytes = await writeNpz(tensors, { compress });
        const read = await readNpz(bytes);
        expect(Array.from(read.values(), plain)).toEqual(tensors.map(plain));
        expect([...read.keys()]).toEqual(tensors.map(({ name }) => name));
        expect(
          await collect(
            npzChunks(
              tensors.map((tensor) => streamed(tensor, 2)),
              { compress },
            ),
          ),
        ).toHaveLength(bytes.length);
        const stored = await openNpz(bytesSource(bytes));
        for (const tensor of tensors) await expectSlices(stored.get(tensor.name) as StoredTensor, tensor, cut);
      }),
      { numRuns: 40 },
    );
  });

  it("compresses data, and reads it back over many chunks", async () => {
    const data = Float32Array.from({ length: 700_000 }, (_, i) => Math.fround(Math.sin(i)) * (i % 3));
    const tensor = { name: "w", shape: [700, 1000], dtype: "float32", data } as const;
    const bytes = await writeNpz([tensor], { compress: true });
    expect(bytes.length).toBeLessThan(data.byteLength);
    const stored = (await openNpz(bytesSource(bytes))).get("w") as StoredTensor;
    // toEqual would compare three million bytes one by one.
    expect(Buffer.compare(bytesOf((await stored.read()).data), bytesOf(data))).toBe(0);
    expect(bytesOf(await stored.slice(600_001, 600_011))).toEqual(bytesOf(data.slice(600_001, 600_011)));
  });

  it("refuses names that readers reject", async () => {
    for (const name of ["../w", "/w", "a\\b", "C:w", "a\nb", "x".repeat(65_001)]) {
      expect(() => npzChunks([{ name, shape: [], dtype: "float32", data: Float32Array.of(1) }])).toThrow(RangeError);
    }
  });
});

describe(".safetensors", () => {
  it("keeps every bit of every tensor, the order of names, and the metadata", async () => {
    const texts = fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }));
    await fc.assert(
      fc.asyncProperty(safetensorsTensors, texts, fc.nat(), async (tensors, metadata, cut) => {
        const bytes = writeSafetensors(tensors, metadata);
        const read = readSafetensors(bytes);
        expect(Array.from(read.tensors.values(), plain)).toEqual(tensors.map(plain));
        expect([...read.metadata]).toEqual(Object.entries(metadata));
        expect(
          await collect(
            safetensorsChunks(
              tensors.map((tensor) => streamed(tensor, 2)),
              metadata,
            ),
          ),
        ).toEqual(bytes);
        const { tensors: stored } = await openSafetensors(blobSource(new Blob([bytes])));
        for (const tensor of tensors) {
          await expectSlices(stored.get(tensor.name) as StoredTensor, tensor, cut);
          expect(plain(await (stored.get(tensor.name) as StoredTensor).read())).toEqual(plain(tensor));
        }
      }),
    );
  });

  it("aligns every tensor to its elements, with a header that does not need the values", () => {
    fc.assert(
      fc.property(safetensorsTensors, (tensors) => {
        const described = tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
        const { header, entries, size } = safetensorsHeader(described);
        const bytes = writeSafetensors(tensors);
        expect(bytes.length).toBe(size);
        expect(bytes.subarray(0, header.length)).toEqual(header);
        for (const { dtype, start } of entries.values()) expect(start % elementLayouts[dtype].unit).toBe(0);
        expect(header.length % 8).toBe(0);
      }),
    );
  });

  it("accepts Maps as metadata, and refuses invalid metadata", () => {
    const tensor = { name: "w", shape: [1], dtype: "float32", data: Float32Array.of(1) } as const;
    expect([...readSafetensors(writeSafetensors([], new Map([["a", "b"]]))).metadata]).toEqual([["a", "b"]]);
    expect(() => writeSafetensors([{ ...tensor, name: "__metadata__" }])).toThrow(RangeError);
    expect(() => writeSafetensors([tensor, tensor])).toThrow(/tensors\[1\]\.name: .*again/);
    expect(() => writeSafetensors([{ ...tensor, name: "\ud800" }])).toThrow(RangeError);
    expect(() => writeSafetensors([tensor], { a: 1 as unknown as string })).toThrow(TypeError);
    const wide = { name: "w", shape: [0], dtype: "complex128", data: new Float64Array(0) } as const;
    expect(() => writeSafetensors([wide])).toThrow(/safetensors stores float64, .*got complex128/);
  });
});

describe("tfjs models", () => {
  it("keep every bit of every tensor, over any number of shards", async () => {
    await fc.assert(
      fc.asyncProperty(tfjsTensors, fc.integer({ min: 1, max: 50 }), fc.nat(), async (tensors, shardBytes, cut) => {
        const fields = { format: "layers-model", modelTopology: { layers: [1, "a", null] } };
        const files = await writeTfjsModel(tensors, { fields, shardBytes });
        const manifest = files.get("model.json") as Uint8Array;
        const readShard = async (path: string) => files.get(path) as Uint8Array;
        const read = await readTfjsModel(manifest, readShard);
        expect(Array.from(read.tensors.values(), plain)).toEqual(tensors.map(plain));
        expect(Object.fromEntries(read.fields)).toEqual(fields);
        const { tensors: stored } = await openTfjsModel(manifest, async (path) => bytesSource(await readShard(path)));
        for (const tensor of tensors) await expectSlices(stored.get(tensor.name) as StoredTensor, tensor, cut);
        for (const [path, bytes] of files)
          if (path !== "model.json") expect(bytes.length).toBeLessThanOrEqual(shardBytes);
      }),
    );
  });

  it("dequantize as tfjs does", async () => {
    const weights = [
      {
        name: "a",
        shape: [3],
        dtype: "float32",
        quantization: { dtype: "uint8", scale: 0.1, min: -1, original_dtype: "float32" },
      },
      { name: "b", shape: [2], dtype: "int32", quantization: { dtype: "uint16", scale: 2.5, min: -7 } },
      { name: "c", shape: [4], dtype: "float32", quantization: { dtype: "float16" } },
    ];
    const manifest = JSON.stringify({ weightsManifest: [{ paths: ["a.bin"], weights }] });
    const shard = new Uint8Array([0, 10, 255, 1, 0, 255, 255, 0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc, 0xff, 0x7b]);
    const { tensors } = await readTfjsModel(manifest, async () => shard);
    expect(tensors.get("a")?.data).toEqual(Float32Array.of(-1, 10 * 0.1 - 1, 255 * 0.1 - 1));
    expect(tensors.get("b")?.data).toEqual(Int32Array.of(Math.round(2.5 - 7), Math.round(65535 * 2.5 - 7)));
    expect(tensors.get("c")?.data).toEqual(Float32Array.of(1, 2 ** -24, Number.NEGATIVE_INFINITY, 65504));
  });

  it("write float16 as tfjs does, which reads it as float32", async () => {
    const half = { name: "h", shape: [2], dtype: "float16", data: Uint16Array.of(0x3c00, 0xc000) } as const;
    const files = await writeTfjsModel([half]);
    const { tensors } = await readTfjsModel(
      files.get("model.json") as Uint8Array,
      async (path) => files.get(path) as Uint8Array,
    );
    expect(tensors.get("h")).toEqual({ name: "h", shape: [2], dtype: "float32", data: Float32Array.of(1, -2) });
    expect(files.get("group1-shard1of1.bin")?.length).toBe(4);
  });

  it("refuse shards out of order, float64, and shards of no size", async () => {
    const tensor = { name: "w", shape: [4], dtype: "float32", data: new Float32Array(4) } as const;
    const files = tfjsFiles([tensor], { shardBytes: 8 });
    await expect(collect((files[1] as { chunks(): AsyncIterable<Uint8Array> }).chunks())).rejects.toThrow(RangeError);
    expect(() => tfjsFiles([{ ...tensor, dtype: "float64", data: new Float64Array(4) }])).toThrow(
      /got float64; convert/,
    );
    expect(() => tfjsFiles([tensor], { shardBytes: 0 })).toThrow(RangeError);
    expect(() => tfjsFiles([tensor], { prefix: "../x" })).toThrow(RangeError);
  });
});

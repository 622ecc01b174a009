// What is written is read again bit for bit, whole, in slices and as a stream, in every format and dtype.
// One file: the same laws for each format, on the same tensors.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dtypes } from "../src/dtype.ts";
import {
  type ByteSource,
  blobSource,
  bytesSource,
  type DType,
  dtypeNames,
  formats,
  joinedSource,
  type NamedTensor,
  npyChunks,
  npzChunks,
  openNpy,
  openNpz,
  openSafetensors,
  openTensors,
  openTfjsModel,
  readNpy,
  readNpz,
  readSafetensors,
  readTfjsModel,
  type StoredTensor,
  type StreamedTensor,
  safetensorsChunks,
  safetensorsHeader,
  type TensorData,
  tfjsFiles,
  writeNpy,
  writeNpz,
  writeSafetensors,
  writeTfjsModel,
} from "../src/index.ts";
import { collect } from "../src/streamed-values.ts";
import { entryNameFault } from "../src/zip-reader.ts";
import { arrayOf, bytesOf, dtypesOf, plain, tensorLists, tensorOfDTypes } from "./tensors.ts";

const npyTensors = tensorLists(dtypesOf("npy")).map((list) =>
  list.filter(({ name }) => entryNameFault(`${name}.npy`) === undefined),
);
const safetensorsTensors = tensorLists(dtypesOf("safetensors"));
const tfjsTensors = tensorLists(dtypesOf("tfjs"));

/** The same tensor whose values come in pieces of up to `length` elements. */
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
  const { bytes } = dtypes[whole.dtype];
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

  it("reads Fortran order and big-endian values as what they mean", async () => {
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

/** A file of the same array as another writer stores it: an independent, slow permutation and byte swap. */
function rewritten({ shape, dtype, data }: NamedTensor, fortran: boolean, big: boolean): Uint8Array {
  const { bytes, unit, npy } = dtypes[dtype];
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
  const header = `{'descr': '${order}${npy}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${tuple}, }\n`;
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

  it("shrinks what can be shrunk, and reads it back over many chunks", async () => {
    const data = Float32Array.from({ length: 700_000 }, (_, i) => Math.fround(Math.sin(i)) * (i % 3));
    const tensor = { name: "w", shape: [700, 1000], dtype: "float32", data } as const;
    const bytes = await writeNpz([tensor], { compress: true });
    expect(bytes.length).toBeLessThan(data.byteLength);
    const stored = (await openNpz(bytesSource(bytes))).get("w") as StoredTensor;
    // toEqual walks three million bytes one by one.
    expect(Buffer.compare(bytesOf((await stored.read()).data), bytesOf(data))).toBe(0);
    expect(bytesOf(await stored.slice(600_001, 600_011))).toEqual(bytesOf(data.slice(600_001, 600_011)));
  });

  it("refuses names that no reader takes", async () => {
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

  it("aligns every tensor to its elements, which the header says before the values are there", () => {
    fc.assert(
      fc.property(safetensorsTensors, (tensors) => {
        const described = tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
        const { header, entries, size } = safetensorsHeader(described);
        const bytes = writeSafetensors(tensors);
        expect(bytes.length).toBe(size);
        expect(bytes.subarray(0, header.length)).toEqual(header);
        for (const { dtype, start } of entries.values()) expect(start % dtypes[dtype].unit).toBe(0);
        expect(header.length % 8).toBe(0);
      }),
    );
  });

  it("takes Maps as metadata, and refuses what it cannot hold", () => {
    const tensor = { name: "w", shape: [1], dtype: "float32", data: Float32Array.of(1) } as const;
    expect([...readSafetensors(writeSafetensors([], new Map([["a", "b"]]))).metadata]).toEqual([["a", "b"]]);
    expect(() => writeSafetensors([{ ...tensor, name: "__metadata__" }])).toThrow(RangeError);
    expect(() => writeSafetensors([tensor, tensor])).toThrow(/tensors\[1\]\.name: .*again/);
    expect(() => writeSafetensors([{ ...tensor, name: "\ud800" }])).toThrow(RangeError);
    expect(() => writeSafetensors([tensor], { a: 1 as unknown as string })).toThrow(TypeError);
    const wide = { name: "w", shape: [0], dtype: "complex128", data: new Float64Array(0) } as const;
    expect(() => writeSafetensors([wide])).toThrow(/safetensors holds float64, .*got complex128/);
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

  it("read what was quantized as tfjs computes it", async () => {
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

describe("the table of formats", () => {
  const tensor: NamedTensor = { name: "w", shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) };

  it.each(formats)("writes, recognizes and opens $name", async ({ name, suffix, files }) => {
    const written = new Map<string, Uint8Array>();
    for (const file of files(`w${suffix}`, [tensor], {})) written.set(file.path, await collect(file.chunks()));
    const openShard = async (path: string) => bytesSource(written.get(path) as Uint8Array);
    const file = await openTensors(bytesSource(written.get(`w${suffix}`) as Uint8Array), {
      file: `dir/w${suffix}`,
      openShard,
    });
    expect(file.format).toBe(name);
    expect([...file.tensors.keys()]).toEqual(["w"]);
    expect(plain(await (file.tensors.get("w") as StoredTensor).read())).toEqual(plain(tensor));
  });

  it.each(formats.filter(({ name }) => name !== "safetensors"))(
    "$name refuses metadata, which it has no place for",
    ({ files }) => {
      expect(() => files("x", [tensor], { metadata: { a: "b" } })).toThrow(RangeError);
    },
  );

  it("refuses two tensors in a .npy file", () => {
    expect(() => formats[0]?.files("x.npy", [tensor, { ...tensor, name: "v" }], {})).toThrow(/holds one, got 2/);
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

  it.each(write)("%s refuses a tensor whose parts disagree", (_, run) => {
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

describe("files larger than memory", () => {
  /** A source of `size` bytes of which only the header is real; it counts what is read. */
  function huge(header: Uint8Array, size: number): ByteSource & { read: ByteSource["read"]; bytesRead: number } {
    const source = {
      size,
      bytesRead: 0,
      async read(offset: number, length: number) {
        source.bytesRead += length;
        const bytes = new Uint8Array(length).fill(1);
        if (offset < header.length) bytes.set(header.subarray(offset, offset + length));
        return bytes;
      },
    };
    return source;
  }

  const big = { name: "embedding", shape: [2 ** 20, 2 ** 17], dtype: "float32" } as const;

  it("safetensors of half a terabyte: header and slice, nothing else", async () => {
    const { header, size } = safetensorsHeader([big]);
    const source = huge(header, size);
    const { tensors } = await openSafetensors(source);
    const slice = await (tensors.get("embedding") as StoredTensor).slice(2 ** 37 - 4, 2 ** 37);
    expect(slice).toEqual(new Float32Array(Uint8Array.from({ length: 16 }, () => 1).buffer));
    expect(source.bytesRead).toBe(header.length + 16);
    await expect((tensors.get("embedding") as StoredTensor).read()).rejects.toThrow(RangeError);
  });

  it("npy of half a terabyte", async () => {
    const chunks = npyChunks({ ...big, chunks: () => [] });
    const header = (await chunks.next()).value as Uint8Array;
    const source = huge(header, header.length + 2 ** 39);
    const tensor = await openNpy(source, "w");
    expect((await tensor.slice(2 ** 36, 2 ** 36 + 8)).length).toBe(8);
    expect(source.bytesRead).toBeLessThan(1000);
  });

  it("streams without holding more than a piece", async () => {
    let most = 0;
    let alive = 0;
    const piece = new Float32Array(2 ** 18);
    const tensor: StreamedTensor = {
      name: "w",
      shape: [64, 2 ** 18],
      dtype: "float32",
      *chunks(): Iterable<TensorData> {
        for (let i = 0; i < 64; i++) {
          alive++;
          most = Math.max(most, alive);
          yield piece;
        }
      },
    };
    let length = 0;
    for await (const chunk of safetensorsChunks([tensor])) {
      length += chunk.length;
      alive = 0;
    }
    expect(length).toBeGreaterThan(2 ** 26);
    expect(most).toBe(1);
  });
});

describe("zip64", () => {
  it("carries archives of many entries, and reads more than 65535 where the limit allows it", async () => {
    const tensors = Array.from(
      { length: 65_600 },
      (_, i): NamedTensor => ({ name: `${i}`, shape: [], dtype: "bool", data: Uint8Array.of(i & 1) }),
    );
    const bytes = await writeNpz(tensors);
    const stored = await openNpz(bytesSource(bytes), { entries: 70_000 });
    expect(stored.size).toBe(65_600);
    expect((await (stored.get("65599") as StoredTensor).read()).data[0]).toBe(1);
  }, 120_000);

  it("carries entries of more than 4 GiB", async () => {
    // Values that repeat: 17 pieces of 256 MiB would not fit in memory together, so that only offsets are kept.
    const piece = new Uint8Array(2 ** 26).fill(3);
    const tensor: StreamedTensor = {
      name: "w",
      shape: [65, 2 ** 26],
      dtype: "uint8",
      *chunks() {
        for (let i = 0; i < 65; i++) yield piece;
      },
    };
    const small: NamedTensor = { name: "after", shape: [2], dtype: "float32", data: Float32Array.of(5, 6) };
    const parts: { readonly start: number; readonly bytes: Uint8Array }[] = [];
    let size = 0;
    for await (const chunk of npzChunks([tensor, small])) {
      if (chunk.length > 0) parts.push({ start: size, bytes: chunk });
      size += chunk.length;
    }
    const source = joinedSource(parts.map(({ bytes }) => bytesSource(bytes)));
    expect(source.size).toBe(size);
    const stored = await openNpz(source);
    expect(await (stored.get("w") as StoredTensor).slice(65 * 2 ** 26 - 2, 65 * 2 ** 26)).toEqual(Uint8Array.of(3, 3));
    expect((await (stored.get("after") as StoredTensor).read()).data).toEqual(small.data);
  }, 120_000);
});

describe("dtypes", () => {
  it("are 15, each in at least one format", () => {
    expect(dtypeNames.length).toBe(15);
    const held = (dtype: DType) =>
      [dtypes[dtype].npy, dtypes[dtype].safetensors, dtypes[dtype].tfjs].some((name) => name !== undefined);
    expect(dtypeNames.every(held)).toBe(true);
    expect(arrayOf("float32", Uint8Array.of(0, 0, 128, 63))).toEqual(Float32Array.of(1));
  });
});

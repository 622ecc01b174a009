// An unsupported tensor or archive entry is listed with its reason, and the others are read.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  bytesSource,
  detectFormat,
  openModel,
  readNpz,
  readSafetensors,
  readTfjsModel,
  type StoredTensor,
} from "../src/index.ts";
import { openModel as openPath, readTensorFile } from "../src/node/index.ts";
import {
  goodNpy,
  join as joined,
  latin1,
  npyHeaderOf,
  npyOf,
  safetensorsOf,
  tensorJson,
  uint,
  zipOf,
} from "./hand-made.ts";

const cases = new URL("cases/", import.meta.url).pathname;

/** Returns the tensors of a file, and the skipped ones by code. */
async function read(name: string) {
  const tensors = await readTensorFile(join(cases, name));
  return {
    tensors: Object.fromEntries(
      Array.from(tensors.values(), ({ name, shape, data }) => [name, [shape, Array.from(data, Number)]]),
    ),
    skipped: tensors.skipped.map(({ name, dtype, shape, code }) => [name, dtype, shape, code]),
  };
}

describe("files of other programs", () => {
  it("with 8-bit floats (safetensors 0.8)", async () => {
    const { tensors, skipped } = await read("fp8.safetensors");
    expect(Object.keys(tensors)).toEqual(["scale"]);
    expect(skipped).toEqual([["w", "F8_E4M3", [4, 4], "E_SAFETENSORS_DTYPE"]]);
  });

  it("with text beside numbers (numpy.savez)", async () => {
    const { tensors, skipped } = await read("npz-with-text.npz");
    expect(tensors).toEqual({
      w: [
        [2, 2],
        [1, 1, 1, 1],
      ],
    });
    expect(skipped).toEqual([["labels", "<U3", [2], "E_NPY_DTYPE"]]);
  });

  it("with a README in the archive", async () => {
    const { tensors, skipped } = await read("npz-with-readme.npz");
    expect(tensors).toEqual({
      a: [[3], [0, 1, 2]],
      b: [
        [2, 2],
        [1, 1, 1, 1],
      ],
    });
    expect(skipped).toEqual([["README.txt", undefined, undefined, "E_NPZ_ENTRY"]]);
  });

  it("with text among the weights of a tfjs model", async () => {
    const { tensors, skipped } = await read("tfjs-string-weight/model.json");
    expect(Object.keys(tensors)).toEqual(["dense/kernel"]);
    expect(skipped).toEqual([["labels", "string", [2], "E_TFJS_DTYPE"]]);
  });

  it("as ml_dtypes saves bfloat16", async () => {
    const tensors = await readTensorFile(join(cases, "bfloat16-ml_dtypes.npy"));
    const { dtype, data } = tensors.get("bfloat16-ml_dtypes") ?? {};
    expect(dtype).toBe("bfloat16");
    expect(data).toEqual(Uint16Array.of(0, 0x3f80, 0x4000, 0x4040));
  });

  it("whose index names a tensor that its shard lacks", async () => {
    const file = await openPath(join(cases, "model.safetensors.index.json"));
    expect([file.format, [...file.tensors.keys()]]).toEqual(["safetensors", ["h.0.mlp.c_fc.weight"]]);
    const gone = file.skipped.find(({ name }) => name === "gone");
    expect(gone?.code).toBe("E_INDEX_TENSOR");
    expect(gone?.reason).toBe(
      'expected the tensor in "gpt2-conv1d.safetensors", as in the index, got a shard without it',
    );
    expect((await file.tensors.get("h.0.mlp.c_fc.weight")?.read())?.data.length).toBe(8 * 32);
    await file.close();
  });
});

describe("safetensors", () => {
  it.each([
    ["F8_E4M3", 8, 8],
    ["F8_E5M2", 8, 8],
    ["F8_E8M0", 8, 8],
    ["F8_E4M3FNUZ", 8, 8],
    ["F8_E5M2FNUZ", 8, 8],
    ["F6_E2M3", 8, 6],
    ["F6_E3M2", 8, 6],
    ["F4", 8, 4],
    ["F128", 8, 77],
  ])("lists %s and reads what lies around it", (label, count, bytes) => {
    const header = `{"a":${tensorJson(0, 4, "[1]")},"x":${tensorJson(4, 4 + bytes, `[${count}]`, label)},"b":${tensorJson(4 + bytes, 8 + bytes, "[1]")}}`;
    const { tensors, skipped } = readSafetensors(safetensorsOf(header, 8 + bytes));
    expect([...tensors.keys()]).toEqual(["a", "b"]);
    expect(skipped).toMatchObject([{ name: "x", dtype: label, shape: [count] }]);
  });
});

describe(".npz", () => {
  const good = { name: "w.npy", content: goodNpy };
  const member = (descr: string, bytes: number) => ({
    name: "x.npy",
    content: npyOf(npyHeaderOf(descr, "(2,)"), bytes),
  });
  it.each([
    ["text", member("<U3", 24), "E_NPY_DTYPE"],
    ["objects", member("|O", 16), "E_NPY_PICKLE"],
    ["dates", member("<M8[ns]", 16), "E_NPY_DTYPE"],
    ["void", member("|V2", 4), "E_NPY_DTYPE"],
    [
      "records",
      { name: "x.npy", content: npyOf("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8) },
      "E_NPY_DTYPE",
    ],
    ["a size that is not its own", member("<f4", 12), "E_NPY_SIZE"],
    ["no array", { name: "x.npy", content: latin1("hello") }, "E_NPY_MAGIC"],
    ["a file of another kind", { name: "x", content: latin1("hello") }, "E_NPZ_ENTRY"],
    ["an encrypted entry", { ...good, name: "x.npy", flags: 0x801 }, "E_ZIP_ENCRYPTED"],
    ["an entry of another method", { ...good, name: "x.npy", method: 14 }, "E_ZIP_METHOD"],
  ] as const)("reads the others beside %s", async (_, other, code) => {
    for (const deflate of [false, true]) {
      if (deflate && ("method" in other || "flags" in other)) continue;
      const tensors = await readNpz(zipOf([{ ...other, deflate }, good]));
      expect([...tensors.keys()]).toEqual(["w"]);
      expect(tensors.skipped).toMatchObject([{ name: "x", code }]);
    }
  });

  it("ignores the entry of a folder", async () => {
    const folder = { name: "weights/", content: new Uint8Array(0), attributes: 0o040755 * 2 ** 16 };
    const tensors = await readNpz(zipOf([folder, { ...good, name: "weights/w.npy" }]));
    expect([[...tensors.keys()], tensors.skipped]).toEqual([["weights/w"], []]);
  });
});

describe("a tfjs manifest", () => {
  const text = (...words: string[]) => joined(...words.flatMap((word) => [uint(4, word.length), latin1(word)]));
  const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const f32 = (name: string, count = 1) => ({ name, shape: [count], dtype: "float32" });
  const open = async (weights: unknown, shards: Record<string, Uint8Array>) => {
    const manifest = JSON.stringify([{ paths: Object.keys(shards), weights }]);
    return readTfjsModel(manifest, async (path) => shards[path] ?? new Uint8Array(0));
  };

  it("may be a bare list, with texts at any place", async () => {
    const labels = text("cat", "", "x".repeat(70_000));
    const weights = [f32("a"), { name: "labels", shape: [3], dtype: "string" }, f32("b", 2)];
    const bytes = joined(floats(1), labels, floats(2, 3));
    // Cut within a length.
    const { tensors, skipped, fields } = await open(weights, {
      "1.bin": bytes.subarray(0, 6),
      "2.bin": bytes.subarray(6),
    });
    expect(Array.from(tensors.values(), ({ data }) => Array.from(data, Number))).toEqual([[1], [2, 3]]);
    expect(skipped).toMatchObject([{ name: "labels", dtype: "string", shape: [3], code: "E_TFJS_DTYPE" }]);
    expect(fields.size).toBe(0);
  });

  it("reads tensors after integers that tfjs lacks, and skips those after an unknown type", async () => {
    const known = await open([{ name: "i", shape: [3], dtype: "uint8" }, f32("a")], {
      "a.bin": joined(new Uint8Array(3), floats(7)),
    });
    expect(Array.from(known.tensors.get("a")?.data ?? [], Number)).toEqual([7]);
    const unknown = await open([f32("a"), { name: "q", shape: [3], dtype: "posit" }, f32("b")], {
      "a.bin": joined(floats(7), new Uint8Array(9), floats(1)),
    });
    expect([...unknown.tensors.keys()]).toEqual(["a"]);
    expect(unknown.skipped.map(({ name }) => name)).toEqual(["q", "b"]);
  });

  it("describes a shard of another format", async () => {
    const page = latin1("<!DOCTYPE html><html></html>");
    await expect(open([f32("a")], { "a.bin": page })).rejects.toThrow(/"a.bin" is an HTML page/);
  });
});

describe("a file that holds no weights", () => {
  const zip = (...names: string[]) => zipOf(names.map((name) => ({ name, content: latin1("x") })));
  it.each([
    ["an empty file", new Uint8Array(0), /an empty file/],
    ["an HTML page", latin1("\n<!DOCTYPE html>\n<html lang=en>"), /an HTML page: download the file itself/],
    ["an HTML page without a doctype", latin1("<html><head>"), /an HTML page/],
    ["a git-lfs pointer", latin1("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"), /git lfs pull/],
    ["a gzip", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), /a gzip file: unpack it first/],
    ["a pickle that is cut off", Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc), /a pickle that ends with STOP/],
    ["another zip", zip("word/document.xml"), /a zip archive without \.npy files/],
    ["a GGUF", latin1("GGUF\x03\0\0\0\0\0\0\0"), /a GGUF file/],
    ["an ONNX model", latin1("\x08\x0a\x12\x07pytorch"), /an ONNX model/],
    ["a TensorFlow Lite model", latin1("\x1c\0\0\0TFL3\0\0"), /a TensorFlow Lite model/],
    ["a file of IDX images", Uint8Array.of(0, 0, 8, 3, 0, 0), /--data/],
    [
      "a Keras model's JSON",
      latin1('{"class_name":"Sequential","config":{}}'),
      /the JSON of a Keras model.*fanin model/,
    ],
    ["a Hugging Face config", latin1('{"model_type":"gpt2"}'), /a Hugging Face config/],
    ["any other JSON", latin1('{"a":1}'), /expected an object with a list weightsManifest, .*got another object/],
  ])("%s is named in the error", async (_, bytes, message) => {
    const open = openModel(bytesSource(bytes), { file: "w", openShard: async () => bytesSource(new Uint8Array(0)) });
    await expect(open).rejects.toThrow(message);
    await expect(open).rejects.toThrow(/^w: expected /);
  });

  it("is quoted if it is not recognized", async () => {
    await expect(detectFormat(bytesSource(latin1("GIF89a...........")), { file: "w" })).rejects.toThrow(/got "GIF89a/);
  });
});

describe("chunks of a stored tensor", () => {
  const values = Float32Array.from({ length: 3 * 2 ** 20 + 5 }, (_, i) => (i * 2654435761) % 1000);
  const content = joined(npyOf(npyHeaderOf("<f4", `(${values.length},)`)), new Uint8Array(values.buffer));
  const collected = async (tensor: StoredTensor | undefined): Promise<number[]> => {
    const all: number[] = [];
    for await (const piece of tensor?.chunks() ?? []) all.push(...Array.from(piece, Number).slice(0, 3), piece.length);
    return all;
  };

  it.each([false, true])("of an entry; deflated: %s", async (deflate) => {
    const opened = await openModel(bytesSource(zipOf([{ name: "w.npy", content, deflate }])));
    const plain = await openModel(bytesSource(content), { name: "w" });
    expect(await collected(opened.tensors.get("w"))).toEqual(await collected(plain.tensors.get("w")));
  });

  it.each([false, true])("of a Fortran file are in row-major order; deflated: %s", async (deflate) => {
    const data = new Uint8Array(Float32Array.of(1, 4, 2, 5, 3, 6).buffer);
    const header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }";
    const opened = await openModel(
      bytesSource(zipOf([{ name: "w.npy", content: joined(npyOf(header), data), deflate }])),
    );
    const pieces: number[] = [];
    for await (const piece of opened.tensors.get("w")?.chunks() ?? []) pieces.push(...Array.from(piece, Number));
    expect(pieces).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([false, true])("report a damaged entry, as slices and whole reads do; deflated: %s", async (deflate) => {
    const damaged = zipOf([{ name: "w.npy", content, deflate, crc: 1 }]);
    const tensor = async () => (await openModel(bytesSource(damaged))).tensors.get("w");
    await expect(collected(await tensor())).rejects.toThrow(/E_ZIP_CRC/);
    await expect((await tensor())?.slice(5, 6)).rejects.toThrow(/E_ZIP_CRC/);
    await expect((await tensor())?.read()).rejects.toThrow(/E_ZIP_CRC/);
  });

  it("are correct, as are slices in any order and concurrent ones", async () => {
    const opened = await openModel(bytesSource(zipOf([{ name: "w.npy", content, deflate: true }])));
    const tensor = opened.tensors.get("w");
    const starts = [0, 10, 5, 3_000_000, 2_999_999, 7, 3_000_001];
    const slices = await Promise.all(starts.map((start) => tensor?.slice(start, start + 9)));
    expect(slices).toEqual(starts.map((start) => values.slice(start, start + 9)));
  });
});

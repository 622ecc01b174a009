// The .pt file that Fanin writes is the one that PyTorch 2.13.0 has read (goldens/torch-writer.py), plainly and by mmap.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { ANY_DTYPES, elementLayouts, sizeOf, type TensorData } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { bytesSource, formatOfName, type NamedTensor, openModel } from "../src/index.ts";
import { collect } from "../src/streamed-values.ts";

interface Golden {
  readonly sha256: string;
  readonly tensors: Readonly<Record<string, { shape: number[]; dtype: string; sha256: string }>>;
}

const golden = JSON.parse(readFileSync(new URL("./goldens/torch-writer.json", import.meta.url), "utf8")) as Golden;
const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytesOf = ({ data }: NamedTensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Small values of every dtype: 1 for every unit, whose bytes are valid for booleans, too. */
function tensorOf(name: string, dtype: NamedTensor["dtype"], shape: number[]): NamedTensor {
  const { array, bytes, unit } = elementLayouts[dtype];
  const data = new array((sizeOf(shape) * bytes) / unit) as TensorData;
  new Uint8Array(data.buffer).fill(1);
  return { name, shape, dtype, data } as NamedTensor;
}

const tensors: NamedTensor[] = [
  ...ANY_DTYPES.map((dtype) => tensorOf(`all.${dtype}`, dtype, [2, 3])),
  tensorOf("scalar", "float32", []),
  tensorOf("empty", "float32", [0, 4]),
  tensorOf("naïve.ключ", "float16", [1]),
  tensorOf("large", "float32", [300, 70]),
];

describe("a .pt file", () => {
  it("has the bytes that PyTorch has read", async () => {
    const [file] = formatOfName("w.pt").files("w.pt", tensors, {});
    const bytes = await collect((file as { chunks(): AsyncIterable<Uint8Array> }).chunks());
    const kept = process.env["FANIN_KEEP"];
    if (kept) writeFileSync(kept, bytes);
    expect(hash(bytes)).toBe(golden.sha256);
    const model = await openModel(bytesSource(bytes));
    expect([model.format, model.layout, [...model.tensors.keys()]]).toEqual([
      "torch",
      "torch",
      tensors.map(({ name }) => name),
    ]);
    for (const tensor of tensors) {
      const read = (await model.tensors.get(tensor.name)?.read()) as NamedTensor;
      const { shape, dtype, sha256 } = golden.tensors[tensor.name] as Golden["tensors"][string];
      expect([read.shape, read.dtype, hash(bytesOf(read))]).toEqual([shape, dtype, sha256]);
      expect(bytesOf(read)).toEqual(bytesOf(tensor));
    }
  });

  it("has every storage at a multiple of 64 bytes", async () => {
    const [file] = formatOfName("w.pth").files("w.pth", tensors.slice(-1), {});
    const bytes = await collect((file as { chunks(): AsyncIterable<Uint8Array> }).chunks());
    const name = Buffer.from(bytes).indexOf("archive/data/0");
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect((name + "archive/data/0".length + view.getUint16(name - 2, true)) % 64).toBe(0);
  });
});

// Reads files of NumPy and of the reference implementation of safetensors, and writes the same bytes.
// goldens/python.json: `python` is the line that made each, in NumPy's own save functions; `generated_with` names the versions.

import { readFileSync } from "node:fs";
import type { AnyTensor } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { readNpy, readNpz, readSafetensors, writeNpy, writeSafetensors } from "../src/index.ts";
import { bytesOf } from "./tensors.ts";

interface Golden {
  readonly python: string;
  readonly file: string;
}

interface NpyGolden extends Golden {
  readonly version: [number, number] | null;
  readonly shape: number[];
  readonly dtype: string;
  /** Formats the values in C order, little-endian, in hex. */
  readonly bytes: string;
}

const goldens = JSON.parse(readFileSync(new URL("./goldens/python.json", import.meta.url), "utf8")) as {
  npy: NpyGolden[];
  npz: Golden[];
  safetensors: Golden;
};

function fileOf({ file }: Golden): Uint8Array {
  return new Uint8Array(Buffer.from(file, "base64"));
}

function hexOf(tensor: AnyTensor): string {
  return Buffer.from(bytesOf(tensor.data)).toString("hex");
}

describe("NumPy's .npy", () => {
  it.each(goldens.npy)("$python, version $version", (golden) => {
    const tensor = readNpy(fileOf(golden));
    expect(tensor.shape).toEqual(golden.shape);
    expect(tensor.dtype).toBe(golden.dtype);
    expect(hexOf(tensor)).toBe(golden.bytes);
  });

  // For C order, little-endian, version 1, our bytes equal NumPy's.
  const same = goldens.npy.filter(
    ({ python, version }) => version === null && !python.includes("fortran") && !python.includes("'>"),
  );
  it.each(same)("is what we write: $python", (golden) => {
    const file = fileOf(golden);
    expect(Buffer.from(writeNpy(readNpy(file))).toString("latin1")).toBe(Buffer.from(file).toString("latin1"));
  });

  it("is compared for 18 arrays", () => {
    expect(same.length).toBe(18);
  });
});

describe("NumPy's .npz", () => {
  it.each(goldens.npz)("$python", async (golden) => {
    const tensors = await readNpz(fileOf(golden));
    expect([...tensors.keys()]).toEqual(["dense/kernel", "bias"]);
    expect(tensors.get("dense/kernel")).toEqual({
      name: "dense/kernel",
      shape: [2, 3],
      dtype: "float32",
      data: Float32Array.of(0, 1, 2, 3, 4, 5),
    });
    expect(tensors.get("bias")?.data).toEqual(new Float32Array(300));
  });
});

describe("the reference's .safetensors", () => {
  it("is read with its metadata", () => {
    const { tensors, metadata } = readSafetensors(fileOf(goldens.safetensors));
    expect([...metadata]).toEqual([["seed", "42"]]);
    expect(tensors.get("a")).toEqual({
      name: "a",
      shape: [2, 3],
      dtype: "float16",
      data: Uint16Array.of(0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500),
    });
    expect(tensors.get("b")?.data).toEqual(BigInt64Array.of(0n, 1n, 2n));
    expect(tensors.get("c")?.data).toEqual(Uint8Array.of(1, 0));
    expect(tensors.get("s")).toEqual({ name: "s", shape: [], dtype: "float32", data: Float32Array.of(2.5) });
  });

  it("is what we write for the same order of names", () => {
    const file = fileOf(goldens.safetensors);
    const { tensors, metadata } = readSafetensors(file);
    expect(Buffer.from(writeSafetensors([...tensors.values()], metadata)).toString("latin1")).toBe(
      Buffer.from(file).toString("latin1"),
    );
  });
});

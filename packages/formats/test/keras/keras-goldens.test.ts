// Reads models that Keras wrote, and writes what Keras judged: goldens/keras/keras-models.py makes and loads them.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { bytesSource, formatOfName, type Model, type NamedTensor, openModel } from "../../src/index.ts";
import { collect } from "../../src/streamed-values.ts";

const folder = new URL("../goldens/keras/", import.meta.url);
const parse = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly sha256: string;
}

const expected: Readonly<Record<string, Entry[]>> = parse("expected.json");
const judged: Readonly<Record<string, Readonly<Record<string, string>>>> = parse("judged.json");

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : 1);

async function open(name: string): Promise<Model> {
  return openModel(bytesSource(await readFile(new URL(`${name}.keras`, folder))), { file: `${name}.keras` });
}

async function readAll({ tensors }: Model): Promise<NamedTensor[]> {
  const read: NamedTensor[] = [];
  for (const tensor of tensors.values()) read.push(await tensor.read());
  return read;
}

const entryOf = ({ name, shape, dtype, data }: NamedTensor): Entry => ({
  name,
  shape,
  dtype,
  sha256: sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
});

describe.each(Object.keys(expected))("the model %s", (name) => {
  it("has the variables that Keras has, by its names", async () => {
    const file = await open(name);
    const entries = (await readAll(file)).map(entryOf);
    expect(file).toMatchObject({ format: "keras", layout: "keras" });
    expect(JSON.parse(file.architecture as string)).toHaveProperty("class_name");
    expect(file.metadata.get("keras_version")).toBe("3.15.1");
    expect(file.skipped.map(({ name: skipped }) => skipped)).toEqual(name === "trained" ? ["optimizer"] : []);
    // A kernel that a wrapper saves twice is one variable.
    expect(entries.sort(byName)).toEqual(expected[name]?.toSorted(byName));
    await file.close?.();
  });

  it.each([".keras", ".weights.h5", ".h5"])("is written as %s, as Keras has loaded it", async (ending) => {
    const file = await open(name);
    const tensors = await readAll(file);
    const write = () =>
      formatOfName(`x${ending}`).files(`x${ending}`, tensors, { architecture: file.architecture as string });
    const verdict = judged[name]?.[ending];
    if (verdict === "not written") {
      expect(write).toThrow(/bfloat16/);
    } else {
      const [output] = write();
      const bytes = await collect((output as { chunks(): AsyncIterable<Uint8Array> }).chunks());
      expect(sha256(bytes)).toBe(verdict);
      const again = await openModel(bytesSource(bytes), {});
      const values = (await readAll(again)).map(entryOf).map((entry) => entry.sha256);
      const own = tensors.map(entryOf).map((entry) => entry.sha256);
      expect(new Set(values)).toEqual(new Set(own));
      await again.close?.();
    }
    await file.close?.();
  });
});

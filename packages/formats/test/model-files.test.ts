// Files that Keras, PyTorch, transformers and onnx wrote: names, shapes, dtypes and bits, or the reason of the refusal.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { MalformedFileError, type NamedTensor } from "../src/index.ts";
import { openModel } from "../src/node/index.ts";

interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly sha256: string;
}

const folder = fileURLToPath(new URL("./model-files/", import.meta.url));
const expected = JSON.parse(readFileSync(`${folder}expected.json`, "utf8")) as Readonly<
  Record<string, readonly ExpectedTensor[] | { readonly refused: string }>
>;

/** The formats that are read, by the names of files. */
const isRead = (name: string): boolean => name === "hf" || /\.(keras|h5|pt|pth|ckpt|bin)$/.test(name);

const hashOf = ({ data }: NamedTensor): string =>
  createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");

/** Reads every tensor of a file. */
async function readModel(path: string): Promise<ExpectedTensor[]> {
  const model = await openModel(path);
  try {
    const found: ExpectedTensor[] = [];
    for (const [name, tensor] of model.tensors) {
      const { shape, dtype } = tensor;
      found.push({ name, shape: [...shape], dtype, sha256: hashOf(await tensor.read()) });
    }
    return found;
  } finally {
    await model.close();
  }
}

const byContent = (tensors: readonly ExpectedTensor[]): string[] =>
  tensors.map(({ shape, dtype, sha256 }) => `${sha256} ${dtype} [${shape}]`).sort();

const files = Object.entries(expected).filter(([name]) => isRead(name));

describe("the model files", () => {
  it("are all in the table", () => {
    const others = ["README.md", "expected.json"];
    expect(readdirSync(folder).filter((name) => !others.includes(name))).toEqual(Object.keys(expected).sort());
  });

  it.each(files)("%s gives what the framework wrote", async (name, content) => {
    if ("refused" in content) {
      const error = await readModel(`${folder}${name}`).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MalformedFileError);
      expect((error as MalformedFileError).message).toContain(content.refused.split(":")[0]);
      return;
    }
    const found = await readModel(`${folder}${name}`);
    expect(byContent(found)).toEqual(byContent(content));
    if (!name.endsWith(".weights.h5")) {
      const byName = (a: ExpectedTensor, b: ExpectedTensor): number => (a.name < b.name ? -1 : 1);
      expect([...found].sort(byName)).toEqual([...content].sort(byName));
    }
  });
});

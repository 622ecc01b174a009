// Every error code, each with at least one file that causes it.

import { describe, expect, it } from "vitest";
import {
  type ByteSource,
  browserLimits,
  bytesSource,
  detectFormat,
  MalformedFileError,
  malformedReasons,
  nodeLimits,
  openNpz,
  openSafetensors,
  type ReadOptions,
  readNpz,
  readSafetensors,
  readTfjsModel,
  type SkippedTensor,
} from "../../src/index.ts";
import {
  goodNpy,
  latin1,
  npyHeaderOf,
  npyOf,
  safetensorsOf,
  tensorJson as tensor,
  zerosNpy,
  zipOf,
} from "../hand-made.ts";
import type { HostileCase } from "./hostile-case.ts";
import { indexCases } from "./index-cases.ts";
import { kerasCases } from "./keras-cases.ts";
import { npyCases } from "./npy-cases.ts";
import { safetensorsCases } from "./safetensors-cases.ts";
import { tfjsCases } from "./tfjs-cases.ts";
import { torchCases } from "./torch-cases.ts";
import { zipCases } from "./zip-cases.ts";

/** A source that has been truncated since it was opened. */
function shrinking(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, Math.min(offset + length, bytes.length - 1)),
  };
}

const otherCases: HostileCase[] = [
  [
    "a file that shrinks while it is read",
    "E_SOURCE_SHORT",
    async () => {
      const { tensors } = await openSafetensors(shrinking(safetensorsOf(`{"w":${tensor(0, 4, "[1]")}}`, 4)));
      await tensors.get("w")?.read();
    },
  ],
  [
    "an archive that shrinks while it is inflated",
    "E_SOURCE_SHORT",
    async () => {
      const bytes = zipOf([{ name: "a.npy", content: goodNpy, deflate: true }]);
      const whole = bytesSource(bytes);
      let shrunk = false;
      const source: ByteSource = {
        size: bytes.length,
        read: (offset, length) => whole.read(offset, shrunk ? Math.min(3, length) : length),
      };
      const tensors = await openNpz(source);
      shrunk = true;
      await tensors.get("a")?.read();
    },
  ],
  ["a file of no format", "E_FORMAT_UNKNOWN", () => detectFormat(bytesSource(latin1("GIF89a...........")))],
  ["an empty file of no format", "E_FORMAT_UNKNOWN", () => detectFormat(bytesSource(new Uint8Array(0)))],
];

/** Returns code and text of a rejection: of the whole file, or of one skipped tensor. */
async function refusalOf(run: () => unknown): Promise<{ readonly code: string; readonly text: string } | undefined> {
  let read: unknown;
  try {
    read = await run();
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedFileError);
    const { code, message } = error as MalformedFileError;
    return { code, text: message };
  }
  const [skipped] = (read as { readonly skipped?: readonly SkippedTensor[] }).skipped ?? [];
  return skipped && { code: skipped.code, text: `${skipped.reason} (${skipped.code})` };
}

async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each([
  ["npy", npyCases],
  ["npz", zipCases],
  ["safetensors", safetensorsCases],
  ["tfjs", tfjsCases],
  ["an index", indexCases],
  ["keras", kerasCases],
  ["torch", torchCases],
  ["any source", otherCases],
] as const)("%s refuses", (_, cases) => {
  it.each(cases)("%s (%s)", async (_title, code, run) => {
    const refusal = await refusalOf(run);
    expect(refusal?.code).toBe(code);
    expect(refusal?.text).toMatch(/expected .+, got .+ \(E_\w+\)$/);
  });
});

describe("refusals", () => {
  it("have a file for every code", () => {
    const tested = new Set(
      [npyCases, zipCases, safetensorsCases, tfjsCases, indexCases, kerasCases, torchCases, otherCases]
        .flat()
        .map(([, code]) => code),
    );
    // node.test.ts tests missing shards.
    tested.add("E_TFJS_SHARD");
    // open-model.test.ts tests models in several files.
    tested.add("E_MODEL_DUPLICATE").add("E_MODEL_FOLDER");
    expect([...tested].sort()).toEqual(Object.keys(malformedReasons).sort());
  });

  it("name the file and the tensor", async () => {
    const bytes = safetensorsOf(`{"dense/kernel":${tensor(0, 8, "[1]")}}`, 8);
    const error = (await errorOf(() => readSafetensors(bytes, { file: "m.safetensors" }))) as MalformedFileError;
    expect(error.message).toBe(
      'm.safetensors, tensor "dense/kernel": expected 4 bytes for F32 [1], got 8 (E_SAFETENSORS_TENSOR_SIZE)',
    );
    expect([error.file, error.tensor, error.expected, error.got]).toEqual([
      "m.safetensors",
      "dense/kernel",
      "4 bytes for F32 [1]",
      "8",
    ]);
  });

  it("do not print a file's control characters", async () => {
    const bytes = safetensorsOf(`{"\\u001b[2J\\u202e${"x".repeat(5000)}":${tensor(0, 8, "[1]")}}`, 8);
    const error = (await errorOf(() => readSafetensors(bytes))) as MalformedFileError;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must not appear
    expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(error.message.length).toBeLessThan(400);
  });

  it("stay short for as many dimensions as JSON may have values", async () => {
    const bytes = safetensorsOf(`{"w":${tensor(0, 8, `[${"1,".repeat(400_000)}1]`)}}`, 8);
    const error = (await errorOf(() => readSafetensors(bytes))) as MalformedFileError;
    expect(error.code).toBe("E_SAFETENSORS_TENSOR_SIZE");
    expect(error.message).toContain("400001 dimensions");
    expect(error.message.length).toBeLessThan(400);
  });

  it("come from headers at the limit, too, without overflow of a regular expression", async () => {
    const megabytes = 15 * 2 ** 20;
    const texts = ["x", " ", "1", "\\n", "[", '{"a":', "é"].map((piece) => piece.repeat(megabytes / piece.length));
    const codes = [];
    for (const text of texts.flatMap((body) => [`{"__metadata__":{"a":"${body}"}}`, `{"w":${body}}`])) {
      const error = await errorOf(() => readSafetensors(safetensorsOf(text)));
      codes.push(error === undefined ? "read" : (error as MalformedFileError).code);
    }
    const syntax = "E_JSON_SYNTAX";
    expect(codes).toEqual([
      ...["read", syntax],
      ...["read", syntax],
      ...["read", "E_SAFETENSORS_HEADER"],
      ...["read", syntax],
      ...["read", "E_JSON_DEPTH"],
      ...[syntax, "E_JSON_DEPTH"],
      ...["E_SAFETENSORS_HEADER_LENGTH", "E_SAFETENSORS_HEADER_LENGTH"],
    ]);
  });

  it("default to those of a browser, and in Node to larger ones", () => {
    expect(browserLimits).toMatchObject({
      headerBytes: 16 * 2 ** 20,
      totalBytes: 512 * 2 ** 20,
      ratio: 200,
      entries: 10_000,
    });
    expect(nodeLimits).toMatchObject({
      headerBytes: 100_000_000,
      totalBytes: 2 * 2 ** 30,
      ratio: 200,
      entries: 10_000,
    });
  });

  it("can be narrowed, and widened", async () => {
    const bytes = safetensorsOf(`{"w":${tensor(0, 4, "[1]")}}`, 4);
    expect(((await errorOf(() => readSafetensors(bytes, { headerBytes: 10 }))) as MalformedFileError).code).toBe(
      "E_SAFETENSORS_HEADER_LENGTH",
    );
    const bomb = zipOf([{ name: "a.npy", content: zerosNpy(2 * 2 ** 20), deflate: true }]);
    const wide: ReadOptions = { ratio: 2000 };
    expect((await readNpz(bomb, wide)).get("a")?.data.length).toBe(2 ** 21);
    expect(await errorOf(() => readNpz(bomb, { ratio: Number.NaN }))).toBeInstanceOf(RangeError);
  });
});

describe("valid files that look hostile", () => {
  it("__proto__ and similar words are valid names", () => {
    const names = ["__proto__", "constructor", "toString"];
    const header = names.map((name, i) => `"${name}":${tensor(4 * i, 4 * i + 4, "[1]")}`).join(",");
    const { tensors } = readSafetensors(safetensorsOf(`{${header},"__metadata__":{"__proto__":"x"}}`, 12));
    expect([...tensors.keys()]).toEqual(names);
    expect(({} as Record<string, unknown>)["dtype"]).toBeUndefined();
  });

  it("a model's __proto__ stays a property", async () => {
    const { fields } = await readTfjsModel(
      '{"modelTopology":{"__proto__":{"polluted":1}},"weightsManifest":[]}',
      async () => new Uint8Array(0),
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(fields.get("modelTopology") as object)).toEqual(["__proto__"]);
  });

  it("a small bias of zeros compresses more than the ratio", async () => {
    const content = npyOf(npyHeaderOf("<f4", "(100000,)"), 400_000);
    expect((await readNpz(zipOf([{ name: "b.npy", content, deflate: true }]))).get("b")?.shape).toEqual([100_000]);
  });

  it("an archive without entries", async () => {
    expect((await readNpz(zipOf([]))).size).toBe(0);
  });

  it("offsets in another order than names, and tensors without elements", () => {
    const header = `{"b":${tensor(4, 8, "[1]")},"e":${tensor(4, 4, "[0,7]")},"a":${tensor(0, 4, "[]")}}`;
    expect([...readSafetensors(safetensorsOf(header, 8)).tensors.keys()]).toEqual(["b", "e", "a"]);
  });
});

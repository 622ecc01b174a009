// Files on disk: atomic writes, no replacement without `force`, no reads outside a model's folder.

import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MalformedFileError, type NamedTensor, writeNpy, writeSafetensors } from "../src/index.ts";
import {
  fileSource,
  OutputExistsError,
  openModel,
  readTensorFile,
  writeFileAtomically,
  writeFilesAtomically,
  writeTensorFile,
} from "../src/node/index.ts";
import { manifestOf } from "./hand-made.ts";
import { plain } from "./tensors.ts";

const tensor: NamedTensor = { name: "w", shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fanin-formats-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function text(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("writeFileAtomically", () => {
  it("writes bytes and streams", async () => {
    await writeFileAtomically(join(folder, "a"), Buffer.from("abc"));
    async function* chunks() {
      yield Buffer.from("12");
      yield Buffer.from("");
      yield Buffer.from("3");
    }
    await writeFileAtomically(join(folder, "b"), chunks());
    // Incomplete files are in the staging folder.
    const staging = mkdtempSync(join(folder, "staging-"));
    const before = readdirSync(folder);
    async function* watched() {
      yield Buffer.from("1");
      expect([readdirSync(staging).length, readdirSync(folder)]).toEqual([1, before]);
    }
    await writeFileAtomically(join(folder, "c"), watched(), { staging });
    expect([readdirSync(staging), readFileSync(join(folder, "c"), "utf8")]).toEqual([[], "1"]);
    rmSync(staging, { recursive: true });
    rmSync(join(folder, "c"));
    expect([text("a"), text("b")]).toEqual(["abc", "123"]);
    expect(readdirSync(folder)).toEqual(["a", "b"]);
    expect(statSync(join(folder, "a")).nlink).toBe(1);
  });

  it("replaces nothing without `force`", async () => {
    writeFileSync(join(folder, "a"), "old");
    const error = await errorOf(writeFileAtomically(join(folder, "a"), Buffer.from("new")));
    expect(error).toBeInstanceOf(OutputExistsError);
    expect((error as OutputExistsError).message).toMatch(/expected a new file, got .*force.*E_OUTPUT_EXISTS/);
    expect(text("a")).toBe("old");
    await writeFileAtomically(join(folder, "a"), Buffer.from("new"), { force: true });
    expect(text("a")).toBe("new");
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("does not replace a file created during the write", async () => {
    async function* slow() {
      yield Buffer.from("ours");
      writeFileSync(join(folder, "a"), "theirs");
    }
    expect(await errorOf(writeFileAtomically(join(folder, "a"), slow()))).toBeInstanceOf(OutputExistsError);
    expect(text("a")).toBe("theirs");
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("leaves no new file, and keeps the old one, when the content fails", async () => {
    writeFileSync(join(folder, "a"), "old");
    async function* failing() {
      yield Buffer.from("half");
      expect(readdirSync(folder).length).toBe(2);
      expect(text("a")).toBe("old");
      throw new Error("the content failed");
    }
    await expect(writeFileAtomically(join(folder, "a"), failing(), { force: true })).rejects.toThrow(
      "the content failed",
    );
    expect(text("a")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("never writes through a link", async () => {
    writeFileSync(join(folder, "precious"), "old");
    symlinkSync("precious", join(folder, "link"));
    symlinkSync("nowhere", join(folder, "dangling"));
    for (const name of ["link", "dangling"]) {
      expect(await errorOf(writeFileAtomically(join(folder, name), Buffer.from("new")))).toBeInstanceOf(
        OutputExistsError,
      );
    }
    expect(readlinkSync(join(folder, "link"))).toBe("precious");
    await writeFileAtomically(join(folder, "link"), Buffer.from("new"), { force: true });
    expect([text("precious"), text("link")]).toEqual(["old", "new"]);
  });

  it("refuses the name of a folder, and a missing folder", async () => {
    mkdirSync(join(folder, "d"));
    expect(await errorOf(writeFileAtomically(join(folder, "d"), Buffer.from("x"), { force: true }))).toBeInstanceOf(
      TypeError,
    );
    await expect(writeFileAtomically(join(folder, "none", "a"), Buffer.from("x"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  it("puts several files in place only when all are complete", async () => {
    const file = (name: string, chunks: () => Iterable<Uint8Array>) => ({ path: join(folder, name), chunks });
    const fails = () => {
      throw new Error("the second failed");
    };
    const good = () => [Buffer.from("x")];
    await expect(writeFilesAtomically([file("a", good), file("b", fails)])).rejects.toThrow("the second failed");
    expect(readdirSync(folder)).toEqual([]);
    const late = () => {
      writeFileSync(join(folder, "b"), "theirs");
      return [Buffer.from("x")];
    };
    expect(await errorOf(writeFilesAtomically([file("a", good), file("b", late)]))).toBeInstanceOf(OutputExistsError);
    expect(readdirSync(folder)).toEqual(["b"]);
  });
});

describe("weight files", () => {
  it.each(["w.npy", "w.npz", "w.safetensors", "model.json"])("%s is written and read", async (name) => {
    const path = join(folder, name);
    await writeTensorFile(path, [tensor]);
    const tensors = await readTensorFile(path);
    expect(Array.from(tensors.values(), plain)).toEqual([plain(tensor)]);
    await expect(writeTensorFile(path, [tensor])).rejects.toThrow(OutputExistsError);
    await writeTensorFile(path, [tensor], { force: true });
    expect(readdirSync(folder).every((file) => !file.endsWith(".tmp"))).toBe(true);
  });

  it("are recognized by content, not by name", async () => {
    writeFileSync(join(folder, "w.npz"), writeSafetensors([tensor], { a: "b" }));
    const file = await openModel(join(folder, "w.npz"));
    expect([file.format, [...file.metadata]]).toEqual(["safetensors", [["a", "b"]]]);
    expect(await file.tensors.get("w")?.slice(1, 3)).toEqual(Float32Array.of(2, 3));
    await file.close();
    await expect(file.tensors.get("w")?.read()).rejects.toThrow();
  });

  it("name the file in errors", async () => {
    const path = join(folder, "w.npy");
    writeFileSync(path, writeNpy(tensor).subarray(0, 140));
    const error = (await errorOf(readTensorFile(path))) as MalformedFileError;
    expect(error.code).toBe("E_NPY_SIZE");
    expect(error.message.startsWith(`${path}: expected 16 bytes`)).toBe(true);
  });

  it("are refused before anything is written if the format cannot store them", async () => {
    await expect(writeTensorFile(join(folder, "w.txt"), [tensor])).rejects.toThrow(
      /ends in .npy, .safetensors, .pt, .keras, .h5, .json, .npz/,
    );
    await expect(writeTensorFile(join(folder, "w.npy"), [tensor, { ...tensor, name: "v" }])).rejects.toThrow(
      RangeError,
    );
    const brain: NamedTensor = { name: "w", shape: [1], dtype: "bfloat16", data: Uint16Array.of(1) };
    await expect(writeTensorFile(join(folder, "w.npz"), [brain])).rejects.toThrow(/got bfloat16/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of a folder or a pipe are refused, not waited for", async () => {
    expect(await errorOf(fileSource(folder))).toBeInstanceOf(TypeError);
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(await errorOf(fileSource(join(folder, "pipe")))).toBeInstanceOf(TypeError);
  });
});

describe("the shards of a model", () => {
  const weights = [{ name: "w", shape: [2], dtype: "float32" }];

  async function codeOf(paths: string[]): Promise<string> {
    const path = join(folder, "model", "model.json");
    writeFileSync(path, manifestOf(weights, paths));
    const error = await errorOf(readTensorFile(path));
    expect(error).toBeInstanceOf(MalformedFileError);
    return (error as MalformedFileError).code;
  }

  beforeEach(() => {
    mkdirSync(join(folder, "model", "sub"), { recursive: true });
    mkdirSync(join(folder, "model-2"));
    for (const name of ["secret.bin", "model/sub/a.bin", "model-2/a.bin"])
      writeFileSync(join(folder, name), new Uint8Array(8));
  });

  it("may lie in a folder below", async () => {
    writeFileSync(join(folder, "model", "model.json"), manifestOf(weights, ["sub/a.bin"]));
    expect((await readTensorFile(join(folder, "model", "model.json"))).get("w")?.data).toEqual(new Float32Array(2));
  });

  it("may not lie above, beside, or at an absolute path", async () => {
    expect(await codeOf(["../secret.bin"])).toBe("E_TFJS_PATH");
    expect(await codeOf(["../model-2/a.bin"])).toBe("E_TFJS_PATH");
    expect(await codeOf([join(folder, "secret.bin")])).toBe("E_TFJS_PATH");
  });

  it("may not be links to the outside, nor lie in a linked folder", async () => {
    symlinkSync("../secret.bin", join(folder, "model", "link.bin"));
    symlinkSync("../model-2", join(folder, "model", "away"));
    expect(await codeOf(["link.bin"])).toBe("E_TFJS_PATH");
    expect(await codeOf(["away/a.bin"])).toBe("E_TFJS_PATH");
    symlinkSync("sub/a.bin", join(folder, "model", "inside.bin"));
    writeFileSync(join(folder, "model", "model.json"), manifestOf(weights, ["inside.bin"]));
    expect((await readTensorFile(join(folder, "model", "model.json"))).size).toBe(1);
  });

  it("may not be missing, folders, pipes, or loops", async () => {
    execFileSync("mkfifo", [join(folder, "model", "pipe")]);
    symlinkSync("loop", join(folder, "model", "loop"));
    expect(await codeOf(["none.bin"])).toBe("E_TFJS_SHARD");
    expect(await codeOf(["sub"])).toBe("E_TFJS_SHARD");
    expect(await codeOf(["pipe"])).toBe("E_TFJS_SHARD");
    expect(await codeOf(["loop"])).toBe("E_TFJS_SHARD");
    expect(await codeOf([`${"x".repeat(300)}.bin`])).toBe("E_TFJS_SHARD");
  });
});

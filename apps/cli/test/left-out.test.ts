// The messages of each command for partly readable files, damaged files, and files without weights.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateRawSync } from "node:zlib";
import { writeNpy } from "@fanin/formats";
import { readTensorFile } from "@fanin/formats/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

const cases = fileURLToPath(new URL("../../../packages/formats/test/cases", import.meta.url));

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-left-out-"));
});
afterAll(() => rm(folder, { recursive: true }));

const partial = [
  ["fp8.safetensors", "w", "F8_E4M3", "E_SAFETENSORS_DTYPE"],
  ["npz-with-text.npz", "labels", "<U3", "E_NPY_DTYPE"],
  ["npz-with-readme.npz", "README.txt", null, "E_NPZ_ENTRY"],
  ["tfjs-string-weight/model.json", "labels", "string", "E_TFJS_DTYPE"],
  ["model.safetensors.index.json", "gone", null, "E_INDEX_TENSOR"],
] as const;

describe.each(partial)("%s", (file, name, dtype, code) => {
  const path = join(cases, file);
  const expected = expect.arrayContaining([expect.objectContaining({ name, dtype, code, reason: expect.any(String) })]);

  it("is inspected, and skipped tensors are listed", async () => {
    const text = await fanin(["inspect", path]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(new RegExp(`^skipped: ${name}\\b.*\\(${code}\\)$`, "m"));
    expect(text.stdout).toMatch(/ · \d+ skipped · exit 0\n$/);
    const json = await fanin(["inspect", path, "--json"]);
    expect(JSON.parse(json.stdout).files[0].skipped).toEqual(expected);
  });

  it("is diagnosed, and skipped tensors are listed", async () => {
    const text = await fanin(["diagnose", path, "--fail-on", "never"]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(new RegExp(`^skipped: ${name}\\b.*\\(${code}\\)$`, "m"));
    const json = await fanin(["diagnose", path, "--fail-on", "never", "--json"]);
    expect(JSON.parse(json.stdout).skipped).toEqual(expected);
  });

  it("is converted, and skipped tensors are listed on stderr", async () => {
    const out = join(folder, `${file.replaceAll("/", "-")}.npz`);
    const { code: exitCode, stderr, stdout } = await fanin(["convert", path, out, "--json", "--quiet"]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(new RegExp(`^skipped: ${name}\\b.*\\(${code}\\)$`, "m"));
    expect(JSON.parse(stdout).skipped).toEqual(expected);
    expect((await readTensorFile(out)).size).toBeGreaterThan(0);
  });
});

describe("a file without readable tensors", () => {
  it.each(["inspect", "diagnose", "convert"])("is refused by %s as malformed", async (command) => {
    const header = '{"w":{"dtype":"F8_E5M2","shape":[4],"data_offsets":[0,4]}}'.padEnd(64);
    const file = join(folder, "all-fp8.safetensors");
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(64n);
    await writeFile(file, Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]));
    const out = command === "convert" ? [join(folder, "none.npz")] : [];
    const { code, stderr } = await fanin([command, file, ...out]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/all-fp8\.safetensors: no readable tensors: w: .*F8_E5M2/);
  });
});

/** Makes an archive of one array of `count` bytes; `flip` changes one stored byte. */
function archive(
  count: number,
  options: { readonly deflate?: boolean; readonly flip?: number; readonly crc?: number },
): Buffer {
  const data = Uint8Array.from({ length: count }, (_, i) => (Math.imul(i, 2654435761) >>> 27) + 1);
  const content = Buffer.from(writeNpy({ shape: [count], dtype: "uint8", data }));
  const stored = options.deflate ? deflateRawSync(content, { level: 1 }) : Buffer.from(content);
  const crc = options.crc ?? crc32(content);
  if (options.flip !== undefined) stored.writeUInt8(stored.readUInt8(options.flip) ^ 1, options.flip);
  const name = Buffer.from("w.npy");
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(options.deflate ? 8 : 0, 4);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(stored.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, name, stored]);
  const directory = Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), fields, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

describe("a damaged .npz", () => {
  it.each([
    ["of a stored array", 2 ** 20, { flip: 500_000 }],
    ["of a stored array that is read in pieces", 9 * 2 ** 20, { flip: 500_000 }],
    ["of a deflated array that is read in pieces", 9 * 2 ** 20, { deflate: true, crc: 1 }],
  ] as const)("%s is reported by every command", async (_, count, options) => {
    const file = join(folder, "damaged.npz");
    await writeFile(file, archive(count, options));
    for (const words of [
      ["inspect", file],
      ["diagnose", file],
      ["convert", file, join(folder, "copy.safetensors")],
    ]) {
      const { code, stderr } = await fanin(words);
      expect([words[0], code]).toEqual([words[0], 3]);
      expect(stderr).toMatch(/damaged\.npz.*"w\.npy".*CRC-32 .*\(E_ZIP_CRC\)/);
    }
  });

  it("that is intact is read in chunks to the same values", async () => {
    for (const deflate of [false, true])
      await writeFile(join(folder, `${deflate}.npz`), archive(9 * 2 ** 20, { deflate }));
    const { code, stdout } = await fanin(["inspect", join(folder, "false.npz"), join(folder, "true.npz"), "--json"]);
    expect(code).toBe(0);
    const [stored, deflated] = JSON.parse(stdout).files;
    expect(deflated.tensors).toEqual(stored.tensors);
  });
});

describe("a file that holds no weights", () => {
  it.each([
    ["page.safetensors", "<!DOCTYPE html><html>", /an HTML page/],
    ["pointer.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", /git lfs pull/],
    ["empty.npz", "", /an empty file/],
    ["weights.npz", "\x1f\x8b\b\0\0\0\0\0", /a gzip file: unpack it first/],
    ["model.pt", "\x80\x02}q\0.", /another pickle: save model\.state_dict\(\)/],
    ["model.h5", "\x89HDF\r\n\x1a\n\0\0\0\0", /expected an? .*HDF5/],
  ])("%s is named in the error", async (name, content, message) => {
    const file = join(folder, name);
    await writeFile(file, Buffer.from(content, "latin1"));
    for (const words of [
      ["inspect", file],
      ["diagnose", file],
      ["convert", file, join(folder, "x.npz")],
    ]) {
      const { code, stderr } = await fanin(words);
      expect(code).toBe(3);
      expect(stderr).toMatch(message);
      expect(stderr).toContain(name);
    }
  });
});

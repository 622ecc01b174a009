// `fanin diff` from the command line: what it lists, in which order, its exit codes, and its memory.

import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { safetensorsHeader, type TensorInput } from "@fanin/formats";
import { readTensorFile, writeTensorFile } from "@fanin/formats/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

const floats = (name: string, values: readonly number[], shape: readonly number[] = [values.length]): TensorInput => ({
  ...{ name, shape, dtype: "float32", data: Float32Array.from(values) },
});

let folder = "";
const path = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-diff-"));
  const same = [floats("same", [1, 2]), floats("empty", [], [0, 3])];
  await writeTensorFile(path("a.safetensors"), [
    ...same,
    floats("near", [1, 2]),
    floats("far", [1, 2]),
    floats("nan", [Number.NaN, 2]),
    floats("turned", [1, 2, 3, 4, 5, 6], [2, 3]),
    floats("cast", [1.5, 2]),
    floats("old\u001b[31m", [1]),
  ]);
  await writeTensorFile(path("b.npz"), [
    floats("new", [1]),
    { name: "cast", shape: [2], dtype: "float64", data: Float64Array.of(1.5, 2) },
    floats("turned", [1, 2, 3, 4, 5, 6], [3, 2]),
    floats("nan", [1, 2]),
    floats("far", [1, 5]),
    floats("near", [1, 2.001]),
    ...same,
  ]);
  await writeTensorFile(path("same.npz"), same);
  await writeTensorFile(path("cast.npz"), [
    { name: "same", shape: [2], dtype: "float64", data: Float64Array.of(1, 2) },
    same[1] as TensorInput,
  ]);
  await writeTensorFile(path("same.safetensors"), same);
  await writeTensorFile(path("one.npy"), [floats("x", [1, 2])]);
  await writeTensorFile(path("two.npy"), [floats("y", [1, 3])]);
});
afterAll(() => rm(folder, { recursive: true }));

const diff = (a: string, b: string, ...words: string[]) => fanin(["diff", path(a), path(b), ...words]);

describe("fanin diff", () => {
  it("shows a line for each tensor: missing, added, other shape, then the largest difference first", async () => {
    const { code, stdout, stderr } = await diff("a.safetensors", "b.npz");
    expect([code, stderr]).toEqual([1, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.split(/ {2,}/).join(" | "))).toEqual([
      "tensor | shape | dtype | max |A-B| | |A-B|/|A| | cosine | equal bits | notes",
      "old\\u001b[31m | [1] | float32 | - | - | - | - | missing: only in A",
      "new | [1] | float32 | - | - | - | - | added: only in B",
      "turned | [2,3] -> [3,2] | float32 | - | - | - | - | other shape",
      "nan | [2] | float32 | 0 | 0 | 1 | no, 50.00 % | 1 NaN or infinite in one only",
      "far | [2] | float32 | 3.00e+0 | 1.34e+0 | 0.964764 | no, 50.00 %",
      "near | [2] | float32 | 1.00e-3 | 4.47e-4 | 1 - 2.0e-8 | no, 50.00 %",
      "cast | [2] | float32 -> float64 | 0 | 0 | 1 | - | other dtype, equal values",
      "empty | [0,3] | float32 | 0 | 0 | - | yes",
      "same | [2] | float32 | 0 | 0 | 1 | yes",
      "6 tensors compared: 2 equal, 4 differ · 1 missing · 1 added · 1 of other shape or dtype · exit 1",
    ]);
  });

  it("gives the same numbers in JSON", async () => {
    const { stdout } = await diff("a.safetensors", "b.npz", "--json");
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ a: { format: "safetensors" }, b: { format: "npz" }, isEqual: false, unread: [] });
    expect(result.missing).toEqual([{ name: "old\u001b[31m", shape: [1], dtype: "float32" }]);
    expect(result.added).toEqual([{ name: "new", shape: [1], dtype: "float32" }]);
    expect(result.changed).toEqual([
      { name: "turned", a: { shape: [2, 3], dtype: "float32" }, b: { shape: [3, 2], dtype: "float32" } },
    ]);
    expect(result.tensors.map(({ name }: { name: string }) => name)).toEqual([
      "nan",
      "far",
      "near",
      "cast",
      "empty",
      "same",
    ]);
    expect(result.tensors[1]).toEqual({
      name: "far",
      shape: [2],
      dtypes: { a: "float32", b: "float32" },
      count: 2,
      isIdentical: false,
      equalBits: 1,
      equalValues: 1,
      unmatched: 0,
      maxAbsolute: 3,
      relative: 3 / Math.sqrt(5),
      cosine: 11 / Math.sqrt(5 * 26),
    });
  });

  it.each([
    ["same.npz", "same.safetensors", "bits", 0],
    ["same.npz", "cast.npz", "bits", 1],
    ["same.npz", "cast.npz", "values", 0],
    ["one.npy", "two.npy", "values", 1],
    ["one.npy", "two.npy", "shapes", 0],
    ["a.safetensors", "b.npz", "shapes", 1],
    ["same.npz", "a.safetensors", "shapes", 1],
    ["a.safetensors", "same.npz", "shapes", 1],
    ["a.safetensors", "b.npz", "never", 0],
  ])("of %s and %s with --fail-on %s exits with %d", async (a, b, level, code) => {
    expect((await diff(a, b, "--fail-on", level)).code).toBe(code);
  });

  it("compares the tensor of a .npy file, which has no name, with the only one of another file", async () => {
    const { stdout } = await diff("one.npy", "two.npy");
    expect(stdout).toMatch(/^one +\[2\] +float32 +1\.00e\+0 /m);
    expect((await diff("same.npz", "one.npy")).stdout).toContain("only in B");
  });

  it("compares the variables of a Keras model by name, in all its files", async () => {
    const goldens = fileURLToPath(new URL("../../../packages/formats/test/goldens/keras/dense.keras", import.meta.url));
    const tensors = [...(await readTensorFile(goldens)).values()];
    const root = tensors[0]?.name.split("/")[0] as string;
    const short = tensors.map((tensor) => ({ ...tensor, name: tensor.name.slice(root.length + 1) }));
    await writeTensorFile(path("short.safetensors"), short);
    const words = ["convert", goldens, path("saved.weights.h5"), "--quiet"];
    expect((await fanin(words)).code).toBe(0);
    for (const other of ["short.safetensors", "saved.weights.h5"]) {
      for (const files of [
        [goldens, path(other)],
        [path(other), goldens],
      ]) {
        const { code, stdout } = await fanin(["diff", ...files]);
        expect([other, code, stdout]).toEqual([other, 0, expect.stringContaining(`${short[0]?.name} `)]);
      }
    }
    expect((await fanin(["diff", goldens, goldens])).stdout).toContain(`${root}/`);
  });

  it("says which tensors it cannot compare", async () => {
    const header = JSON.stringify({
      w: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
      q: { dtype: "F8_E4M3", shape: [4], data_offsets: [4, 8] },
    });
    const bytes = Buffer.alloc(8 + header.length + 8);
    bytes.writeBigUInt64LE(BigInt(header.length));
    bytes.write(header, 8);
    await writeFile(path("q.safetensors"), bytes);
    const { code, stdout } = await diff("q.safetensors", "q.safetensors");
    expect(code).toBe(0);
    expect(stdout).toContain("1 tensor compared: 1 equal, 0 differ · 1 not compared · exit 0\n");
    expect(stdout).toMatch(/\nskipped: q: expected .*F8_E4M3.* \(E_SAFETENSORS_DTYPE\)\n$/);
    const { isEqual, unread } = JSON.parse((await diff("q.safetensors", "q.safetensors", "--json")).stdout);
    expect([isEqual, unread]).toEqual([false, ["q"]]);
    await writeTensorFile(path("read.npz"), [floats("w", [0]), floats("q", [0, 0, 0, 0])]);
    const other = await diff("q.safetensors", "read.npz", "--fail-on", "values");
    expect([other.code, other.stdout]).toEqual([
      1,
      expect.stringMatching(/^q +\[4\] +F8_E4M3 -> float32 .*other dtype$/m),
    ]);
  });

  it("exits with 2 for one file, 3 for a malformed file, 4 for a missing one", async () => {
    expect((await fanin(["diff", path("same.npz")])).code).toBe(2);
    expect((await diff("same.npz", "same.npz", "--fail-on", "bit")).stderr).toContain('did you mean "bits"?');
    await writeFile(path("malformed.npy"), "\x93NUMPY");
    expect((await diff("same.npz", "malformed.npy")).code).toBe(3);
    expect((await diff("none.npz", "same.npz")).code).toBe(4);
  });

  it("compares tensors of 256 MiB in under 300 MB of memory", { timeout: 120_000 }, async () => {
    const { header } = safetensorsHeader([{ name: "w", shape: [2 ** 13, 2 ** 13], dtype: "float32" }]);
    for (const [name, at] of [
      ["x", 2 ** 13],
      ["y", 2 ** 26 - 1],
    ] as const) {
      const file = await open(path(`${name}.safetensors`), "wx");
      await file.write(header);
      // The rest of the file is a hole.
      await file.truncate(header.length + 2 ** 28);
      await file.write(Buffer.from(Float32Array.of(3).buffer), 0, 4, header.length + 4 * at);
      await file.close();
    }
    const probe = `process.on("exit",()=>process.stderr.write("kilobytes "+process.resourceUsage().maxRSS))`;
    const { stdout, stderr } = await fanin(["diff", path("x.safetensors"), path("y.safetensors"), "--json"], {
      environment: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(probe)}` },
    });
    const [tensor] = JSON.parse(stdout).tensors;
    expect(tensor).toMatchObject({ equalBits: 2 ** 26 - 2, maxAbsolute: 3, relative: Math.SQRT2, cosine: 0 });
    const [, kilobytes] = /kilobytes (\d+)/.exec(stderr) ?? [];
    expect(Number(kilobytes)).toBeLessThan(300_000);
  });
});

// Opens HDF5 and .keras files of 4 GiB, of which the disk stores the headers only, within a process of little memory.

import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatOfName, type StreamedTensor } from "../src/index.ts";
import { openModel } from "../src/node/index.ts";

const ROWS = 2 ** 20;
const config = JSON.stringify({
  class_name: "Sequential",
  config: { name: "s", layers: [{ class_name: "Embedding", config: { name: "table" } }] },
});
const table: StreamedTensor = {
  name: "s/table/embeddings",
  shape: [ROWS, 1024],
  dtype: "float32",
  *chunks() {
    for (let row = 0; row < ROWS; row += 4096) yield new Float32Array(4096 * 1024);
  },
};

const zeros = Buffer.alloc(4096 * 1024 * 4);

let folder: string;
const path = (ending: string): string => join(folder, `large${ending}`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fanin-large-"));
  for (const ending of [".weights.h5", ".keras"]) {
    const [output] = formatOfName(ending).files(`w${ending}`, [table], { architecture: config });
    const file = openSync(path(ending), "w");
    let at = 0;
    for await (const chunk of (output as { chunks(): AsyncIterable<Uint8Array> }).chunks()) {
      // Zeros are holes, which take no place on the disk.
      if (!zeros.subarray(0, chunk.length).equals(chunk)) writeSync(file, chunk, 0, chunk.length, at);
      at += chunk.length;
    }
    ftruncateSync(file, at);
    closeSync(file);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([".weights.h5", ".keras"])("a file of 4 GiB, %s", (ending) => {
  it("gives its last rows without reading the others", async () => {
    const file = await openModel(path(ending));
    const [tensor] = file.tensors.values();
    expect(tensor?.shape).toEqual([ROWS, 1024]);
    expect(await tensor?.slice(ROWS * 1024 - 3, ROWS * 1024)).toEqual(new Float32Array(3));
    await file.close();
  });

  it("is opened within 300 MB of memory", () => {
    const script = `
      const { openModel } = await import(${JSON.stringify(new URL("../dist/node/index.js", import.meta.url).href)});
      const file = await openModel(${JSON.stringify(path(ending))});
      const [tensor] = file.tensors.values();
      await tensor.slice(5e8, 5e8 + 10);
      await file.close();
      console.log(process.resourceUsage().maxRSS);`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(Number(stdout) / 1024).toBeLessThan(300);
  });
});

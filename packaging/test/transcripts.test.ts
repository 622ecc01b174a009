// The transcripts of the documents, ```console fences: each command after "$ " prints to stdout exactly what stands under it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documents, readDocument } from "./documents.ts";
import { root } from "./published.ts";

const bin = join(root, "apps/cli/bin/fanin.mjs");

const transcripts = documents.flatMap((document) =>
  [...readDocument(document).matchAll(/^```console\n\$ fanin (.*)\n([\s\S]*?)^```$/gm)].map(
    ([, line = "", output]) => ({
      document,
      line,
      output,
    }),
  ),
);

/** The files that commands of the documents read. */
const layers = [
  { class_name: "InputLayer", config: { name: "input", batch_shape: [null, 784] } },
  { class_name: "Dense", config: { name: "dense", units: 128 } },
  { class_name: "Dense", config: { name: "logits", units: 10 } },
];
const files = { "model.json": { class_name: "Sequential", config: { name: "model", layers } } };

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fanin-transcripts-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the transcripts of the documents", () => {
  it("show each of the four things that the README says", () => {
    const commands = transcripts
      .filter(({ document }) => document === "README.md")
      .map(({ line }) => line.split(" ", 1)[0]);
    expect(commands).toEqual(["sample", "model", "compare", "diagnose"]);
  });

  it.each(transcripts)("fanin $line ($document)", ({ line, output }) => {
    const { stdout, stderr } = spawnSync(process.execPath, [bin, ...line.split(" ")], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stdout, stderr).toBe(output);
  });
});

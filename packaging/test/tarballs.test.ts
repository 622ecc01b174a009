// What is in each tarball: code, types, the licence, the notices and a README; no test, no map, no path of a machine.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Manifest } from "../../scripts/published-packages.mjs";
import { published, root } from "./published.ts";

const attw = join(
  dirname(createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json")),
  "dist/index.js",
);

describe.each(published.map((one) => ({ ...one, name: one.manifest.name })))("the tarball of $name", (one) => {
  let folder: string;
  let files: string[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fanin-tarball-"));
    expect(spawnSync("tar", ["-xzf", one.tarball, "-C", folder]).status).toBe(0);
    files = readdirSync(join(folder, "package"), { recursive: true, encoding: "utf8" }).filter((file) =>
      statSync(join(folder, "package", file)).isFile(),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (file: string): string => readFileSync(join(folder, "package", file), "utf8");

  it("holds the licence, the notices and a README of its own", () => {
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "NOTICE", "README.md"]));
    for (const name of ["LICENSE", "NOTICE"]) expect(read(name)).toBe(readFileSync(join(root, name), "utf8"));
    expect(read("README.md").split("\n")[0]).toBe(`# ${one.manifest.name}`);
  });

  it("holds code, declarations, schemas and WebAssembly alone", () => {
    const other = files.filter(
      (file) =>
        !/^(LICENSE|NOTICE|README\.md|package\.json|dist\/.*(\.js|\.d\.ts|\.wasm)|bin\/\w+\.mjs|schemas\/[\w-]+\.json)$/.test(
          file,
        ),
    );
    expect(other).toEqual([]);
    // In a folder of that name, or named `x.test.js`, `x.golden.js`: `sweep-spec.js` is what it says, a specification.
    expect(files.filter((file) => /(^|[./])(test|spec|fixture|golden|bench)s?[./]/i.test(file))).toEqual([]);
  });

  it("names no source map and no path of the machine that built it", () => {
    const places = [root, homedir(), tmpdir(), "/home/", "/Users/", "file:///"].filter((place) => place.length > 1);
    for (const file of files) {
      const text = readFileSync(join(folder, "package", file), "latin1");
      expect(text.includes("sourceMappingURL"), file).toBe(false);
      expect(
        places.filter((place) => text.includes(place)),
        file,
      ).toEqual([]);
    }
  });

  it("resolves to files that it holds", () => {
    const { exports = {} } = JSON.parse(read("package.json")) as Manifest;
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target as Record<string, string>),
    );
    expect(targets.filter((target) => !files.includes(target.slice(2)))).toEqual([]);
    expect(JSON.stringify(exports)).not.toContain("src/");
  });

  it("passes publint", async () => {
    const tarball = readFileSync(one.tarball);
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  // A command has nothing to import; a .wasm file has no types.
  if (one.manifest.exports) {
    it("passes arethetypeswrong for ESM", () => {
      const wasm = Object.keys(one.manifest.exports ?? {}).filter((path) => path.endsWith(".wasm"));
      const exclude = wasm.length === 0 ? [] : ["--exclude-entrypoints", ...wasm.map((path) => path.slice(2))];
      const { status, stdout } = spawnSync(
        process.execPath,
        [attw, one.tarball, "--profile", "esm-only", "--format", "ascii", "--no-color", ...exclude],
        { encoding: "utf8" },
      );
      expect(status, stdout).toBe(0);
    });
  }
});

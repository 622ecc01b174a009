// What every source file keeps to: a header that says what it is for, and a reason in it where the file is long.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./published.ts";

const LONG = 300;
const { stdout } = spawnSync("git", ["ls-files"], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 24 });
const files = stdout
  .split("\n")
  .filter((file) => /\.(ts|tsx|mjs|css)$/.test(file) && !/\/generated\//.test(file) && existsSync(join(root, file)))
  .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n") }));

/** The comment that a file begins with, behind `#!`. */
function header(lines: readonly string[]): string {
  const own = lines[0]?.startsWith("#!") ? lines.slice(1) : lines;
  const end = own.findIndex((line) => !/^(\/\/|\/\*| \*)/.test(line));
  return own.slice(0, end).join("\n");
}

// A tree without .git (a source archive) has no list of its files.
it.skipIf(files.length === 0)("every file begins with what it is for, but for tests beside what they test", () => {
  const alone = files.filter(({ file }) => !/\/src\/.*\.test\.ts$/.test(file));
  expect(alone.filter(({ lines }) => header(lines).length < 10).map(({ file }) => file)).toEqual([]);
});

it.skipIf(files.length === 0)(`a file of more than ${LONG} lines says in its header why it is one`, () => {
  const long = files.filter(({ lines }) => lines.length - 1 > LONG && !header(lines).includes("One file:"));
  expect(long.map(({ file, lines }) => `${file}: ${lines.length - 1} lines`)).toEqual([]);
});

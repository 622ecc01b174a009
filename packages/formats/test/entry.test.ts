// The browser entry must not import modules of Node: only its own files and @fanin/tensor.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** The specifiers of a module's imports and re-exports. */
function importsOf(url: URL): string[] {
  return Array.from(
    readFileSync(url, "utf8").matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)";/gms),
    ([, name]) => name as string,
  );
}

function graphFrom(entry: string): { files: string[]; outside: string[] } {
  const files = new Set<string>();
  const outside = new Set<string>();
  const visit = (url: URL): void => {
    if (files.has(url.href)) return;
    files.add(url.href);
    for (const name of importsOf(url)) {
      if (name.startsWith(".")) visit(new URL(name, url));
      else outside.add(name);
    }
  };
  visit(new URL(entry, import.meta.url));
  return { files: [...files], outside: [...outside] };
}

const isTensorPackage = (name: string): boolean => /^@fanin\/tensor(\/arguments)?$/.test(name);

it("the entry for browsers imports its own files and @fanin/tensor only", () => {
  const { files, outside } = graphFrom("../src/index.ts");
  expect(files.length).toBeGreaterThan(20);
  expect(outside.every(isTensorPackage)).toBe(true);
  for (const file of files) {
    expect(file).not.toContain("/node/");
    expect(readFileSync(new URL(file), "utf8")).not.toMatch(/\b(?:Buffer|process|require|__dirname)\b[.(]/);
  }
});

it("the entry for Node imports Node's modules and @fanin/tensor only", () => {
  const { outside } = graphFrom("../src/node/index.ts");
  expect(outside.length).toBeGreaterThan(3);
  expect(outside.every((name) => name.startsWith("node:") || isTensorPackage(name))).toBe(true);
});

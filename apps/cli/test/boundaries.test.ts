// The import graph equals the drawing in ARCHITECTURE.md.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Folders that a source file of a folder may import from; its own is always allowed. */
const inside: Record<string, Record<string, readonly string[]>> = {
  "packages/core/src": {
    runtime: ["errors"],
    tensor: ["errors", "runtime"],
    random: ["errors", "runtime", "tensor"],
    linalg: ["errors", "runtime", "tensor"],
    initializers: ["errors", "runtime", "tensor", "random", "linalg"],
    jax: ["errors", "runtime", "tensor", "random", "linalg"],
    torch: ["errors", "runtime", "tensor", "random", "linalg", "initializers"],
    tfjs: ["errors", "runtime", "tensor", "random", "initializers"],
    "keras-model": ["errors", "runtime", "tensor", "random", "linalg", "initializers"],
  },
  "packages/lab/src": {
    data: [],
    engine: ["data"],
    compare: ["data", "engine"],
    signal: ["engine", "compare"],
    papers: ["data", "engine", "compare", "signal"],
    recommend: ["signal"],
    diagnose: ["engine", "compare", "signal", "recommend"],
    figures: ["engine", "compare", "signal"],
    report: ["compare", "figures"],
  },
};

const packages: Record<string, readonly string[]> = {
  "packages/kernels": [],
  "packages/formats": [],
  "packages/core": ["@fanin/kernels"],
  "packages/lab": ["@fanin/core", "@fanin/formats"],
  "packages/sweep": ["@fanin/core", "@fanin/formats", "@fanin/lab"],
  "apps/cli": ["@fanin/core", "@fanin/formats", "@fanin/lab", "@fanin/sweep"],
  "apps/site": ["@fanin/core", "@fanin/formats", "@fanin/kernels", "@fanin/lab"],
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts") && !name.includes("generated"))
    .map((name) => join(folder, name));
}

function imports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)/gm)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
}

describe.each(Object.entries(packages))("%s", (folder, allowed) => {
  const files = sources(join(folder, "src"));

  it("has sources", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it("imports other packages of the workspace by name, as drawn", () => {
    const wrong = files.flatMap((file) =>
      imports(file)
        .filter(
          (name) =>
            name.startsWith("@fanin/") && !allowed.some((other) => name === other || name.startsWith(`${other}/`)),
        )
        .map((name) => `${file} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("does not reach into another package by path", () => {
    const own = resolve(root, folder);
    const wrong = files.flatMap((file) =>
      imports(file)
        .filter((name) => name.startsWith(".") && relative(own, resolve(root, dirname(file), name)).startsWith(".."))
        .map((name) => `${file} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe.each(Object.entries(inside))("the folders of %s", (base, rules) => {
  it.each(Object.entries(rules))("%s imports only from below", (folder, allowed) => {
    const wrong = sources(join(base, folder)).flatMap((file) =>
      imports(file)
        .filter((name) => name.startsWith("."))
        .map((name) => relative(join(root, base), resolve(root, dirname(file), name)))
        .filter(
          (target) => ![folder, ...allowed].some((place) => target.startsWith(`${place}/`) || target === `${place}.ts`),
        )
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

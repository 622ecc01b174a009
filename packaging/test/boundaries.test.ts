// The import graph equals the drawing in ARCHITECTURE.md: no arrow is missing or superfluous. A command of the command line
// keeps its files to itself.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./published.ts";

/** The lines of one part of the drawing, in order: the allowed imports. */
type Drawing = ReadonlyMap<string, readonly string[]>;

/** The parts of the drawing by their first words: `packages`, `in core`, `in lab`. */
function readDrawing(): Map<string, Drawing> {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const [, drawing = ""] = /```\n(packages [\s\S]*?)```/.exec(text) ?? [];
  const parts = new Map<string, Map<string, readonly string[]>>();
  let part = new Map<string, readonly string[]>();
  for (const line of drawing.split("\n")) {
    const [, title, name = "", targets = ""] = /^(\w+(?: \w+)?)? +(\S+) +─▶ (.+)$/.exec(line) ?? [];
    if (title) {
      part = new Map();
      parts.set(title, part);
    }
    if (name) part.set(name, targets === "nothing" ? [] : targets.split(", "));
  }
  return parts;
}

const drawing = readDrawing();

/** The only folders that import TensorFlow.js, and their importers; by `import()` where it is optional. */
const tensorflow = ["packages/core/src/tfjs", "packages/lab/src/tfjs"];

/** Large packages, and the only folder that may import each, on demand. */
const heavy: readonly (readonly [name: string, folder: string])[] = [
  ["bullmq", "packages/sweep/src/queue"],
  ["ioredis", "packages/sweep/src/queue"],
  ["yaml", "packages/sweep/src/grid"],
];

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

/** The target of an import in the drawing, and the importing file. */
interface Arrow {
  readonly target: string;
  readonly file: string;
}

function expectDrawn(name: string, part: Drawing, arrows: readonly Arrow[]): void {
  const drawn = part.get(name) ?? [];
  const missing = arrows.filter(({ target }) => !drawn.includes(target));
  expect(missing.map(({ file, target }) => `${file} imports ${target}, which is not drawn`)).toEqual([]);
  expect(drawn.filter((target) => !arrows.some((arrow) => arrow.target === target))).toEqual([]);
}

/** Checks that no line leads to one above it. */
function expectDownwards(part: Drawing, short: (name: string) => string): void {
  const order = [...part.keys()].map(short);
  for (const [name, targets] of part) {
    const above = targets.filter(
      (target) => order.includes(target) && order.indexOf(target) <= order.indexOf(short(name)),
    );
    expect(above, name).toEqual([]);
  }
}

const packages: Drawing = drawing.get("packages") ?? new Map();
const lastWord = (name: string): string => name.split("/").at(-1) ?? name;

describe("the packages", () => {
  it("are all drawn, from top to bottom", () => {
    const folders = ["apps", "packages"].flatMap((folder) =>
      readdirSync(join(root, folder))
        .map((name) => `${folder}/${name}`)
        .filter((path) => existsSync(join(root, path, "src"))),
    );
    expect([...packages.keys()].sort()).toEqual(folders.sort());
    expectDownwards(packages, lastWord);
  });

  it.each([...packages.keys()])("%s imports other packages of the workspace by name, as drawn", (folder) => {
    const arrows = sources(join(folder, "src")).flatMap((file) =>
      imports(file)
        .filter((name) => name.startsWith("@fanin/"))
        .map((name) => ({ target: name.split("/")[1] ?? "", file })),
    );
    expectDrawn(folder, packages, arrows);
  });

  it.each([...packages.keys()])("%s does not reach into another package by path", (folder) => {
    const own = resolve(root, folder);
    const files = sources(join(folder, "src"));
    const wrong = files.flatMap((file) =>
      imports(file)
        .filter((name) => name.startsWith(".") && relative(own, resolve(root, dirname(file), name)).startsWith(".."))
        .map((name) => `${file} imports ${name}`),
    );
    expect(files.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });
});

describe("TensorFlow.js", () => {
  const files = [...packages.keys()].flatMap((folder) => sources(join(folder, "src")));
  const importing = (pattern: RegExp): string[] =>
    files.filter((file) => imports(file).some((name) => pattern.test(name)));

  it("is imported only by the folders tfjs of core and lab", () => {
    const found = importing(/^@tensorflow\//);
    expect(found.filter((file) => !tensorflow.some((folder) => file.startsWith(`${folder}/`)))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });

  it("reaches the command line through one import(), on demand", () => {
    expect(
      importing(/^@fanin\/(core|lab)\/tfjs$/).filter((file) => !file.startsWith("packages/lab/src/tfjs/")),
    ).toEqual(["packages/sweep/src/run/load-engine.ts"]);
    const text = readFileSync(join(root, "packages/sweep/src/run/load-engine.ts"), "utf8");
    expect(text).not.toMatch(/from "@fanin\/lab\/tfjs"/);
  });
});

describe.each([...drawing.keys()].filter((title) => title.startsWith("in ")))("%s", (title) => {
  const base = `packages/${title.slice(3)}/src`;
  const part: Drawing = drawing.get(title) ?? new Map();

  it("has every folder in its drawing, from top to bottom", () => {
    const folders = readdirSync(join(root, base), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect([...part.keys()].sort()).toEqual(folders.map(({ name }) => name).sort());
    expectDownwards(part, (name) => name);
  });

  it.each([...part.keys()])("%s imports as drawn", (folder) => {
    const arrows = sources(join(base, folder)).flatMap((file) =>
      imports(file)
        .filter((name) => name.startsWith("."))
        .map((name) => relative(join(root, base), resolve(root, dirname(file), name)))
        .map((path) => ({ target: path.split("/")[0]?.replace(/\.ts$/, "") ?? "", file }))
        .filter(({ target }) => target !== folder),
    );
    expectDrawn(folder, part, arrows);
  });
});

it.each(heavy)("%s is imported only in %s, and loaded on demand", (name, folder) => {
  const importing = [...packages.keys()]
    .flatMap((place) => sources(join(place, "src")))
    .filter((file) => imports(file).includes(name));
  expect(importing.length).toBeGreaterThan(0);
  for (const file of importing) {
    expect(file.startsWith(`${folder}/`), file).toBe(true);
    const text = readFileSync(join(root, file), "utf8");
    expect(text).not.toMatch(new RegExp(`^(import|export) (?!type )[^;]*from "${name}"`, "m"));
  }
});

describe("the commands of the command line", () => {
  const base = "apps/cli/src/commands";
  const folders = readdirSync(join(root, base), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  it("have one place each: a file, or a folder with a file of its name", () => {
    expect(folders.filter((name) => !existsSync(join(root, base, name, `${name}.ts`)))).toEqual([]);
    expect(folders.filter((name) => existsSync(join(root, base, `${name}.ts`)))).toEqual([]);
    expect(folders.filter((name) => existsSync(join(root, "apps/cli/src", name)))).toEqual([]);
  });

  it.each(folders)("only %s imports its files, except that merge imports how it merges", (folder) => {
    const own = `${base}/${folder}/`;
    const wrong = sources("apps/cli/src")
      .filter((file) => !file.startsWith(own) && file !== `${base}/index.ts`)
      .flatMap((file) =>
        imports(file)
          .filter((name) => name.startsWith("."))
          .map((name) => relative(root, resolve(root, dirname(file), name)))
          .filter((target) => target.startsWith(own))
          .filter((target) => file !== `${base}/merge.ts` || !target.startsWith(`${own}merge-`))
          .map((target) => `${file} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });
});

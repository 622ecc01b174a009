// The documents: every ```ts fence typechecks and runs, every `fanin` line of a ```sh fence works, every link leads somewhere,
// and what is made from results and goldens is up to date.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { picture, withParts } from "../scripts/readme-parts.mjs";
import { documents, readDocument } from "./documents.ts";
import { type Example, run, typeErrors } from "./example.ts";
import { root } from "./published.ts";

interface Fence extends Example {
  readonly language: string;
}

/** What stands behind "no-run: " says why. */
interface NotedFence extends Fence {
  readonly note: string;
}

const allFences: NotedFence[] = documents.flatMap((document) =>
  [...readDocument(document).matchAll(/^```(\S*)[ \t]*(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", note = "", code = ""], i) => ({ place: `${document}, fence ${i + 1}`, language, note, code }),
  ),
);
const fences = allFences.filter(({ note }) => !note.startsWith("no-run: "));

/** Files that a recipe shows whole, "no-run: NAME in FOLDER". */
const files = allFences.flatMap(({ note, code }) => {
  const [, name = "", folder = ""] = /^no-run: (\S+) in (\S+)$/.exec(note) ?? [];
  return name ? [{ path: join(root, folder, name), folder, code }] : [];
});

/** What TypeScript has against a file of this text at this place, by the settings of the package it would be in. */
function errorsInPlace({ path, folder, code }: (typeof files)[number]): string[] {
  const home = join(root, ...folder.split("/").slice(0, 2));
  const isTest = folder.split("/")[2] === "test";
  const config = join(home, isTest ? "tsconfig.test.json" : "tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(config, ts.sys.readFile).config, ts.sys, home);
  const settings: ts.CompilerOptions = { ...options, composite: false, incremental: false, noEmit: true };
  const host = ts.createCompilerHost(settings);
  const { readFile, fileExists } = host;
  host.readFile = (name) => (name === path ? code : readFile(name));
  host.fileExists = (name) => name === path || fileExists(name);
  const program = ts.createProgram([path], settings, host);
  const source = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "),
  );
}

const programs = fences.filter(({ language }) => language === "ts");
const commands = fences
  .filter(({ language }) => language === "sh")
  .flatMap(({ place, code }) =>
    code
      .split("\n")
      .filter((line) => line.startsWith("fanin "))
      .map((line) => ({ place, line })),
  );

describe("the programs of the documents", () => {
  it("typecheck as they stand", () => {
    expect(typeErrors(programs)).toEqual([]);
  });

  it.each(programs.map((program, index) => ({ ...program, index })))("$place runs", async ({ place, code, index }) => {
    await run({ place, code }, index);
  });
});

describe("the files of docs/adding-things.md", () => {
  it.each(files)("$path would compile where it would stand", (file) => {
    expect(existsSync(file.path)).toBe(false);
    expect(errorsInPlace(file)).toEqual([]);
  });
});

describe("the commands of the documents", () => {
  const bin = join(root, "apps/cli/bin/fanin.mjs");
  /** The files that the commands read. */
  const layers = [
    { class_name: "InputLayer", config: { name: "input", batch_shape: [null, 784] } },
    { class_name: "Dense", config: { name: "dense", units: 128 } },
  ];
  const model = { class_name: "Sequential", config: { name: "model", layers } };
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fanin-documents-"));
    writeFileSync(join(folder, "model.json"), JSON.stringify(model));
    copyFileSync(join(root, "packages/formats/test/model-files/dense.keras"), join(folder, "model.keras"));
    const words = ["model", "model.json", "--seed", "42", "--out", "weights.safetensors"];
    expect(spawnSync(process.execPath, [bin, ...words], { cwd: folder }).status).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(commands)("$line ($place)", ({ line }) => {
    const words = line.split("#")[0]?.trim().split(/\s+/).slice(1) ?? [];
    const { status, stderr } = spawnSync(process.execPath, [bin, ...words], { cwd: folder, encoding: "utf8" });
    expect(
      status === 0 || (status === 1 && ["diagnose", "diff"].includes(words[0] ?? "")),
      `exit ${status}\n${stderr}`,
    ).toBe(true);
  });
});

describe.each(documents)("%s", (document) => {
  it("links to what is there", () => {
    const links = [...readDocument(document).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
  });

  it("names files that are there", () => {
    const named = [
      ...readDocument(document).matchAll(
        /\b(?:docs|bench|packages|apps|scripts|packaging)\/[\w./-]+\.(?:md|ts|tsx|mjs|json|svg)\b/g,
      ),
    ];
    expect(named.map(([path]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

it("README.md names only existing npm scripts", () => {
  const { scripts } = JSON.parse(readDocument("package.json")) as { scripts: Record<string, string> };
  const shell = allFences
    .filter(({ place, language }) => place.startsWith("README.md,") && (language === "" || language === "sh"))
    .flatMap(({ code }) => code.trimEnd().split("\n"));
  expect(shell.length).toBeGreaterThan(0);
  for (const line of shell) expect(line).toMatch(/^npm (run )?[a-z]+ /);
  const called = [...readDocument("README.md").matchAll(/\bnpm (?:run )?([a-z]+)\b/g)].map(([, name = ""]) => name);
  expect(called.filter((name) => !Object.hasOwn(scripts, name) && name !== "and")).toEqual([]);
});

describe("what is made", () => {
  it("README.md has the tables of the newest results and of the goldens (else: npm run readme)", () => {
    const text = readDocument("README.md");
    expect(text).toBe(withParts(text));
  });

  it("docs/signal.svg is the picture that the library draws (else: npm run readme)", () => {
    expect(readDocument("docs/signal.svg")).toBe(picture());
  });
});

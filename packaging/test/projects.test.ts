// Every package installed from its tarball into fresh projects: Node, TypeScript, Vite, a worker, a page without a build.

import { cpSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launch, missing, openPage } from "../../apps/site/test/chromium.ts";
import { startHost } from "../../apps/site/test/static-host.ts";
import { Project } from "./project.ts";
import { entries, published } from "./published.ts";

/** The first value of he_normal, seed 42, [784, 128]: what the stream keras/tensorflow gives, whose goldens are core's. */
const FIRST = 0.000_908_207_905_013_114_2;

const libraries = published.filter(({ manifest }) => manifest.exports);
/** The entries that want TensorFlow.js, an optional peer: `@fanin/core/tfjs`, `@fanin/lab/tfjs`. */
const wantsPeers = (entry: string): boolean => entry.endsWith("/tfjs");
const projects = new Map<string, Project>();
afterAll(() => {
  for (const project of projects.values()) project.remove();
});

/** A program that imports all `names`, and tells how many names each gives. */
const importing = (names: readonly string[]): string =>
  names
    .map((entry, i) => `import * as entry${i} from "${entry}";\nconsole.log(Object.keys(entry${i}).length);`)
    .join("\n");

describe.each(libraries.map((one) => ({ one, name: one.manifest.name })))(
  "$name, installed from its tarball",
  ({ one, name }) => {
    const all = entries(one);
    const alone = all.filter((entry) => !wantsPeers(entry));
    const peers = Object.keys(one.manifest.peerDependencies ?? {});
    const imported = (file: string): string[] => {
      const { status, output } = (projects.get(name) as Project).run(process.execPath, file);
      expect(status, output).toBe(0);
      return output.trim().split("\n");
    };
    beforeAll(() => {
      const files = { "alone.mjs": importing(alone), "all.mjs": importing(all), "all.ts": importing(all) };
      const project = new Project(name, files);
      project.link("@types/node");
      projects.set(name, project);
    });

    it("is imported by Node without optional peers, every entry that does not want them", () => {
      expect(imported("alone.mjs")).toHaveLength(alone.length);
    });

    if (peers.length > 0) {
      it("is imported by Node beside its peers, every entry", () => {
        for (const peer of peers) projects.get(name)?.link(peer);
        expect(imported("all.mjs")).toHaveLength(all.length);
      });
    }
  },
);

describe("types, for strict TypeScript that checks libraries too", () => {
  /** As the compiler writes paths. */
  const folders = (): string[] => [...projects.values()].map(({ folder }) => folder.replaceAll("\\", "/"));

  /** What it has against a program that imports all entries, one in each project: compiled at once, since much is shared. */
  function troubles(options: ts.CompilerOptions, isChecked: (file: string) => boolean): string[] {
    const program = ts.createProgram({
      rootNames: folders().map((folder) => `${folder}/all.ts`),
      options: {
        ...options,
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipDefaultLibCheck: true,
        target: ts.ScriptTarget.ES2023,
        lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
        types: ["node"],
      },
      host: { ...ts.createCompilerHost(options), getCurrentDirectory: () => folders()[0] ?? "" },
    });
    const files = program.getSourceFiles().filter(({ fileName }) => isChecked(fileName));
    for (const folder of folders()) {
      expect(files.some(({ fileName }) => fileName.startsWith(`${folder}/node_modules/@fanin/`))).toBe(true);
    }
    return [
      ...program.getOptionsDiagnostics(),
      ...program.getGlobalDiagnostics(),
      ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
    ].map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  }

  it("moduleResolution nodenext, whatever they import included", () => {
    const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
    // What npm has installed: not TensorFlow.js, which is linked, and whose own declarations do not pass.
    expect(troubles(options, (file) => folders().some((folder) => file.startsWith(folder)))).toEqual([]);
  });

  it("moduleResolution bundler, their own", () => {
    const options = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
    expect(troubles(options, (file) => /\/@fanin\/|\/all\.ts$/.test(file))).toEqual([]);
  });
});

describe("@fanin/cli, installed from its tarball", () => {
  let project: Project;
  beforeAll(() => {
    project = new Project("@fanin/cli");
  });
  afterAll(() => project?.remove());

  it("gives the project a `fanin` that draws", () => {
    const { status, output, result } = project.run(
      "npx",
      ...["--no-install", "fanin", "sample", "he_normal", "784x128", "--seed", "42", "--json"],
    );
    expect(status, output).toBe(0);
    expect((JSON.parse(result) as { head: number[] }).head[0]).toBe(FIRST);
  });
});

describe.skipIf(chromiumPath === undefined)(`in a browser${missing}`, () => {
  let project: Project;
  let browser: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    project = projects.get("@fanin/core") ?? new Project("@fanin/core");
    projects.set("@fanin/core", project);
    browser = await launch();
  });
  afterAll(() => browser?.close());

  /** What the page of a folder shows once it has computed. */
  async function shown(folder: string): Promise<string> {
    const host = await startHost(folder);
    try {
      const { page, troubles, close } = await openPage(browser, host.url);
      await page.waitForSelector("#done");
      const text = await page.textContent("#done");
      expect(troubles).toEqual([]);
      await close();
      return text ?? "";
    } finally {
      host.close();
    }
  }

  const show = (value: string): string =>
    `document.body.insertAdjacentHTML("beforeend", "<output id=done>" + ${value} + "</output>");`;
  const page = (body: string): string =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>t</title>${body}</head><body></body></html>`;
  const draw = 'import { heNormal } from "@fanin/core";\nconst first = heNormal({ seed: 42 })([784, 128]).data[0];\n';

  it("a Vite app draws, on the page and in a Web Worker", async () => {
    project.write({
      "app/index.html": page('<script type="module" src="./main.js"></script>'),
      "app/main.js": `${draw}
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => { ${show('first + " " + data')} };`,
      "app/worker.js": `${draw}postMessage(first);`,
    });
    await build({
      root: join(project.folder, "app"),
      base: "./",
      logLevel: "error",
      configFile: false,
      worker: { format: "es" },
    });
    expect(await shown(join(project.folder, "app/dist"))).toBe(`${FIRST} ${FIRST}`);
  });

  it("a plain page with <script type=module> draws from a static folder, nothing built", async () => {
    for (const name of ["core", "kernels", "tensor"]) {
      cpSync(join(project.folder, "node_modules/@fanin", name), join(project.folder, "static", name), {
        recursive: true,
      });
    }
    const imports = {
      "@fanin/core": "./core/dist/index.js",
      "@fanin/kernels": "./kernels/dist/index.js",
      "@fanin/tensor": "./tensor/dist/index.js",
      "@fanin/tensor/arguments": "./tensor/dist/arguments.js",
    };
    project.write({
      "static/index.html": page(
        `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${draw}${show("first")}</script>`,
      ),
    });
    expect(await shown(join(project.folder, "static"))).toBe(String(FIRST));
  });
});

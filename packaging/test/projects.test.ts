// Every package installed from its tarball into fresh projects: Node, TypeScript, Vite, a worker, a page without a build.

import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launch, missing, openPage } from "../../apps/site/test/chromium.ts";
import { startHost } from "../../apps/site/test/static-host.ts";
import { Project } from "./project.ts";
import { entries, published } from "./published.ts";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
/** The first value of he_normal, seed 42, [784, 128]: what the stream keras/tensorflow gives, whose goldens are core's. */
const FIRST = 0.000_908_207_905_013_114_2;
const PEERS = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-cpu"];

const libraries = published.filter(({ manifest }) => manifest.exports);

describe.each(libraries.map((one) => ({ one, name: one.manifest.name })))(
  "$name, installed from its tarball",
  ({ one, name }) => {
    let project: Project;
    const importing = (names: readonly string[]): string =>
      names
        .map((entry, i) => `import * as entry${i} from "${entry}";\nconsole.log(Object.keys(entry${i}).length);`)
        .join("\n");
    const all = entries(one);
    beforeAll(() => {
      project = new Project(name, {
        "all.mjs": importing(all),
        "all.ts": importing(all),
        "own.ts": importing(all.filter((entry) => entry !== "@fanin/core/tfjs")),
      });
      for (const other of ["@types/node", ...(name === "@fanin/core" ? PEERS : [])]) project.link(other);
    });
    afterAll(() => project?.remove());

    it("is imported by Node, every entry of it", () => {
      const { status, output } = project.run(process.execPath, "all.mjs");
      expect(status, output).toBe(0);
      expect(output.trim().split("\n")).toHaveLength(all.length);
    });

    // TensorFlow.js's own declarations do not pass the check of libraries; that of its entry is left to the last case.
    it.each([
      ["nodenext", "own.ts", "false"],
      ["bundler", "own.ts", "false"],
      ...(name === "@fanin/core" ? [["nodenext", "all.ts", "true"]] : []),
    ])("has types for strict TypeScript, moduleResolution %s, in %s, skipLibCheck %s", (resolution, file, skip) => {
      const { status, output } = project.run(
        process.execPath,
        tsc,
        ...[
          "--noEmit",
          "--strict",
          "--exactOptionalPropertyTypes",
          "--noUncheckedIndexedAccess",
          "--skipLibCheck",
          skip,
        ],
        "--skipDefaultLibCheck",
        ...["--target", "es2023", "--lib", "es2023,dom,dom.iterable"],
        ...["--module", resolution === "bundler" ? "esnext" : "nodenext", "--moduleResolution", resolution],
        file,
      );
      expect(status, output).toBe(0);
    });
  },
);

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
    project = new Project("@fanin/core");
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    project?.remove();
  });

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
    for (const name of ["core", "kernels"]) {
      cpSync(join(project.folder, "node_modules/@fanin", name), join(project.folder, "static", name), {
        recursive: true,
      });
    }
    const imports = { "@fanin/core": "./core/dist/index.js", "@fanin/kernels": "./kernels/dist/index.js" };
    project.write({
      "static/index.html": page(
        `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${draw}${show("first")}</script>`,
      ),
    });
    expect(await shown(join(project.folder, "static"))).toBe(String(FIRST));
  });
});

// A Vite app with TensorFlow.js and the backend `fanin`, in a browser: on the page and in a Web Worker, the losses of Node.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, type Plugin, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, missingChromium } from "../../../../scripts/chromium.mjs";
import { type Trained, train } from "./app/training.ts";

const root = join(import.meta.dirname, "app");
const TWO_MINUTES = 120_000;

/** Collects the modules of every bundle that is written, those of workers too. */
function collect(bundles: string[][]): Plugin {
  return {
    name: "collect-modules",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
      bundles.push(chunks.flatMap((chunk) => Object.keys(chunk.modules)));
    },
  };
}

describe.skipIf(chromiumPath === undefined)(`TensorFlow.js in a browser${chromiumPath ? "" : missingChromium}`, () => {
  const bundles: string[][] = [];
  const troubles: string[] = [];
  let outDir = "";
  let server: PreviewServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), "fanin-browser-"));
    const shared = { root, configFile: false, logLevel: "error", build: { outDir, emptyOutDir: true } } as const;
    await build({
      ...shared,
      plugins: [collect(bundles)],
      worker: { format: "es", plugins: () => [collect(bundles)] },
    });
    server = await preview({ ...shared, preview: { port: 0, host: "127.0.0.1" } });
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: chromiumPath ?? "", args });
    page = await browser.newPage();
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(error.message));
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    await page.waitForFunction("globalThis.trainOn !== undefined");
  }, TWO_MINUTES);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(outDir, { recursive: true, force: true });
  });

  const trainOn = (place: "page" | "worker", deterministic: boolean): Promise<Trained> =>
    page.evaluate(`globalThis.trainOn.${place}(${deterministic})`) as Promise<Trained>;

  it.each(["page", "worker"] as const)(
    "trains on the %s to the bits of Node",
    async (place) => {
      const want = await train(true);
      expect(want.losses[19]).toBeLessThan((want.losses[0] as number) * 0.7);
      expect(await trainOn(place, true)).toEqual(want);
      expect(want).toMatchObject({ backend: "fanin", isOneInstance: true });
    },
    TWO_MINUTES,
  );

  // Fused multiply-adds round once where the deterministic binary rounds twice.
  it.each(["page", "worker"] as const)(
    "trains on the %s with relaxed SIMD to the same losses but for rounding",
    async (place) => {
      const want = await train(true);
      const { losses, isOneInstance, isRelaxed } = await trainOn(place, false);
      expect([isOneInstance, isRelaxed]).toEqual([true, true]);
      for (const [step, loss] of want.losses.entries())
        expect(Math.abs((losses[step] as number) - loss)).toBeLessThan(1e-4);
      expect(await page.evaluate("crossOriginIsolated")).toBe(false); // nothing asks for special headers
    },
    TWO_MINUTES,
  );

  it("has one tfjs-core in the bundle of the page, and one in that of the worker", () => {
    expect(bundles).toHaveLength(2);
    for (const modules of bundles) {
      const paths = modules
        .map((id) => /^(.*\/@tensorflow\/tfjs-core)\/(.*)$/.exec(id.split("?")[0] ?? ""))
        .filter((m) => m !== null);
      expect(new Set(paths.map(([, folder]) => folder)).size).toBe(1);
      // Its files one by one, and none of the bundles that the package also has.
      expect(paths.filter(([, , file]) => file === "dist/engine.js")).toHaveLength(1);
      expect(paths.filter(([, , file]) => /tf-core/.test(file ?? ""))).toEqual([]);
    }
  });

  it("says nothing on the console", () => {
    expect(troubles).toEqual([]);
  });
});

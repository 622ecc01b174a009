// The built site in a browser: no errors, no foreign requests, the command line's numbers, keyboard access, axe.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { describeSite } from "./describe-site.ts";
import { dist } from "./static-host.ts";
import { views } from "./views.ts";

const bin = fileURLToPath(new URL("../../cli/bin/fanin.mjs", import.meta.url));

/** Runs a command line from the page; its words contain no spaces, and quotes only around a whole word. */
function fanin(command: string, ...more: string[]): Record<string, unknown> {
  const words = command.split(" ").map((word) => word.replace(/^'(.*)'$/, "$1"));
  expect(words.shift()).toBe("fanin");
  const { stdout, stderr, status } = spawnSync(process.execPath, [bin, ...words, ...more], { encoding: "utf8" });
  expect(status, stderr).toBeLessThan(2);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describeSite("the site", (site) => {
  it.each(Object.entries(views))(
    "%s has no console error, violation or request off its origin, and at most 120 kB, gzipped",
    async (path, sign) => {
      const { page, troubles, requested, close } = await site.open(path);
      await page.waitForSelector(sign);
      expect(await page.locator("[role=alert]").count()).toBe(0);
      await page.waitForLoadState("networkidle");
      expect(troubles).toEqual([]);
      const names = [...new Set(requested)].map((url) => url.slice(site.url.length).replace(/#.*/, "") || "index.html");
      expect(names.some((name) => name.endsWith(".wasm"))).toBe(path !== "story.html");
      const sizes = names.map((name) => [name, gzipSync(readFileSync(join(dist, name)), { level: 9 }).length] as const);
      const total = sizes.reduce((sum, [, size]) => sum + size, 0);
      expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(120_000);
      await close();
    },
  );

  // Sequential views, each in both themes: on a busy machine, parallel views would delay each other's first answers beyond the
  // timeout of a selector.
  it.each(Object.entries(views))("axe finds nothing in %s, light and dark", async (path, sign) => {
    const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    // Without transitions, so that the final colours are checked.
    const { page, close } = await site.open(path, { colorScheme: "light", reducedMotion: "reduce", bypassCSP: true });
    await page.waitForSelector(sign);
    if (path.includes("weights")) {
      await page.getByRole("button", { name: /example/ }).click();
      await page.waitForSelector(".figures svg");
    }
    if (path.includes("race")) {
      await page.getByRole("button", { name: "Start" }).click();
      await page.getByRole("heading", { name: "Results" }).waitFor();
    }
    await page
      .locator("details")
      .first()
      .evaluateAll((all) => {
        for (const one of all) (one as HTMLDetailsElement).open = true;
      });
    await page.addScriptTag({ content: source });
    const inks = new Set<string>();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      inks.add(await page.evaluate(() => getComputedStyle(document.body).color));
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const { violations } = await axe.run({ runOnly: tags });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
      });
      expect(violations, colorScheme).toEqual([]);
    }
    expect(inks.size).toBe(2);
    await close();
  });

  it.each(["keras/tensorflow", "keras/jax", "keras/torch", "keras/numpy"])(
    "shows the SHA-256 of its command for %s",
    async (stream) => {
      const { page, close } = await site.open(`#v=1&view=code&seed=42&stream=${stream}&shape=37x21`);
      const shown = await page.locator("#sha256").textContent();
      const command = (await page.locator(".command").textContent())?.split("\n").at(-1) ?? "";
      expect(fanin(command)).toMatchObject({ stream, sha256: shown, seed: 42, shape: [37, 21] });
      await close();
    },
  );

  it("downloads the tensor with the shown values", async () => {
    const { page, troubles, close } = await site.open(`#v=1&view=code&shape=3x4`);
    const first = (await page.locator(".facts div:last-child dd").textContent())?.split(", ").map(Number) ?? [];
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download .npy" }).click();
    const bytes = readFileSync((await (await waiting).path()) ?? "");
    const values = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset + bytes.length - 48, bytes.byteOffset + bytes.length),
    );
    expect(values).toHaveLength(12);
    expect(first).toHaveLength(8);
    first.forEach((value, i) => {
      expect(value).toBeCloseTo(values[i] ?? 0, 6);
    });
    expect(troubles).toEqual([]);
    await close();
  });

  it("opens with a fault, and one click fixes it", async () => {
    const { page, close } = await site.open("");
    expect(await page.locator(".verdict h2").textContent()).toContain("glorot_uniform: vanishing signal (E201)");
    await page.getByRole("button", { name: /Mend it/ }).click();
    await page.locator(".verdict.fine").waitFor();
    expect(await page.locator(".verdict.error").count()).toBe(0);
    await page.waitForFunction(() => location.hash.includes("init="));
    expect(await page.locator("#announcement").textContent()).toContain("the signal is stable");
    await close();
  });

  it("gives the numbers of fanin diagnose", async () => {
    const { page, close } = await site.open(`#v=1&net=784,24x6,10&seed=5&stream=keras/jax`);
    await page.locator(".verdict").waitFor();
    await page.locator("details summary").first().click();
    const cells = await page
      .locator("details table")
      .first()
      .locator("tbody tr")
      .nth(2)
      .locator("td")
      .allTextContents();
    const command = (await page.locator(".command").textContent()) ?? "";
    const { signal } = fanin(command, "--json") as { signal: { signals: { forward: { log10: number } }[] } };
    expect(cells[0]).toBe("3");
    expect(Number(cells[1])).toBe(Number(signal.signals[2]?.forward.log10.toPrecision(4)));
    await close();
  });

  it("races to the weights of fanin compare, pauses, steps, and rewinds to identical weights", async () => {
    const hash = "#v=1&view=race&net=784,16,10&init=zeros,he_normal&seeds=1&epochs=2&batch=64&seed=3";
    const { page, troubles, close } = await site.open(hash, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const hashes = async (): Promise<string[]> => {
      await page.locator(".hashes").waitFor({ state: "attached" });
      return page.locator(".hashes code").allTextContents();
    };
    const first = await hashes();
    await page.getByRole("button", { name: "One step" }).click();
    await page.getByText("step 1 of 100").waitFor();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Results" }).waitFor();
    const last = await hashes();
    expect(last).not.toEqual(first);
    expect(await page.locator(".verdict").textContent()).toContain("too few seeds to judge");
    await page.getByRole("button", { name: "Rewind" }).click();
    await page.getByText("step 0 of 100").waitFor();
    expect(await hashes()).toEqual(first);
    const folder = mkdtempSync(join(tmpdir(), "fanin-site-"));
    try {
      const command = (await page.locator(".command").textContent()) ?? "";
      const { config, runs } = fanin(command, "--json", "--out", join(folder, "run"), "--quiet") as {
        config: object;
        runs: { sha256: string }[];
      };
      await page.getByRole("button", { name: "Copy config" }).click();
      await page.getByRole("button", { name: "Copied config" }).waitFor();
      expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(config);
      expect(runs.map(({ sha256 }) => sha256)).toEqual(last);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(troubles).toEqual([]);
    await close();
  });

  it("works by keyboard alone: the skip link, a slider, the point of the map, and back", async () => {
    const { page, close } = await site.open("");
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
    await press("Enter");
    await page.waitForFunction(() => document.activeElement?.id === "view");
    await press("Tab", "ArrowRight");
    await page.waitForFunction(() => location.hash.includes("net=784,64x31,10"));
    await page.getByRole("link", { name: "Phase diagram" }).focus();
    await press("Enter");
    await page.locator(".pad svg").waitFor();
    await page.locator(".pad").focus();
    await press("ArrowRight", "Shift+ArrowUp");
    await page.waitForFunction(() => location.hash.includes("sw=1.55&sb=0.1"));
    expect(await page.locator(".pad").getAttribute("aria-label")).toContain("weight variance 1.55");
    await page.goBack();
    await page.locator(".pad").waitFor({ state: "detached" });
    await close();
  });

  it.each(["tanh", "relu"])("moves the point of the %s map to a click", async (act) => {
    const { page, close } = await site.open(`#v=1&view=phase&act=${act}`);
    const map = await page.locator(".pad svg").boundingBox();
    if (!map) throw new Error("no map");
    const [x, y] = [map.x + 0.35 * map.width, map.y + 0.4 * map.height];
    await page.mouse.click(x, y);
    await page.waitForFunction(() => location.hash.includes("sw=") && location.hash.includes("sb="));
    await expect
      .poll(async () => {
        const mark = await page.locator(".pad svg .series-1 path").boundingBox();
        return mark ? Math.hypot(mark.x + mark.width / 2 - x, mark.y + mark.height / 2 - y) : Number.POSITIVE_INFINITY;
      })
      .toBeLessThan(4);
    await close();
  });

  it("reports hostile files, and stays usable", async () => {
    const { page, troubles, close } = await site.open(`#v=1&view=weights`);
    const lie = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0]), Buffer.from("{}")]);
    const outside = JSON.stringify({
      weightsManifest: [{ paths: ["../../etc/passwd"], weights: [{ name: "w", shape: [1], dtype: "float32" }] }],
    });
    const files: [name: string, body: Buffer, code: RegExp][] = [
      ["header.safetensors", lie, /E_SAFETENSORS_/],
      ["object.npy", Buffer.from("\x93NUMPY\x01\x00\x10\x00{'descr': '|O'}\n", "latin1"), /E_NPY_/],
      ["model.json", Buffer.from(outside), /E_TFJS_/],
      ["empty.npz", Buffer.alloc(0), /E_FORMAT_UNKNOWN/],
    ];
    for (const [name, buffer, code] of files) {
      await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
      await page.locator("[role=alert]").filter({ hasText: code }).waitFor();
    }
    await page.getByRole("button", { name: /example/ }).click();
    await page.getByText("duplicated tensors (W103)").waitFor();
    expect(await page.locator(".tensors tbody tr").count()).toBe(8);
    expect(await page.locator("[role=alert]").count()).toBe(0);
    expect(troubles).toEqual([]);
    await close();
  });

  it.each([
    ["dense.keras", 4, "keras"],
    ["resnet.h5", 13, "keras"],
    ["state_dict.pt", 25, "torch"],
    ["checkpoint.ckpt", 25, "torch"],
  ])("opens %s, and loads the library of HDF5 only for it", async (name, count, layout) => {
    const { page, troubles, close } = await site.open(`#v=1&view=weights`);
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(request.url()));
    const file = fileURLToPath(new URL(`../../../packages/formats/test/model-files/${name}`, import.meta.url));
    await page.locator("input[type=file]").setInputFiles(file);
    await page.locator(".tensors tbody tr").first().waitFor();
    expect(await page.locator(".tensors tbody tr").count()).toBe(count);
    expect(await page.locator(".view").textContent()).toContain(`in the layout of ${layout}`);
    expect(loaded.some((url) => /hdf5/.test(url))).toBe(layout === "keras");
    expect(troubles).toEqual([]);
    await close();
  });

  it("reports unknown keys of a link, and remembers a theme", async () => {
    const { page, close } = await site.open(`#v=1&colour=red&net=784,8x4,10`);
    await page.getByText("Unknown key in the link: colour.").waitFor();
    expect(await page.getByLabel("Hidden layers", { exact: true }).inputValue()).toBe("4");
    await page.getByLabel("Theme").selectOption("dark");
    await page.goto(`${site.url}story.html`);
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await close();
  });

  it("can be read without JavaScript", async () => {
    for (const [path, figures] of [
      ["", 2],
      ["story.html", 9],
    ] as const) {
      const { page, troubles, close } = await site.open(path, { javaScriptEnabled: false });
      expect(await page.locator("figure svg[role=img]").count()).toBe(figures);
      expect(await page.locator("h1").count()).toBe(1);
      // The browser cancels requests for scripts, which is expected here.
      expect(troubles.filter((trouble) => !/^failed: .*\.js$/.test(trouble))).toEqual([]);
      await close();
    }
  });

  it("answers the last of many moves of a slider", async () => {
    const { page, close } = await site.open("");
    await page.locator(".verdict").waitFor();
    const slider = page.getByLabel("Width", { exact: true });
    await slider.focus();
    for (let i = 0; i < 12; i++) await slider.press("ArrowRight");
    await page.waitForFunction(() => document.querySelector(".command")?.textContent?.includes("784,160x30,10"));
    await page.waitForFunction(() => location.hash.includes("160x30"));
    await page.locator(".verdict.error").waitFor();
    await close();
  });
});

// The story as a reader meets it: an article without JavaScript, and figures that come alive with it.
// Source: papers-and-ux.md 4.1; live figures are held against what the build computed and against the command line.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launch, missing, openPage } from "./chromium.ts";
import { type StaticHost, startHost } from "./static-host.ts";

const bin = fileURLToPath(new URL("../../cli/bin/fanin.mjs", import.meta.url));

const cells = (figure: Locator): Promise<string[]> => figure.locator("td").allTextContents();

describe.skipIf(chromiumPath === undefined)(`the story${missing}`, () => {
  let browser: Browser;
  let host: StaticHost;
  beforeAll(async () => {
    [browser, host] = await Promise.all([launch(), startHost()]);
  });
  afterAll(async () => {
    await browser?.close();
    host?.close();
  });

  it("is an article of ten minutes without JavaScript, its figures with their data, and nothing dead to click", async () => {
    const { page, close } = await openPage(browser, `${host.url}story.html`, { javaScriptEnabled: false });
    const text = (await page.locator(".story section > :is(p, ul)").allTextContents()).join(" ");
    const words = text.split(/\s+/).length;
    expect(words).toBeGreaterThan(1800);
    expect(words).toBeLessThan(2600);
    expect(await page.locator(".story > .hint").textContent()).toContain("minutes, 13 figures");
    expect(await page.locator("figure svg[role=img]").count()).toBe(13);
    expect(await page.locator("figure details table").count()).toBe(13);
    expect(await page.locator(".live-controls:visible, .scripted:visible, button:visible").count()).toBe(0);
    expect(text).not.toMatch(/undefined|Infinity/);
    await close();
  });

  it("draws a figure again as its slider moves, with the numbers of fanin diagnose, and links to the same", async () => {
    const { page, troubles, requested, close } = await openPage(browser, `${host.url}story.html`);
    const live = page.locator("[data-hash*='0.01']");
    await live.scrollIntoViewIfNeeded();
    const slider = live.getByLabel("Hidden layers", { exact: true });
    await slider.waitFor();
    expect(requested.some((url) => url.endsWith(".wasm"))).toBe(false);
    const before = await live.locator(".reading").textContent();
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => live.locator(".reading").textContent()).not.toBe(before);
    expect(await live.locator("tbody tr").count()).toBe(30);
    const href = (await live.locator(".live a").getAttribute("href")) ?? "";
    const [layer, forward] = await cells(live);
    const words = ["--layers", "784,64x29,10", "--activation", "tanh", "--init", "random_normal(stddev=0.01)"];
    const { stdout } = spawnSync(
      process.execPath,
      [bin, "diagnose", ...words, "--batch", "64", "--seed", "0", "--json"],
      {
        encoding: "utf8",
      },
    );
    const { signal } = JSON.parse(stdout) as { signal: { signals: { forward: { log10: number } }[] } };
    expect(layer).toBe("1");
    expect(Number(forward)).toBe(Number(signal.signals[0]?.forward.log10.toPrecision(4)));
    await page.goto(new URL(href, host.url).href);
    await page.locator(".verdict").waitFor();
    expect(await page.locator(".command").textContent()).toContain(words.slice(0, 2).join(" "));
    expect(troubles).toEqual([]);
    await close();
  });

  it("trains to the very curve that the build drew, and gives way to another race", async () => {
    const { page, troubles, close } = await openPage(browser, `${host.url}story.html`);
    const first = page.locator("[data-task=race]").first();
    const second = page.locator("[data-task=race]").last();
    for (const one of [second, first]) {
      await one.scrollIntoViewIfNeeded();
      await one.getByRole("button", { name: "Train it here" }).waitFor();
    }
    const built = [await cells(first), await cells(second)];
    const said = [await first.locator(".reading").textContent(), await second.locator(".reading").textContent()];
    await first.getByRole("button", { name: "Train it here" }).click();
    await expect.poll(() => first.locator(".reading").textContent()).toMatch(/^Step \d+ of/);
    await second.getByRole("button", { name: "Train it here" }).click();
    await second.getByRole("button", { name: "Train it here" }).waitFor();
    await expect.poll(() => second.locator(".reading").textContent()).toBe(said[1]);
    expect(await cells(second)).toEqual(built[1]);
    expect(await first.locator(".reading").textContent()).toMatch(/^Step \d+ of/);
    await first.getByRole("button", { name: "Train it here" }).click();
    await expect.poll(() => first.locator(".reading").textContent()).toBe(said[0]);
    expect(await cells(first)).toEqual(built[0]);
    expect(troubles).toEqual([]);
    await close();
  });

  it("moves the point of the phase diagram, and goes to its sections by keyboard", async () => {
    const { page, troubles, close } = await openPage(browser, `${host.url}story.html`);
    await page.getByRole("link", { name: "The edge of chaos" }).focus();
    await page.keyboard.press("Enter");
    const live = page.locator("[data-task=phase]");
    const slider = live.getByLabel("Weight variance × fan-in", { exact: true });
    await slider.waitFor();
    expect(page.url()).toMatch(/story\.html#edge$/);
    expect(await live.locator(".reading").textContent()).toContain("94.7 layers");
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => live.locator(".reading").textContent()).not.toContain("94.7 layers");
    expect(await live.locator(".live a").getAttribute("href")).toContain("sw=1.55");
    expect(troubles).toEqual([]);
    await close();
  });
});

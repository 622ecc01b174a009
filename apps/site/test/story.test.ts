// The story: an article that works without a script, and figures whose controls give the numbers of the linked views.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { storyFigures } from "../src/story/story-figures.ts";
import { describeSite } from "./describe-site.ts";

const bin = fileURLToPath(new URL("../../cli/bin/fanin.mjs", import.meta.url));
const names = Object.keys(storyFigures);

/** Returns the cells of a row; a negative `row` counts from the end. */
async function cells(table: Locator, row: number): Promise<string[]> {
  const rows = table.locator("tbody tr");
  const index = row < 0 ? (await rows.count()) + row : row;
  return rows.nth(index).locator("td").allTextContents();
}

/** Returns a figure after its controls have appeared. */
async function liveFigure(page: Page, name: string): Promise<Locator> {
  const figure = page.locator(`#figure-${name}`);
  await figure.scrollIntoViewIfNeeded();
  await figure.locator(".tuning:not(.later)").waitFor();
  return figure;
}

describeSite("the story", (site) => {
  it("is a ten-minute article without a script: figures with tables, and no inactive controls", async () => {
    const { page, close } = await site.open(`story.html`, { javaScriptEnabled: false });
    for (const name of names) {
      const figure = page.locator(`#figure-${name}`);
      expect(await figure.locator("svg[role=img]").count(), name).toBe(1);
      expect(await figure.locator("details tbody tr").count(), name).toBeGreaterThan(20);
      expect(await figure.locator(".tuning").isVisible(), name).toBe(false);
    }
    expect(await page.locator("[data-figure]").count()).toBe(names.length);
    const text = (await page.locator(".story > section:not(#references) > :is(h2, p, ol)").allTextContents()).join(" ");
    const words = text.split(/\s+/).length;
    expect(words).toBeGreaterThan(1900);
    expect(words).toBeLessThan(2450); // signs between words counted
    const reading = (await page.locator(".reading").textContent()) ?? "";
    const [minutes, counted] = [...reading.replace(",", "").matchAll(/\d+/g)].map(Number);
    expect(counted).toBeGreaterThan(1900);
    expect(counted).toBeLessThanOrEqual(2300);
    expect(minutes).toBe(Math.round((counted ?? 0) / 220));
    const targets = await page
      .locator(".story a[href^='#']")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    for (const target of targets) expect(await page.locator(target ?? "").count(), target ?? "").toBe(1);
    // Without a script, the summary opens a table.
    await page.locator("#figure-zeros summary").click();
    expect(await page.locator("#figure-zeros td").first().isVisible()).toBe(true);
    await close();
  });

  it("gives, by keyboard, the numbers of the view that a figure links to and of its command", async () => {
    const { page, troubles, requested, close } = await site.open(`story.html`);
    await page.locator(".contents a[href='#small']").focus();
    await page.keyboard.press("Enter");
    const figure = await liveFigure(page, "small");
    const before = await figure.locator(".drawing").innerHTML();
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(requested.some((url) => url.endsWith(".wasm"))).toBe(false);
    await figure.getByLabel("Standard deviation", { exact: true }).focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => figure.locator("caption, th").allTextContents()).toContain("forward");
    await expect.poll(() => figure.locator(".drawing").innerHTML()).not.toBe(before);
    expect(await figure.getByLabel("Standard deviation, exact").inputValue()).toBe("0.05");
    await page.waitForFunction(() => document.querySelector("#announcement")?.textContent?.includes("stddev=0.05"));
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(height);
    const shown = await cells(figure.locator("table"), 9);
    await figure.getByRole("link", { name: "Open in the Signal view" }).click();
    await page.locator(".verdict", { hasText: "stddev=0.05" }).waitFor();
    expect(await cells(page.locator("details table").first(), 9)).toEqual(shown);
    const command = (await page.locator(".command").textContent()) ?? "";
    expect(command).toContain("random_normal(stddev=0.05)");
    const words = command.split(" ").map((word) => word.replace(/^'(.*)'$/, "$1"));
    const { stdout } = spawnSync(process.execPath, [bin, ...words.slice(1), "--json"], { encoding: "utf8" });
    const { signal } = JSON.parse(stdout) as { signal: { signals: { forward: { log10: number } }[] } };
    expect(Number(shown[1])).toBe(Number(signal.signals[9]?.forward.log10.toPrecision(4)));
    expect(troubles).toEqual([]);
    await close();
  });

  it("trains in place to the losses of the Race view, one figure at a time", async () => {
    const { page, troubles, close } = await site.open(`story.html`, { reducedMotion: "reduce" });
    const zeros = await liveFigure(page, "zeros");
    const first = await cells(zeros.locator("table"), -1);
    const adam = await liveFigure(page, "adam");
    await adam.getByRole("button", { name: "Train" }).click();
    await adam.getByText("Training: step").waitFor();
    await zeros.getByLabel("First start").selectOption("ones");
    await adam.getByText("Stopped at step").waitFor();
    await zeros.getByText("ones did not learn").waitFor();
    await zeros.getByRole("button", { name: "Train" }).waitFor();
    const last = await cells(zeros.locator("table"), -1);
    expect(last).not.toEqual(first);
    // The other initializer gives bit-identical results in a browser and at build time.
    expect(last[4]).toBe(first[4]);
    await zeros.getByRole("link", { name: "Open in the Race view" }).click();
    await page.getByRole("button", { name: "Start the race" }).click();
    await page.getByRole("heading", { name: "Results" }).waitFor();
    expect(await cells(page.locator(".figures table").first(), -1)).toEqual(last);
    expect(troubles).toEqual([]);
    await close();
  });

  it("moves a point over the phase diagram, and draws other seeds", async () => {
    const { page, troubles, close } = await site.open(`story.html`, {
      viewport: { width: 360, height: 640 },
    });
    const edge = await liveFigure(page, "edge");
    const exact = edge.getByLabel("Weight variance × fan-in, exact");
    await exact.fill("2.5");
    await exact.press("Enter");
    await edge.getByText("6 depth scales of 11.8").waitFor();
    const luck = await liveFigure(page, "luck");
    const drawing = await luck.locator(".drawing").innerHTML();
    await luck.getByRole("button", { name: "Another seed" }).click();
    await expect.poll(() => luck.locator(".drawing").innerHTML()).not.toBe(drawing);
    expect(await luck.locator("a.open").getAttribute("href")).toContain("seed=1");
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBeLessThanOrEqual(0);
    expect(troubles).toEqual([]);
    await close();
  });
});

// The behaviour of the site: sliders, layout shifts, history, and dropped files.
// Speed is tested in timed/.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { describeSite } from "./describe-site.ts";
import { recordedMessages, recordMessages } from "./measure.ts";
import { views } from "./views.ts";

const bin = fileURLToPath(new URL("../../cli/bin/fanin.mjs", import.meta.url));

/** Makes four IDX files of 28 x 28 images, `train` and `test` of them; the label of an image is its bright row. */
function idxFiles(train: number, test: number): { name: string; mimeType: string; buffer: Buffer }[] {
  const header = (...words: number[]): Buffer => {
    const bytes = Buffer.alloc(4 * words.length);
    words.forEach((word, i) => {
      bytes.writeUInt32BE(word, 4 * i);
    });
    return bytes;
  };
  const part = (name: string, count: number): [string, Buffer][] => {
    const pixels = Buffer.alloc(count * 784);
    for (let i = 0; i < count; i++) pixels.fill(255, i * 784 + (i % 10) * 56, i * 784 + (i % 10) * 56 + 28);
    const labels = Buffer.from(Array.from({ length: count }, (_, i) => i % 10));
    return [
      [`${name}-images-idx3-ubyte.gz`, gzipSync(Buffer.concat([header(2051, count, 28, 28), pixels]))],
      [`${name}-labels-idx1-ubyte`, Buffer.concat([header(2049, count), labels])],
    ];
  };
  const mimeType = "application/octet-stream";
  return [...part("train", train), ...part("t10k", test)].map(([name, buffer]) => ({ name, mimeType, buffer }));
}

describeSite("the behaviour of the site", (site) => {
  it("draws a move of a slider before the diagnosis", async () => {
    const { page, close } = await site.open(`#v=1&net=784,256x50,10`, {}, recordMessages);
    await page.locator(".verdict").waitFor();
    await page.getByLabel("Input, standard deviation", { exact: true }).focus();
    const known = (await recordedMessages(page)).length;
    const moves = 3;
    for (let i = 1; i <= moves; i++) {
      await page.keyboard.press("ArrowRight");
      await expect
        .poll(async () => (await recordedMessages(page)).slice(known).filter(({ kind }) => kind === "answer").length)
        .toBe(i);
    }
    const kinds = (await recordedMessages(page)).slice(known).map(({ kind }) => kind);
    expect(kinds).toEqual(Array.from({ length: moves }, () => ["asked", "part", "answer"]).flat());
    await close();
  });

  it("drops outdated moves of a slider, and answers the last", async () => {
    const { page, close } = await site.open(`#v=1&net=784,256x50,10`, {}, recordMessages);
    await page.locator(".verdict").waitFor();
    const known = (await recordedMessages(page)).length;
    await page.getByLabel("Input, standard deviation", { exact: true }).evaluate((input) => {
      for (const value of ["2", "3", "4", "5", "6", "7", "8"]) {
        (input as HTMLInputElement).value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    await page.waitForFunction(() => location.hash.includes("input=8"));
    let messages = (await recordedMessages(page)).slice(known);
    const last = Math.max(...messages.map(({ id }) => id));
    await expect
      .poll(async () => {
        messages = (await recordedMessages(page)).slice(known);
        return messages.some(({ id, kind }) => id === last && kind === "answer");
      })
      .toBe(true);
    expect(messages.filter(({ kind }) => kind === "answer").length).toBeLessThan(3);
    expect(await page.locator(".command").textContent()).toContain("--input-std 8");
    await close();
  });

  it.each(Object.entries(views))("%s opens without a layout shift", async (path, sign) => {
    const { page, close } = await site.open(path, {}, async (blank) => {
      await blank.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(globalThis, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
        }).observe({ type: "layout-shift", buffered: true });
      });
    });
    await page.waitForSelector(sign);
    await page.waitForTimeout(200);
    const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts);
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.02);
    await close();
  });

  it("goes back and forward, accepts invalid hashes and a small window, and respects reduced motion", async () => {
    const { page, troubles, close } = await site.open(`#v=1&act=tanh`, { reducedMotion: "reduce" });
    await page.getByRole("link", { name: "Phase diagram" }).click();
    await page.locator(".pad svg").waitFor();
    expect(page.url()).toContain("act=tanh");
    await page.getByRole("link", { name: "Code" }).click();
    await page.locator("#sha256").waitFor();
    await page.goBack();
    await page.locator(".pad svg").waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "What do initial weights do to the signal?" }).waitFor();
    await page.goForward();
    await page.locator(".pad svg").waitFor();
    for (const hash of ["#%E0%A4", "#v=1&view=nothing&net=&init=(((", `#${"x".repeat(5000)}`, "#&&&=&v"]) {
      await page.evaluate((text) => {
        location.hash = text;
      }, hash);
      await page.locator("[role=alert]").first().waitFor();
      await page.locator(".verdict").first().waitFor();
    }
    await page.setViewportSize({ width: 360, height: 640 });
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBeLessThanOrEqual(0);
    expect(
      await page
        .getByRole("button")
        .first()
        .evaluate((button) => getComputedStyle(button).transitionDuration),
    ).toBe("0s");
    expect(troubles).toEqual([]);
    await close();
  });

  it("copies a link to the same view, a JSON config, and the phase's command with the same numbers", async () => {
    const hash = "#v=1&view=phase&act=tanh&sw=1.2&sb=0.2";
    const { page, close } = await site.open(hash, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.locator(".pad svg").waitFor();
    const copied = async (name: string): Promise<string> => {
      await page.getByRole("button", { name: `Copy ${name}` }).click();
      await page.getByRole("button", { name: `Copied ${name}` }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(await copied("link")).toBe(site.url + hash);
    expect(JSON.parse(await copied("config"))).toEqual({ activation: "tanh", weightVariance: 1.2, biasVariance: 0.2 });
    const words = (await copied("command")).split(" ").map((word) => word.replace(/^'(.*)'$/, "$1"));
    const { stdout } = spawnSync(process.execPath, [bin, ...words.slice(1)], { encoding: "utf8" });
    const { field } = JSON.parse(stdout) as { field: { xiC: number } };
    const shown = /depth scales of ([\d.]+)\)/.exec((await page.locator(".verdict").textContent()) ?? "")?.[1];
    expect(Number(shown)).toBe(Number(field.xiC.toPrecision(3)));
    await close();
  });

  it("races on dropped files, reports invalid ones, and gives a verdict with enough seeds", async () => {
    const hash = "#v=1&view=race&net=784,8,10&init=zeros,he_normal&seeds=6&epochs=1&batch=8&lr=0.1";
    const { page, troubles, close } = await site.open(hash);
    await page.getByText("step 0 of").waitFor();
    const field = page.locator("input[type=file]");
    const good = idxFiles(400, 100);
    await field.setInputFiles(good.slice(1));
    await page.locator("[role=alert]").filter({ hasText: "expected train-images-idx3-ubyte" }).waitFor();
    await field.setInputFiles([{ ...(good[0] as (typeof good)[0]), buffer: Buffer.from("no IDX") }, ...good.slice(1)]);
    await page.locator("[role=alert]").filter({ hasText: "magic number 2051" }).waitFor();
    await field.setInputFiles(good);
    await page.getByText("Your files: 400 training and 100 test images.").waitFor();
    await page.getByText("step 0 of 40,").waitFor();
    await page.getByRole("button", { name: "Start the race" }).click();
    await page.getByRole("heading", { name: "Results" }).waitFor();
    const card = page.locator(".verdict", { hasText: "Results" });
    expect(await card.textContent()).toContain("better than zeros");
    expect(await page.locator(".command").textContent()).toContain("--data FOLDER");
    expect(page.url()).not.toContain("idx");
    await page.getByRole("button", { name: "Use the generated images" }).click();
    await page.getByText("step 0 of 400,").waitFor();
    expect(troubles).toEqual([]);
    await close();
  });

  it("reports that no difference was detected", async () => {
    const hash = "#v=1&view=race&net=784,8,10&init=he_normal,he_uniform&seeds=6&epochs=1&batch=256";
    const { page, close } = await site.open(hash);
    await page.getByRole("button", { name: "Start the race" }).click();
    await page.getByRole("heading", { name: "Results" }).waitFor();
    expect(await page.locator(".standings").textContent()).toContain("no difference detected");
    await close();
  });
});

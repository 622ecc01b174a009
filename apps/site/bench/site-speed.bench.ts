// How fast the built site is in Chromium: a slider's move in Signal, the main thread's longest task, Race against Node.
// Source: the bounds of the demo's issue: 100 ms in the worker, 50 ms in the main thread, half of Node's speed.

import { compareConfig, type Dataset, proceduralDataset, TrainRun } from "@fanin/lab";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { launch, openPage } from "../test/chromium.ts";
import { median, recordedMessages, recordMessages, threadTasks } from "../test/measure.ts";
import { type StaticHost, startHost } from "../test/static-host.ts";

const short = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
// Written past vitest's own reporter, which would put a frame around every line.
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

describe("the site", () => {
  let browser: Browser;
  let host: StaticHost;
  beforeAll(async () => {
    [browser, host] = await Promise.all([launch(), startHost()]);
  });
  afterAll(async () => {
    await browser.close();
    host.close();
  });

  it.each(["glorot_uniform", "he_normal", "orthogonal"])("redraws Signal after a move, 50x256, %s", async (init) => {
    const { page, close } = await openPage(browser, "about:blank", {}, recordMessages);
    await page.goto(`${host.url}#v=1&net=784,256x50,10&init=${init}`);
    await page.locator(".figures svg").first().waitFor();
    await page.getByLabel("Bias, standard deviation", { exact: true }).focus();
    const move = async (): Promise<void> => {
      await page.keyboard.press("ArrowRight");
      await page.waitForTimeout(900);
    };
    for (let i = 0; i < 3; i++) await move();
    const before = (await recordedMessages(page)).length;
    const moves = 9;
    const { main, worker } = await threadTasks(browser, page, async () => {
      for (let i = 0; i < moves; i++) await move();
    });
    const messages = (await recordedMessages(page)).slice(before);
    const drawn = messages.flatMap(({ kind, milliseconds }) => (kind === "part" ? (milliseconds ?? []) : []));
    say(
      `Signal ${init}: drawing in the worker, wall clock: median ${short(median(drawn))} ms of ${drawn.length} moves`,
    );
    say(`  worker, CPU, drawing and verdict: median ${short(median(worker.slice(0, moves)))} ms`);
    say(`  main thread, CPU, longest task: ${short(main[0] ?? 0)} ms`);
    await close();
  });

  it("loads without a long task of the main thread", async () => {
    for (const hash of ["", "#v=1&view=phase", "#v=1&view=race", "#v=1&view=weights", "#v=1&view=code", "story.html"]) {
      const { page, close } = await openPage(browser, "about:blank");
      const { main } = await threadTasks(browser, page, async () => {
        await page.goto(host.url + hash);
        await page.waitForTimeout(2500);
      });
      say(`load ${hash || "#"}: main thread, CPU, longest tasks ${main.slice(0, 3).map(short).join(", ")} ms`);
      await close();
    }
  });

  it("races at a share of Node's speed", async () => {
    const dataset = proceduralDataset();
    const config = compareConfig({
      layers: [784, 128, 10],
      initializers: ["glorot_uniform", "he_normal"],
      optimizer: "sgd",
      seeds: [0],
      epochs: 3,
      batch: 32,
    });
    const { page, close } = await openPage(
      browser,
      `${host.url}#v=1&view=race&net=784,128,10&init=glorot_uniform,he_normal&seeds=1&epochs=3`,
    );
    await page.getByText("step 0 of 300").waitFor();
    const ratios: number[] = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      await page.getByRole("button", { name: /Start the race|Run again/ }).click();
      await page.getByText(/step (\d\d?|[12]\d\d) of 300/).waitFor();
      await page.getByText("step 300 of 300").waitFor();
      const inBrowser = 600 / (performance.now() - start);
      const inNode = 600 / (await trainInNode(config, dataset));
      ratios.push(inBrowser / inNode);
      say(`Race: ${short(1000 * inBrowser)} steps/s in Chromium, ${short(1000 * inNode)} in Node`);
    }
    say(`Race: ${short(median(ratios))} of Node's speed (median of ${ratios.length} rounds)`);
    await close();
  });
});

/** Milliseconds of the same training without a page. */
async function trainInNode(config: ReturnType<typeof compareConfig>, dataset: Dataset): Promise<number> {
  const start = performance.now();
  for (const initializer of config.initializers) {
    const run = await TrainRun.open(config, dataset, { initializer, seed: 0 });
    while (!run.isDone) run.step();
    await run.finish();
    run.dispose();
  }
  return performance.now() - start;
}

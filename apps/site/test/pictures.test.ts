// Compares a picture of each view with a reviewed one: 390 and 1440 px, light and dark.
// Pictures are reduced to a fifth, so that layout and colour are compared, not the edges of letters. After an intended change,
// run FANIN_UPDATE_PICTURES=1 npx vitest run test/pictures.test.ts and review the changes in test/pictures.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { describeSite } from "./describe-site.ts";
import { views } from "./views.ts";

const folder = fileURLToPath(new URL("pictures/", import.meta.url));
const isUpdate = process.env["FANIN_UPDATE_PICTURES"] === "1";
const SHRINK = 5;
/** The widths of a text in the page's two fonts on the machine that made the pictures. */
const FONTS = "pictures.json";

// Limits of the mean difference of a channel (of 255), and of the share of pixels that differ by more than 40: with the fonts of
// the pictures, and with others, which break lines elsewhere. An empty or unstyled view, or the other theme, exceeds both.
const tolerances = { same: { mean: 2.5, share: 0.02 }, other: { mean: 14, share: 0.2 } };

interface Difference {
  readonly mean: number;
  readonly share: number;
}

function nameOf(path: string): string {
  return /view=(\w+)/.exec(path)?.[1] ?? (path.startsWith("story") ? "story" : "start");
}

/** Returns the reduced picture as a PNG in base64, and its differences from `before`. */
function judge(page: Page, png: string, before: string | null): Promise<{ small: string; difference: Difference }> {
  return page.evaluate(
    async ([now, old, shrink]) => {
      const load = async (base64: string): Promise<HTMLImageElement> => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        return image;
      };
      const canvas = document.createElement("canvas");
      const draw = async (base64: string, divisor: number): Promise<Uint8ClampedArray> => {
        const image = await load(base64);
        [canvas.width, canvas.height] = [Math.round(image.width / divisor), Math.round(image.height / divisor)];
        const context = canvas.getContext("2d") as CanvasRenderingContext2D;
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return context.getImageData(0, 0, canvas.width, canvas.height).data;
      };
      const expected = old === null ? null : await draw(old, 1);
      const got = await draw(now, shrink);
      const small = canvas.toDataURL("image/png").replace(/^.*,/, "");
      if (expected === null || expected.length !== got.length) return { small, difference: { mean: 255, share: 1 } };
      let [sum, beyond] = [0, 0];
      for (let i = 0; i < got.length; i += 4) {
        const channels = [0, 1, 2].map((c) => Math.abs((got[i + c] ?? 0) - (expected[i + c] ?? 0)));
        sum += channels.reduce((total, channel) => total + channel, 0) / 3;
        if (Math.max(...channels) > 40) beyond++;
      }
      return { small, difference: { mean: (4 * sum) / got.length, share: (4 * beyond) / got.length } };
    },
    [png, before, SHRINK] as const,
  );
}

function fontWidths(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    ["system-ui, sans-serif", "monospace"].map((family) => {
      const context = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
      context.font = `100px ${family}`;
      return Math.round(context.measureText("What does a start do to the signal? 0123456789").width);
    }),
  );
}

describeSite("pictures of the site", (site) => {
  let desk: Page;
  let hasSameFonts = true;
  beforeAll(async () => {
    desk = await site.browser.newPage();
    const fonts = JSON.stringify(await fontWidths(desk));
    mkdirSync(folder, { recursive: true });
    if (isUpdate) writeFileSync(folder + FONTS, `${fonts}\n`);
    hasSameFonts = readFileSync(folder + FONTS, "utf8").trim() === fonts;
  });
  const cases = Object.entries(views).flatMap(([path, sign]) =>
    [1440, 390].map((width) => ({ name: nameOf(path), path, sign, width })),
  );
  it.each(cases)("$name matches its picture, $width px, light and dark", async ({ name, path, sign, width }) => {
    const viewport = { width, height: width < 500 ? 844 : 900 };
    const { page, close } = await site.open(path, { viewport, reducedMotion: "reduce", deviceScaleFactor: 1 });
    await page.waitForSelector(sign);
    if (path.includes("weights")) {
      await page.getByRole("button", { name: /example/ }).click();
      await page.waitForSelector(".figures .wide svg");
    }
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      const png = (await page.screenshot({ animations: "disabled", caret: "hide" })).toString("base64");
      const file = `${folder}${name}-${width}-${theme}.png`;
      const before = existsSync(file) ? readFileSync(file).toString("base64") : null;
      const { small, difference } = await judge(desk, png, before);
      if (isUpdate) {
        writeFileSync(file, Buffer.from(small, "base64"));
        continue;
      }
      const { mean, share } = hasSameFonts ? tolerances.same : tolerances.other;
      expect(difference.mean, `${file}: mean difference`).toBeLessThan(mean);
      expect(difference.share, `${file}: share of pixels that differ`).toBeLessThan(share);
    }
    await close();
  });
});

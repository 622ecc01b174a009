// Starts Chromium, if available, and opens pages that record their errors, policy violations and requests.

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { chromiumPath, missingChromium } from "../../../scripts/chromium.mjs";

export { chromiumPath };

/** The suffix of the name of a skipped suite. */
export const missing: string = chromiumPath === undefined ? missingChromium : "";

/** Starts Chromium; root cannot use its sandbox. */
export function launch(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("no Chromium");
  return chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/** A page and its errors. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors and warnings, exceptions, violations of the policy, requests off the origin or failed. */
  readonly troubles: string[];
  readonly requested: string[];
  close(): Promise<void>;
}

/** Opens `url` in a new context; calls `prepare` first. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<void> = async () => undefined,
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  // What is waited for comes: a little before the test's own limit, which does not say what was waited for.
  page.setDefaultTimeout(110_000);
  const troubles: string[] = [];
  const requested: string[] = [];
  const { origin } = new URL(url);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`exception: ${error.message}`));
  context.on("request", (request) => {
    requested.push(request.url());
    if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== origin) {
      troubles.push(`off the origin: ${request.url()}`);
    }
  });
  context.on("requestfailed", (request) => troubles.push(`failed: ${request.url()}`));
  context.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`HTTP ${response.status()}: ${response.url()}`);
  });
  await prepare(page);
  await page.goto(url);
  return { page, troubles, requested, close: () => context.close() };
}

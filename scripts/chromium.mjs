// Finds a Chromium on this machine, for the tests that need a browser.
// @ts-check

import { existsSync } from "node:fs";

const places = [
  process.env["FANIN_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of the browser, or undefined. */
export const chromiumPath = places.find((place) => place && existsSync(place));

/** The suffix of a suite's name if its tests are skipped. */
export const missingChromium =
  " (skipped: no Chromium found; run apt-get install chromium, or set FANIN_CHROMIUM to its path)";

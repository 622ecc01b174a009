// Where this machine has a Chromium, for the tests that want a browser.
// @ts-check

import { existsSync } from "node:fs";

const places = [
  process.env["FANIN_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser's path; undefined where there is none. */
export const chromiumPath = places.find((place) => place && existsSync(place));

/** What a suite's name says where its tests are left out. */
export const missingChromium = " (left out: no Chromium here; apt-get install chromium, or set FANIN_CHROMIUM to one)";

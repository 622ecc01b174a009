// A suite of tests of the built site, with a browser and a static host. Skipped without Chromium.

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { chromiumPath, launch, missing, openPage, type WatchedPage } from "./chromium.ts";
import { type StaticHost, startHost } from "./static-host.ts";

/** The browser and the site of a suite. */
export class Site {
  #browser: Browser | undefined;
  #host: StaticHost | undefined;

  get browser(): Browser {
    if (!this.#browser) throw new Error("the browser exists only while tests run");
    return this.#browser;
  }

  /** Ends in a slash. */
  get url(): string {
    return this.#host?.url ?? "";
  }

  /** Opens a page of the site in a new context; calls `prepare` first. */
  open(path: string, options?: BrowserContextOptions, prepare?: (page: Page) => Promise<void>): Promise<WatchedPage> {
    return openPage(this.browser, this.url + path, options, prepare);
  }

  async begin(): Promise<void> {
    [this.#browser, this.#host] = await Promise.all([launch(), startHost()]);
  }

  async end(): Promise<void> {
    await this.#browser?.close();
    this.#host?.close();
  }
}

/** Declares tests of the site. */
export function describeSite(name: string, tests: (site: Site) => void): void {
  describe.skipIf(chromiumPath === undefined)(name + missing, () => {
    const site = new Site();
    beforeAll(() => site.begin());
    afterAll(() => site.end());
    tests(site);
  });
}

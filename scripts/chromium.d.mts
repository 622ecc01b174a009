// The types of chromium.mjs, for tests in TypeScript.

/** The path of the browser, or undefined. */
export declare const chromiumPath: string | undefined;

/** The suffix of a suite's name if its tests are skipped. */
export declare const missingChromium: string;

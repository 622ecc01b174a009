// The types of chromium.mjs, for tests in TypeScript.

/** The browser's path; undefined where there is none. */
export declare const chromiumPath: string | undefined;

/** What a suite's name says where its tests are left out. */
export declare const missingChromium: string;

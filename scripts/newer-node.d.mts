// The types of newer-node.mjs, for tests in TypeScript.

/** The suffix of a suite's name if its tests are skipped. */
export declare const missingNewerNode: string;

/** The path of a Node with relaxed SIMD, or undefined. */
export declare function newerNode(): string | undefined;

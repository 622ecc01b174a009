// The types of newer-node.mjs, for tests in TypeScript.

/** What a suite's name says where its tests are left out. */
export declare const missingNewerNode: string;

/** The path of a Node with relaxed SIMD; undefined where none can be had. */
export declare function newerNode(): string | undefined;

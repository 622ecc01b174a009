// The documents that people read: those at the root, the guides in docs/, and a README of each published package.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { published, root } from "./published.ts";

/** Paths from the root. */
export const documents: readonly string[] = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...published.map(({ folder }) => `${folder}/README.md`),
];

/** The text of a file of the repository. */
export const readDocument = (path: string): string => readFileSync(join(root, path), "utf8");

// Small text files of a folder of weights: read where they are there, written whole or not at all.

import { readFile } from "node:fs/promises";
import { writeFileAtomically } from "@fanin/formats/node";

/** Writes `text`, also where several machines write the same file; it is in the folder `staging` until it is whole. */
export async function writeText(path: string, text: string, staging: string): Promise<void> {
  await writeFileAtomically(path, new TextEncoder().encode(text), { force: true, staging });
}

/** The text of a file; undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

// Small text files of a folder of weights: read where they are there, written whole or not at all.

import { readFile } from "node:fs/promises";
import { writeFileAtomically } from "@fanin/formats/node";

/** Writes `text`, also where several machines write the same file. */
export async function writeText(path: string, text: string): Promise<void> {
  await writeFileAtomically(path, new TextEncoder().encode(text), { force: true });
}

/** The text of a file; undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

// Reads and atomically writes small text files of a folder of weights.

import { readFile } from "node:fs/promises";
import { writeFileAtomically } from "@fanin/formats/node";

/** Writes `text` atomically, also if several machines write the same file. It is in the folder `staging` until complete. */
export async function writeText(path: string, text: string, staging: string): Promise<void> {
  await writeFileAtomically(path, new TextEncoder().encode(text), { force: true, staging });
}

/** The text of a file; undefined if it does not exist. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

// Files that appear whole or not at all, whenever the process or the machine stops.
// Source: POSIX rename(2), which replaces a file at once; the folder is flushed too, so that the new name outlives a power cut.

import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { threadId } from "node:worker_threads";

/** The end of the names of files that are not whole yet. */
export const TEMPORARY = ".tmp";

/** Writes a file to a temporary name beside it, flushes it, and renames it. */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}-${threadId}${TEMPORARY}`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), "r");
  try {
    // Not every file system can flush a folder; then the file itself is as safe as it gets.
    await folder.sync().catch(() => undefined);
  } finally {
    await folder.close();
  }
}

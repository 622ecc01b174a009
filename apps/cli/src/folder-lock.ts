// A lock that lets one process at a time write to a folder, and that is taken over from an ended process.
// The file contains pid, start time and machine: the system, not a timeout, determines whether the holder has ended.

import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isGone, ownIdentity, type ProcessIdentity, temporaryName } from "@fanin/formats/node";
import { CommandError, exitCodes } from "./exit-codes.ts";

const LOCK = "lock";

/** A held lock. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Parses the holder from the text of a lock; null for invalid text. */
function readHolder(text: string): ProcessIdentity | null {
  try {
    const { pid, host, start = "" } = JSON.parse(text) as Partial<ProcessIdentity>;
    const isHolder = typeof pid === "number" && typeof host === "string" && typeof start === "string";
    return isHolder ? { pid, host, start } : null;
  } catch {
    return null;
  }
}

/**
 * Takes the lock of `folder`.
 *
 * @throws CommandError that names the process that holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK);
  const own = temporaryName(folder, LOCK);
  const text = `${JSON.stringify(ownIdentity())}\n`;
  await writeFile(own, text, { flag: "wx" });
  try {
    for (;;) {
      try {
        // A link appears with its complete content, or fails if the name is taken.
        await link(own, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      await removeStale(folder, path);
    }
  } finally {
    await rm(own, { force: true });
  }
  return {
    async release() {
      if ((await readFile(path, "utf8").catch(() => "")) === text) await rm(path, { force: true });
    },
  };
}

/** Runs `body` while this process holds the lock of `folder`; throws as {@link lockFolder} and `body` do. */
export async function withFolderLock<T>(folder: string, body: () => Promise<T>): Promise<T> {
  const lock = await lockFolder(folder);
  try {
    return await body();
  } finally {
    await lock.release();
  }
}

/** Removes the lock at `path` if its holder has ended. */
async function removeStale(folder: string, path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return;
  const holder = readHolder(text);
  if (holder !== null && !isGone(holder)) {
    const { pid, host } = holder;
    const isFar = host !== ownIdentity().host;
    const advice = isFar ? "; if that process has ended, remove the file" : "";
    throw new CommandError(exitCodes.io, `${path}: process ${pid} on ${host} uses this folder${advice}`);
  }
  // Of several processes that find it stale, one moves it. If that is already a new lock, it is put back.
  const moved = temporaryName(folder, `${LOCK}.stale`);
  await rename(path, moved).catch(() => undefined);
  const seized = await readFile(moved, "utf8").catch(() => text);
  if (seized !== text) await link(moved, path).catch(() => undefined);
  await rm(moved, { force: true });
}

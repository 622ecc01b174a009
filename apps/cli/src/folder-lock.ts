// A lock that lets one process at a time write to a folder, and is taken over from one that is gone.
// The file names process, start and machine: whether the holder is gone is what the system says of it, not how long it is silent.

import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isGone, ownIdentity, type ProcessIdentity, temporaryName } from "@fanin/formats/node";
import { CommandError, exitCodes } from "./exit-codes.ts";

const LOCK = "lock";

/** A lock that is held. */
export interface FolderLock {
  release(): Promise<void>;
}

/** The holder that a lock's text names; null for a text that names none, which nobody writes. */
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
 * @throws CommandError naming the process that holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK);
  const own = temporaryName(folder, LOCK);
  const text = `${JSON.stringify(ownIdentity())}\n`;
  await writeFile(own, text, { flag: "wx" });
  try {
    for (;;) {
      try {
        // A link appears with its whole content, or not at all where the name is taken.
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

/** Runs `body` while this process holds the lock of `folder`; throws as {@link lockFolder} does, and what `body` throws. */
export async function withFolderLock<T>(folder: string, body: () => Promise<T>): Promise<T> {
  const lock = await lockFolder(folder);
  try {
    return await body();
  } finally {
    await lock.release();
  }
}

/** Removes the lock at `path` if its holder is gone. */
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
    const advice = isFar ? "; if that process is over, remove the file" : "";
    throw new CommandError(exitCodes.io, `${path}: process ${pid} on ${host} is at work in this folder${advice}`);
  }
  // Of several that find it stale, one moves it; what was moved may by then be the lock of a quicker one: put it back.
  const moved = temporaryName(folder, `${LOCK}.stale`);
  await rename(path, moved).catch(() => undefined);
  const seized = await readFile(moved, "utf8").catch(() => text);
  if (seized !== text) await link(moved, path).catch(() => undefined);
  await rm(moved, { force: true });
}

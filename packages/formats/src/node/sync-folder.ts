// Flushes the names in a folder to disk.

import { open } from "node:fs/promises";

/**
 * Makes the new names in `folder` survive a power failure. Systems that cannot flush a folder do so on their own.
 *
 * @example
 * await syncFolder("build");
 */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

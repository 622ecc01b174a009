// A folder's names, flushed to disk.

import { open } from "node:fs/promises";

/**
 * Makes the new names in `folder` outlive a power cut; systems that cannot flush a folder do so by themselves.
 *
 * @example
 * await syncFolder("build");
 */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

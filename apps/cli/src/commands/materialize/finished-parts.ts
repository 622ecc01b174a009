// Removes the leftovers of parts once the weights are complete, except for those of running processes.

import type { WeightsFolder, WeightsOutline } from "@fanin/models";
import { CommandError } from "../../exit-codes.ts";
import { withFolderLock } from "../../folder-lock.ts";

/** Removes the records of a complete folder, and the parts of ended processes. */
export async function removeFinishedParts(folder: WeightsFolder, outline: WeightsOutline): Promise<void> {
  for (const name of await folder.partNames()) {
    try {
      await withFolderLock(await folder.makePart(name), () => folder.removePart(name));
    } catch (error) {
      // That process will notice that the work is finished.
      if (!(error instanceof CommandError)) throw error;
    }
  }
  await folder.tidy(outline);
}

// What is left of the parts once the weights are whole: removed, but for those at which another process is still at work.

import type { WeightsFolder, WeightsOutline } from "@fanin/models";
import { CommandError } from "../exit-codes.ts";
import { withFolderLock } from "../folder-lock.ts";

/** Removes the records of a complete folder, and the parts of processes that are gone. */
export async function removeFinishedParts(folder: WeightsFolder, outline: WeightsOutline): Promise<void> {
  for (const name of await folder.partNames()) {
    try {
      await withFolderLock(await folder.makePart(name), () => folder.removePart(name));
    } catch (error) {
      // It is at work on what is finished already, and will find that out.
      if (!(error instanceof CommandError)) throw error;
    }
  }
  await folder.tidy(outline);
}

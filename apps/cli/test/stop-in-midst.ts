// Stops a comparison within its second run, on machines of any speed.

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { fanin, type Outcome } from "./run-fanin.ts";

const DELAYS = [60, 30, 120, 15, 240, 5, 60, 30, 120, 15, 240, 5]; // milliseconds after the end of the first run

/**
 * Runs the comparison `words` with one thread in the folder `out`, and sends SIGINT once it has reported the end of its first run.
 *
 * @returns how it ended, and the names of the states that it saved; a second run that had not begun, or was over, is tried again.
 */
export async function stopInMidst(
  words: readonly string[],
  out: string,
): Promise<Outcome & { readonly saved: readonly string[] }> {
  for (const delay of DELAYS) {
    let sent = false;
    // Only the save at the signal.
    const stopped = await fanin([...words, "--jobs", "1", "--save-every", "1e9", "--out", out], {
      watch: (stderr, kill) => {
        if (sent || !/\[1\/\d+\]/.test(stderr)) return;
        sent = true;
        setTimeout(() => kill("SIGINT"), delay);
      },
    });
    const saved = await readdir(join(out, "checkpoints"));
    if (saved.length > 0) {
      expect(stopped.code).toBe(130);
      return { ...stopped, saved };
    }
    await rm(out, { recursive: true });
  }
  throw new Error(`expected a state saved at the signal, got none in ${DELAYS.length} attempts`);
}

// Reads progress and ends of runs from a queue's stream of events. Anybody can write to the stream, so invalid entries are
// skipped, and results are never taken from an entry but looked up.
// Source: Redis's XREAD; BullMQ's stream of events.

import type { RunProgress } from "@fanin/lab";
import type { Redis } from "ioredis";

const BLOCK = 5_000; // milliseconds that a read waits
const PAUSE = 500; // milliseconds after a failed read
const MAX_ENTRIES = 500; // of one read

/** Callbacks for events of runs. */
export interface RunEvents {
  progress(id: string, progress: RunProgress): void;
  /** Called when runs have finished or failed. */
  ended(): void;
  failed(error: unknown): void;
}

/** The progress in `text`; undefined if invalid. */
function readProgress(text: string | undefined): RunProgress | undefined {
  try {
    const value = JSON.parse(text ?? "null") as Partial<RunProgress> | null;
    const { epoch = Number.NaN, step = Number.NaN, steps = Number.NaN, loss = Number.NaN } = value ?? {};
    const isWhole = [epoch, step, steps].every((count) => Number.isSafeInteger(count) && count >= 0);
    return isWhole && steps > 0 && typeof loss === "number" ? { epoch, step, steps, loss } : undefined;
  } catch {
    return undefined;
  }
}

function readEntry(fields: readonly string[], events: RunEvents): boolean {
  const entry = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) entry.set(fields[i] ?? "", fields[i + 1] ?? "");
  const [event, id] = [entry.get("event"), entry.get("jobId")];
  if (event === "progress" && id !== undefined) {
    const progress = readProgress(entry.get("data"));
    if (progress) events.progress(id, progress);
  }
  return event === "completed" || event === "failed";
}

/** Reads the stream `key` until the connection is ended. */
export async function readRunEvents(
  connection: Redis,
  key: string,
  signal: AbortSignal,
  events: RunEvents,
): Promise<void> {
  let last = "$";
  while (!signal.aborted) {
    try {
      const answer = await connection.xread("COUNT", MAX_ENTRIES, "BLOCK", BLOCK, "STREAMS", key, last);
      let isOver = false;
      for (const [, entries] of (answer ?? []) as [string, [string, string[]][]][]) {
        for (const [position, fields] of entries) {
          last = position;
          if (readEntry(fields, events)) isOver = true;
        }
      }
      if (isOver) events.ended();
    } catch (error) {
      if (signal.aborted) return;
      events.failed(error);
      // A restart may empty the stream; its next entries then precede the last one read.
      last = "$";
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

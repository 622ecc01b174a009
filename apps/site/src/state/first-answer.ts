// The answer of the default state, computed at build time by the worker's code. Its figures are in the HTML for the first
// paint; its texts and tables are in the script.

import { firstAnswer } from "virtual:first-answer";
import type { SignalAnswer } from "../worker/signal-task.ts";

/** Returns the answer with the drawings of the delivered page; null if they are gone. */
export function takeFirstAnswer(): SignalAnswer | null {
  const drawings = [...document.querySelectorAll("#view .drawing")].map(({ innerHTML }) => innerHTML);
  const { profiles, strips } = firstAnswer;
  if (drawings.length !== profiles.length + strips.length) return null;
  return {
    ...firstAnswer,
    profiles: profiles.map((figure, i) => ({ ...figure, svg: drawings[i] ?? "" })),
    strips: strips.map((figure, i) => ({ ...figure, svg: drawings[profiles.length + i] ?? "" })),
  };
}

// The initializer that a tensor looks like, as one cell of a table.

import type { WeightFamily } from "@fanin/lab";

/** The description, and how sure it is where that is not quite. */
export function familyText({ description, confidence }: WeightFamily): string {
  return confidence < 0.99 ? `${description} (${Math.round(100 * confidence)} %)` : description;
}

// Formats the identified initializer of a tensor as a cell of a table.

import type { WeightFamily } from "@fanin/lab/weights";

/** Formats the description, with the confidence if it is below 99 %. */
export function familyText({ description, confidence }: WeightFamily): string {
  return confidence < 0.99 ? `${description} (${Math.round(100 * confidence)} %)` : description;
}

// Formats counts with nouns, without separators, so that scripts can read them.

/** Formats `1 run` or `2 runs`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

// Counts with their nouns, as the terminal shows them: digits without separators, which a script can read.

/** `1 run`, `2 runs`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

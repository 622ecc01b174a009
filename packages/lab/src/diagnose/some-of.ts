// The first few of many names, in one sentence.

/** `a, b and 3 more`: at most `most` of the names. */
export function someOf(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

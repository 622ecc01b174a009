// Lists the first few of many names.

/** `a, b and 3 more`: lists at most `most` names. */
export function someOf(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

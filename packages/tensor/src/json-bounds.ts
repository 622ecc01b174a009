// How many values JSON text has and how deep it nests, found before JSON.parse allocates anything.
// Source: RFC 8259, section 9: an implementation may set limits on the size and the depth of texts that it accepts.

/** The bounds of a text that Node reads for a command or a model. */
export const jsonBounds = { values: 2_000_000, depth: 200 } as const;

/**
 * Which bound JSON text exceeds, in one pass that allocates nothing. An empty list or object counts twice; syntax is not checked.
 *
 * @example
 * jsonExcess("[[1]]", 10, 1); // => 'depth'
 */
export function jsonExcess(text: string, values: number, depth: number): "values" | "depth" | undefined {
  let found = 1;
  let nesting = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22) {
      for (i++; i < text.length; i++) {
        const inner = text.charCodeAt(i);
        if (inner === 0x22) break;
        if (inner === 0x5c) i++;
      }
    } else if (unit === 0x2c) found++;
    else if (unit === 0x7b || unit === 0x5b) {
      found++;
      if (++nesting > depth) return "depth";
    } else if (unit === 0x7d || unit === 0x5d) nesting--;
    if (found > values) return "values";
  }
  return undefined;
}

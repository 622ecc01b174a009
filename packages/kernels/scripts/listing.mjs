// One line of source for a list of names or parameters, or one for each where they do not fit into 120 columns.
// Source: the layout of this repository's formatter, which leaves generated files alone.
// @ts-check

/**
 * @param {string} before such as "export function f("
 * @param {string[]} items
 * @param {string} after such as "): void {"
 */
export function listing(before, items, after) {
  const padded = before.endsWith("{") && after.startsWith("}");
  const line = padded ? `${before} ${items.join(", ")} ${after}` : `${before}${items.join(", ")}${after}`;
  return line.length <= 120 ? line : [before, ...items.map((item) => `  ${item},`), after].join("\n");
}

// A strict reader of markup: what a sloppy parser would forgive is an error here.

/** One element as it was opened. */
export interface MarkupElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The names of the elements around it, the outermost first. */
  readonly path: readonly string[];
}

const voids = new Set(["meta", "br", "wbr"]);
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function decode(text: string): string {
  return text.replace(/&([^;]*;?)/g, (whole, name: string) => {
    const character = name.endsWith(";") ? entities[name.slice(0, -1)] : undefined;
    if (character === undefined) throw new Error(`unknown entity ${whole.slice(0, 20)}`);
    return character;
  });
}

/**
 * Every element of `markup` and all its text. Throws where tags do not balance, an attribute repeats or lacks double
 * quotes, or a bare `<`, `>` or `&` stands in text; `<style>` holds no markup.
 */
export function parseMarkup(markup: string): { elements: MarkupElement[]; text: string } {
  const elements: MarkupElement[] = [];
  const open: string[] = [];
  let text = "";
  let rest = markup.replace(/^<!DOCTYPE html>\n/, "");
  while (rest !== "") {
    const plain = /^[^<]+/.exec(rest)?.[0];
    if (plain !== undefined) {
      if (plain.includes(">")) throw new Error(`bare > in ${JSON.stringify(plain.slice(0, 60))}`);
      text += decode(plain);
      rest = rest.slice(plain.length);
      continue;
    }
    const closing = /^<\/([a-z][a-z0-9]*)>/.exec(rest);
    if (closing) {
      const expected = open.pop();
      if (expected !== closing[1]) throw new Error(`expected </${expected}>, got ${closing[0]}`);
      rest = rest.slice(closing[0].length);
      continue;
    }
    const opening = /^<([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)(\/?)>/.exec(rest);
    if (!opening) throw new Error(`not a tag: ${JSON.stringify(rest.slice(0, 80))}`);
    const [whole, name = "", list = "", slash] = opening;
    const attributes = new Map<string, string>();
    for (const [, key = "", value = ""] of list.matchAll(/ ([a-zA-Z-]+)(?:="([^"]*)")?/g)) {
      if (attributes.has(key)) throw new Error(`${name} has ${key} twice`);
      attributes.set(key, decode(value));
    }
    elements.push({ name, attributes, path: [...open] });
    rest = rest.slice(whole.length);
    if (name === "style") rest = rest.slice(rest.indexOf("</style>"));
    if (slash === "" && !voids.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(", ")}`);
  return { elements, text };
}

/** The values of every attribute that draws: paths, positions, sizes. */
export function drawingValues(elements: readonly MarkupElement[]): string[] {
  const names = ["d", "x", "y", "cx", "cy", "r", "transform", "viewBox"];
  return elements.flatMap(({ attributes }) => names.flatMap((name) => attributes.get(name) ?? []));
}

/** Strings that break out of markup where they are not escaped. */
export const hostileStrings: readonly string[] = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  "]]>",
  "</style></svg><svg onload=alert(1)>",
  "&lt;script&gt;",
  "<!-- ",
  "\u0000\u0007\ud800\uffff",
  "\u202egnirts",
];

// Initializers as people write them on a command line: `he_normal`, `random_normal(mean=0, stddev=1)`.

import { describeValue } from "@fanin/core";

/** What `get` of @fanin/core reads. */
export interface InitializerIdentifier {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const CALL = /^\s*([A-Za-z_]\w*)\s*(?:\(([\s\S]*)\))?\s*$/;
const ARGUMENT = /^\s*([A-Za-z_]\w*)\s*=\s*([\s\S]*?)\s*$/;

/**
 * Splits at commas that are outside of parentheses, brackets and quotes.
 *
 * @example
 * splitList("zeros,random_normal(mean=0,stddev=1)"); // => [ 'zeros', 'random_normal(mean=0,stddev=1)' ]
 */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (quote) {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if ("([".includes(character)) depth++;
    else if (")]".includes(character)) depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

/** A value as Python or JSON writes it: number, string, True, None, list. */
function parseValue(text: string, whole: string): unknown {
  const words: Record<string, unknown> = { None: null, null: null, True: true, true: true, False: false, false: false };
  if (Object.hasOwn(words, text)) return words[text];
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted) return quoted[2];
  const list = /^[[(]([\s\S]*)[\])]$/.exec(text);
  if (list) return list[1]?.trim() ? splitList(list[1]).map((part) => parseValue(part, whole)) : [];
  throw new RangeError(
    `initializer: expected a number, a quoted string or a list, got ${text} in ${describeValue(whole)}`,
  );
}

/**
 * The name and arguments of an initializer.
 *
 * @throws RangeError for text that is not a name or a call with `key=value` arguments.
 * @example
 * parseInitializer("random_normal(stddev=1)"); // { class_name: "random_normal", config: { stddev: 1 } }
 */
export function parseInitializer(text: string): InitializerIdentifier {
  const [, name, inner] = CALL.exec(text) ?? [];
  if (name === undefined) {
    throw new RangeError(
      `initializer: expected a name such as he_normal or random_normal(stddev=1), got ${describeValue(text)}`,
    );
  }
  const config: Record<string, unknown> = {};
  for (const argument of inner?.trim() ? splitList(inner) : []) {
    const [, key, value] = ARGUMENT.exec(argument) ?? [];
    if (key === undefined || value === undefined || value === "") {
      throw new RangeError(`initializer: expected key=value, got ${describeValue(argument)} in ${describeValue(text)}`);
    }
    if (Object.hasOwn(config, key)) {
      throw new RangeError(`initializer: ${key} is given twice in ${describeValue(text)}`);
    }
    config[key] = parseValue(value, text);
  }
  return { class_name: name, config };
}

// Initializers as people write them on a command line: `he_normal`, `random_normal(mean=0, stddev=1)`.

import { describeBriefly, describeValue } from "@fanin/core";
import { textLimits } from "@fanin/formats";

/** What `get` of @fanin/core reads. */
export interface InitializerIdentifier {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

// Of text without space at its ends: what could match in several ways would take time with the square of the length.
const CALL = /^([A-Za-z_]\w*)(?:\s*\(([\s\S]*)\))?$/;
const ARGUMENT = /^([A-Za-z_]\w*)\s*=([\s\S]*)$/;

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

/** Lists of more levels are no argument of an initializer. */
const DEEPEST_LIST = 16;

/** A value as Python or JSON writes it: number, string, True, None, list. */
function parseValue(text: string, whole: string, depth = 0): unknown {
  const words: Record<string, unknown> = { None: null, null: null, True: true, true: true, False: false, false: false };
  if (Object.hasOwn(words, text)) return words[text];
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted) return quoted[2];
  const list = /^[[(]([\s\S]*)[\])]$/.exec(text);
  if (list && depth < DEEPEST_LIST) {
    return list[1]?.trim() ? splitList(list[1]).map((part) => parseValue(part, whole, depth + 1)) : [];
  }
  throw new RangeError(
    `initializer: expected a number, a quoted string or a list, got ${describeBriefly(text)} in ${describeBriefly(whole)}`,
  );
}

/**
 * The name and arguments of an initializer.
 *
 * @throws RangeError for text that is not a name or a call with `key=value` arguments, or is longer than 10,000 characters.
 * @example
 * parseInitializer("random_normal(stddev=1)"); // { class_name: "random_normal", config: { stddev: 1 } }
 */
export function parseInitializer(text: string): InitializerIdentifier {
  const { initializerCharacters } = textLimits;
  if (text.length > initializerCharacters) {
    throw new RangeError(
      `initializer: expected at most ${initializerCharacters} characters, got ${text.length}: ${describeBriefly(text)}`,
    );
  }
  const [, name, inner] = CALL.exec(text.trim()) ?? [];
  if (name === undefined) {
    throw new RangeError(
      `initializer: expected a name such as he_normal or random_normal(stddev=1), got ${describeValue(text)}`,
    );
  }
  const config: Record<string, unknown> = {};
  for (const argument of inner?.trim() ? splitList(inner) : []) {
    const [, key, written] = ARGUMENT.exec(argument) ?? [];
    const value = written?.trim();
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

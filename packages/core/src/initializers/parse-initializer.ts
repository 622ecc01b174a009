// Initializers as people write them: `he_normal`, `constant(0.5)`, `random_normal(stddev=1)`.

import { describeBriefly, describeValue } from "@fanin/tensor/arguments";

/** An initializer by name and arguments, as `get` reads it. */
export interface InitializerIdentifier {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The most characters of an initializer that is written as text. */
const LONGEST_TEXT = 10_000;

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

/** No argument of an initializer is a list with more levels. */
const DEEPEST_LIST = 16;

/** Parses a Python or JSON value: number, string, True, None, list. */
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
 * The name and arguments of an initializer. Arguments without a key come first and get the keys of `parametersOf` in order.
 *
 * @throws RangeError for text that is not a name or a call, is longer than 10,000 characters, or has too many arguments.
 */
export function parseCall(text: string, parametersOf: (name: string) => readonly string[]): InitializerIdentifier {
  if (text.length > LONGEST_TEXT) {
    throw new RangeError(
      `initializer: expected at most ${LONGEST_TEXT} characters, got ${text.length}: ${describeBriefly(text)}`,
    );
  }
  const [, name, inner] = CALL.exec(text.trim()) ?? [];
  if (name === undefined) {
    throw new RangeError(
      `initializer: expected a name such as he_normal or random_normal(stddev=1), got ${describeValue(text)}`,
    );
  }
  const config: Record<string, unknown> = {};
  const whole = describeValue(text);
  let isKeyed = false;
  for (const [place, argument] of (inner?.trim() ? splitList(inner) : []).entries()) {
    const [, written, given = argument] = ARGUMENT.exec(argument) ?? [];
    const value = given.trim();
    if (value === "") {
      throw new RangeError(`initializer: expected a value or key=value, got ${describeValue(argument)} in ${whole}`);
    }
    isKeyed ||= written !== undefined;
    if (isKeyed && written === undefined) {
      throw new RangeError(
        `initializer: expected key=value after key=value, got ${describeValue(argument)} in ${whole}`,
      );
    }
    const key = written ?? positionalKey(name, parametersOf(name), place, whole);
    if (Object.hasOwn(config, key)) throw new RangeError(`initializer: ${key} is given twice in ${whole}`);
    config[key] = parseValue(value, text);
  }
  return { class_name: name, config };
}

function positionalKey(name: string, parameters: readonly string[], place: number, whole: string): string {
  const key = parameters[place];
  if (key !== undefined) return key;
  const most = parameters.length === 0 ? "no arguments" : `at most ${parameters.length} (${parameters.join(", ")})`;
  throw new RangeError(`initializer: ${name} takes ${most}, got more in ${whole}`);
}

// Checks of arguments. An error names the argument, the expected and the actual value: TypeError for kind, RangeError for value.

export { jsonBounds, jsonExcess } from "./json-bounds.ts";

const MAX_SHOWN = 80; // characters of a value in a message
const MAX_WORD = 64; // characters of a word to correct: computing the distance takes the product of two lengths

/**
 * Formats any value as a short text for error messages.
 *
 * @example
 * describeValue([1, "two"]); // => '[1, "two"]'
 */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return value.name ? `function ${value.name}` : "a function";
  if (Array.isArray(value)) return `[${value.map(describeValue).join(", ")}]`;
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  if (typeof value === "object" && value !== null) {
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      return Object.prototype.toString.call(value);
    }
  }
  return String(value);
}

/**
 * Formats a value as describeValue does, and shortens long texts.
 *
 * @example
 * describeBriefly("x".repeat(1000)).length; // => 83
 */
export function describeBriefly(value: unknown): string {
  if (value === undefined) return "nothing";
  let text: string;
  try {
    text = describeValue(value);
  } catch {
    return "a value nested too deep to show";
  }
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

/**
 * Returns `value` if it is a number or NaN: for parameters that a framework does not check.
 *
 * @example
 * expectReal("a", Number.NaN); // => NaN
 */
export function expectReal(name: string, value: unknown): number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected a number, got ${describeValue(value)}`);
  return value;
}

/**
 * Returns `value` if it is a number other than NaN.
 *
 * @example
 * expectNumber("learningRate", 1e-3); // => 0.001
 */
export function expectNumber(name: string, value: unknown): number {
  const number = expectReal(name, value);
  if (Number.isNaN(number)) throw new RangeError(`${name}: expected a number, got NaN`);
  return number;
}

/**
 * Returns `value` if it is a number or NaN, as in PyTorch and JAX.
 *
 * @example
 * expectNumberOrNaN("mean", Number.NaN); // => NaN
 */
export function expectNumberOrNaN(name: string, value: unknown): number {
  return typeof value === "number" && Number.isNaN(value) ? value : expectNumber(name, value);
}

/**
 * Returns `value` if it is a finite number above zero.
 *
 * @example
 * expectPositive("stddev", 0.05); // => 0.05
 */
export function expectPositive(name: string, value: unknown): number {
  const number = expectNumber(name, value);
  if (!(number > 0 && number < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name}: expected a finite number above 0, got ${describeValue(value)}`);
  }
  return number;
}

/**
 * Returns `value` if it is true or false.
 *
 * @example
 * expectBoolean("residual", true); // => true
 */
export function expectBoolean(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${name}: expected true or false, got ${describeValue(value)}`);
  return value;
}

/**
 * Returns `value` if it is an integer within [low, high].
 *
 * @example
 * expectInteger("epochs", 5, 1, 100); // => 5
 */
export function expectInteger(name: string, value: unknown, low: number, high: number): number {
  const number = expectNumber(name, value);
  if (!Number.isInteger(number) || number < low || number > high) {
    throw new RangeError(`${name}: expected an integer from ${low} to ${high}, got ${describeValue(value)}`);
  }
  return number;
}

/**
 * Returns `value` if it is one of `choices`; the error suggests the nearest.
 *
 * @example
 * expectOneOf("mode", "fan_in", ["fan_in", "fan_out"]); // => 'fan_in'
 */
export function expectOneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (typeof value !== "string") throw new TypeError(`${name}: expected a string, got ${describeValue(value)}`);
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw new RangeError(
      `${name}: expected one of ${choices.join(", ")}, got ${describeValue(value)}${suggestion(value, choices)}`,
    );
  }
  return choice;
}

/** Counts the edits (insert, delete, replace, swap neighbours) between two strings. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] as number) + 1, (row[j - 1] as number) + 1, (previous[j - 1] as number) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] as number) + 1);
      }
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] as number;
}

/**
 * Returns the candidate nearest to `word` if it is plausible; undefined for a word of more than 64 characters.
 *
 * @example
 * nearest("he_norml", ["he_normal", "he_uniform"]); // => 'he_normal'
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    // Each additional or missing character is an edit.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Returns `; did you mean "x"?` if a candidate is near to `word`, else an empty string.
 *
 * @example
 * suggestion("he_norml", ["he_normal", "he_uniform"]); // => '; did you mean "he_normal"?'
 */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? "" : `; did you mean ${JSON.stringify(candidate)}?`;
}

/**
 * Converts the name of an option to the spelling of Python and of configs.
 *
 * @example
 * snakeCase("inputAxes"); // => 'input_axes'
 */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Converts the key of a config to the name of the option.
 *
 * @example
 * camelCase("input_axes"); // => 'inputAxes'
 */
export function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

// Parses the arguments of a command by its tables, with node:util's parser; values stay text.

import { parseArgs } from "node:util";
import { suggestion } from "@fanin/tensor/arguments";
import { type Command, commonOptions, type Invocation, type Surroundings } from "./command.ts";
import { usageError } from "./exit-codes.ts";
import { withoutPassword } from "./queue/without-password.ts";

/** Rewrites `--lr -1` as `--lr=-1`, because a value may start with a minus; the command checks it. */
function joinValues(words: readonly string[], takesValue: (name: string) => boolean): string[] {
  const joined: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const next = words[i + 1];
    if (word.startsWith("--") && takesValue(word.slice(2)) && next !== undefined && /^-[\d.]/.test(next)) {
      joined.push(`${word}=${next}`);
      i++;
    } else joined.push(word);
  }
  return joined;
}

/** Quotes a word for a shell. */
export function quote(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Parses `words` for a command.
 *
 * @throws CommandError for an unknown option (with a suggestion), a missing value, too many or too few arguments.
 */
export function readArguments(
  name: string,
  command: Command,
  words: readonly string[],
  surroundings: Surroundings,
): Invocation {
  const table = { ...command.options, ...commonOptions };
  const takesValue = (option: string) => table[option]?.value !== undefined;
  // A shape such as -1x4 is a wrong argument, not an option.
  const dashed = words.filter((word) => /^-\d+x/.test(word));
  const { tokens } = parseArgs({
    args: joinValues(
      words.filter((word) => !dashed.includes(word)),
      takesValue,
    ),
    options: Object.fromEntries(
      Object.keys(table).map((option) => [
        option,
        { type: takesValue(option) ? "string" : "boolean", ...(option === "help" ? { short: "h" } : {}) } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string | true>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(table, token.name)) {
      const known = Object.keys(table).map((option) => `--${option}`);
      throw usageError(`unknown option ${token.rawName}${suggestion(token.rawName, known)}`);
    }
    if (takesValue(token.name) && token.value === undefined) {
      throw usageError(`--${token.name}: expected ${table[token.name]?.value}, got nothing`);
    }
    if (!takesValue(token.name) && token.value !== undefined) {
      throw usageError(`--${token.name}: expected no value, got ${token.value}`);
    }
    if (values.has(token.name)) throw usageError(`--${token.name} is given twice`);
    values.set(token.name, token.value ?? true);
  }
  positionals.push(...dashed);
  const required = command.positionals.filter((positional) => !positional.startsWith("["));
  const most = /\.\.\.\]?$/.test(command.positionals.at(-1) ?? "")
    ? Number.POSITIVE_INFINITY
    : command.positionals.length;
  if (!values.has("help") && !(positionals.length >= required.length && positionals.length <= most)) {
    const missing = command.positionals[positionals.length];
    throw usageError(
      missing ? `expected <${missing}>; see fanin ${name} --help` : `unexpected argument ${positionals.at(-1)}`,
    );
  }
  return {
    ...surroundings,
    positionals,
    option: (option) => {
      const value = values.get(option);
      return typeof value === "string" ? value : undefined;
    },
    isSet: (option) => values.get(option) === true,
    // Passwords in URLs must not appear in reports.
    commandLine: ["fanin", name, ...words].map((word) => quote(withoutPassword(word))).join(" "),
  };
}

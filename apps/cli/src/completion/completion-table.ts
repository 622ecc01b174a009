// What a shell can complete, as plain data taken from the commands' own tables.

import { type Command, commonOptions, type Option } from "../command.ts";

/** What comes at one place of a command line: one of some words, a file, or anything. */
export interface CompletionValue {
  /** What the help calls it. */
  readonly name: string;
  readonly words: readonly string[];
  readonly isFile: boolean;
  /** Whether several of the words may stand there with commas between them. */
  readonly isList: boolean;
}

/** An option, without its dashes. */
export interface CompletionOption {
  readonly name: string;
  readonly help: string;
  /** Absent for a switch. */
  readonly value?: CompletionValue;
}

/** A command. */
export interface CompletionCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletionOption[];
  readonly positionals: readonly CompletionValue[];
  /** Whether the last positional stands for any number. */
  readonly isOpen: boolean;
}

function optionOf(name: string, { value, help, choices = [], isList = false }: Option): CompletionOption {
  if (value === undefined) return { name, help };
  return { name, help, value: { name: value, words: choices, isFile: /\b(FILE|DIR)\b/.test(value), isList } };
}

/** The completions of one command. */
export function completionOf(name: string, summary: string, command: Command): CompletionCommand {
  const options = { ...command.options, ...commonOptions };
  return {
    name,
    summary,
    options: Object.entries(options).map(([option, row]) => optionOf(option, row)),
    positionals: command.positionals.map((positional) => {
      const plain = positional.replace(/^\[|\.\.\.|\]$/g, "");
      return {
        name: plain,
        words: command.choices?.[plain] ?? [],
        isFile: /^(FILE|DIR|IN|OUT|weights|.+\.json)$/.test(plain),
        isList: false,
      };
    }),
    isOpen: command.positionals.at(-1)?.includes("...") ?? false,
  };
}

/** Text as a shell's single quotes hold it. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

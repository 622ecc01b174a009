// Converts the tables of commands to plain data for completion.

import { type Command, commonOptions, type Option } from "../../command.ts";

/** The completion of one position: some words, a file, or nothing. */
export interface CompletionValue {
  /** The name in the help. */
  readonly name: string;
  readonly words: readonly string[];
  readonly isFile: boolean;
  /** Whether it is a comma-separated list of the words. */
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
  /** Whether the last positional may repeat. */
  readonly isOpen: boolean;
}

function optionOf(name: string, { value, help, choices = [], isList = false }: Option): CompletionOption {
  if (value === undefined) return { name, help };
  return { name, help, value: { name: value, words: choices, isFile: /\b(FILE|DIR)\b/.test(value), isList } };
}

/** Makes the completions of one command. */
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

/** Quotes text in single quotes for a shell. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

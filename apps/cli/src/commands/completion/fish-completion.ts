// The completion script for fish: one `complete` command for each word.
// Source: fish 3.7, complete(1).

import type { CompletionCommand, CompletionOption, CompletionValue } from "./completion-table.ts";

/** Quotes text in single quotes for fish, where a backslash escapes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function valueFlags({ words, isFile, isList }: CompletionValue): string {
  // fish evaluates the list of choices as a command.
  if (isList && words.length > 0) return ` -a "(__fish_complete_list , 'string join \\n ${words.join(" ")}')"`;
  if (words.length > 0) return ` -a ${quoted(words.join(" "))}`;
  return isFile ? " -F" : "";
}

/** Makes the script; `fanin completion fish | source` runs it. */
export function fishCompletion(commands: readonly CompletionCommand[]): string {
  const lines = ["# Completes fanin in fish. Made by: fanin completion fish", "complete -c fanin -f"];
  for (const { name, summary } of commands) {
    lines.push(`complete -c fanin -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`);
  }
  for (const { name, options, positionals } of commands) {
    const within = `complete -c fanin -n '__fish_seen_subcommand_from ${name}'`;
    // fish does not count arguments: every position offers the words of all positions.
    for (const value of positionals) {
      const flags = valueFlags(value);
      if (flags !== "") lines.push(`${within}${flags}`);
    }
    const optionLine = ({ name: option, help, value }: CompletionOption): string =>
      `${within} -l ${option}${value ? ` ${value.words.length > 0 ? "-x" : "-r"}${valueFlags(value)}` : ""} -d ${quoted(help)}`;
    lines.push(...options.map(optionLine));
  }
  return `${lines.join("\n")}\n`;
}

// The completion script for fish: one complete command for each word.
// Source: fish 3.7, complete(1).

import type { CompletionCommand, CompletionOption, CompletionValue } from "./completion-table.ts";

/** Text in fish's single quotes, where a backslash escapes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function valueFlags({ words, isFile, isList }: CompletionValue): string {
  // The list of choices is a command that fish runs.
  if (isList && words.length > 0) return ` -a "(__fish_complete_list , 'string join \\n ${words.join(" ")}')"`;
  if (words.length > 0) return ` -a ${quoted(words.join(" "))}`;
  return isFile ? " -F" : "";
}

/** The script; `fanin completion fish | source` runs it. */
export function fishCompletion(commands: readonly CompletionCommand[]): string {
  const lines = ["# Completes fanin in fish. Made by: fanin completion fish", "complete -c fanin -f"];
  for (const { name, summary } of commands) {
    lines.push(`complete -c fanin -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`);
  }
  for (const { name, options, positionals } of commands) {
    const within = `complete -c fanin -n '__fish_seen_subcommand_from ${name}'`;
    // fish does not count arguments: what any of them may be is offered at each.
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

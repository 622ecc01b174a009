// The completion script for zsh, by _arguments.
// Source: zshcompsys(1), zsh 5.9.

import { type CompletionCommand, type CompletionValue, singleQuoted } from "./completion-table.ts";

/** Escapes text in a specification of _arguments, where brackets and colons are special. */
const escaped = (text: string): string => text.replace(/[\\[\]:]/g, "\\$&");

function action({ words, isFile, isList }: CompletionValue): string {
  if (isList && words.length > 0) return `_values -s , word ${words.join(" ")}`;
  if (words.length > 0) return `(${words.join(" ")})`;
  return isFile ? "_files" : "";
}

function commandArm({ name, options, positionals, isOpen }: CompletionCommand): string {
  const specs = [
    ...options.map(({ name: option, help, value }) => {
      const argument = value ? `:${escaped(value.name)}:${action(value)}` : "";
      return `--${option}[${escaped(help)}]${argument}`;
    }),
    ...positionals.map((value, index) => {
      const isLast = isOpen && index === positionals.length - 1;
      return `${isLast ? "*" : index + 1}:${escaped(value.name)}:${action(value)}`;
    }),
  ];
  return `    ${name})\n      _arguments \\\n${specs.map((spec) => `        ${singleQuoted(spec)}`).join(" \\\n")}\n      ;;`;
}

/** Makes the script; evaluate it, or save it as `_fanin` in fpath. */
export function zshCompletion(commands: readonly CompletionCommand[]): string {
  const described = commands.map(({ name, summary }) => `    ${singleQuoted(`${name}:${escaped(summary)}`)}`);
  return `#compdef fanin
# Completes fanin in zsh. Made by: fanin completion zsh
_fanin() {
  local -a commands
  commands=(
${described.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandArm).join("\n")}
  esac
}
if [[ $funcstack[1] == _fanin ]]; then _fanin "$@"; else compdef _fanin fanin; fi
`;
}

// The completion script for bash: completes words from the tables, otherwise files.
// Source: GNU Bash manual 5.2, Programmable Completion.

import { type CompletionCommand, singleQuoted } from "./completion-table.ts";

const arm = (pattern: string, words: readonly string[]): string =>
  `    ${singleQuoted(pattern)}) words=${singleQuoted(words.join(" "))} ;;`;

/** Makes the script; `eval "$(fanin completion bash)"` runs it. */
export function bashCompletion(commands: readonly CompletionCommand[]): string {
  const names = [...commands.map(({ name }) => name), "help", "--help", "--version"];
  const valued = commands.map(({ name, options }) =>
    arm(
      name,
      options.flatMap((option) => (option.value ? [`--${option.name}`] : [])),
    ),
  );
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap((option) =>
      option.value && option.value.words.length > 0 ? [arm(`${name} --${option.name}`, option.value.words)] : [],
    ),
  );
  const lists = commands.flatMap(({ name, options: all }) =>
    all.flatMap((option) => (option.value?.isList ? [`${name} --${option.name}`] : [])),
  );
  const options = commands.map((command) =>
    arm(
      command.name,
      command.options.map((option) => `--${option.name}`),
    ),
  );
  const positionals = commands.flatMap((command) =>
    command.positionals.flatMap(({ words }, index) => {
      if (words.length === 0) return [];
      const isOpen = command.isOpen && index === command.positionals.length - 1;
      const places = isOpen ? `${singleQuoted(`${command.name} `)}*` : singleQuoted(`${command.name} ${index}`);
      return [`    ${places}) words=${singleQuoted(words.join(" "))} ;;`];
    }),
  );
  return `# Completes fanin in bash. Made by: fanin completion bash
_fanin() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command=\${COMP_WORDS[1]} words='' valued='' place=0 i
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${singleQuoted(names.join(" "))} -- "$current"))
    return
  fi
  case $command in
${valued.map((line) => line.replace("words=", "valued=")).join("\n")}
  esac
  if [[ " $valued " == *" $previous "* ]]; then
    case "$command $previous" in
${values.join("\n")}
    esac
    # Of a list the last word is completed, behind those that stand before its comma.
    case "$command $previous" in
    ${lists.map(singleQuoted).join(" | ") || "''"})
      if [[ $current == *,* ]]; then
        local before=\${current%,*} word prefixed=''
        for word in $words; do prefixed+="$before,$word "; done
        words=$prefixed
      fi
      ;;
    esac
  elif [[ $current == -* ]]; then
    case $command in
${options.join("\n")}
    esac
  else
    for ((i = 2; i < COMP_CWORD; i++)); do
      if [[ \${COMP_WORDS[i]} == -* ]]; then
        if [[ " $valued " == *" \${COMP_WORDS[i]} "* ]]; then ((i++)); fi
      else
        ((place++))
      fi
    done
    case "$command $place" in
${positionals.join("\n")}
    esac
  fi
  if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o bashdefault -o default -F _fanin fanin
`;
}

// `fanin completion`: prints a completion script, generated from the tables of all commands.

import { expectOneOf } from "@fanin/tensor/arguments";
import type { Command, Invocation } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { printResult } from "../../print-result.ts";
import { bashCompletion } from "./bash-completion.ts";
import { type CompletionCommand, completionOf } from "./completion-table.ts";
import { fishCompletion } from "./fish-completion.ts";
import { zshCompletion } from "./zsh-completion.ts";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
const shellNames = Object.keys(shells) as (keyof typeof shells)[];

export const completionCommand: Command = {
  summary: "Print a script that completes commands, options and names in a shell.",
  usage: "bash|zsh|fish [options]",
  examples: [
    'eval "$(fanin completion bash)"',
    "fanin completion zsh > ~/.zfunc/_fanin",
    "fanin completion fish > ~/.config/fish/completions/fanin.fish",
  ],
  positionals: ["SHELL"],
  choices: { SHELL: shellNames },
  options: {},
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const shell = expectOneOf("SHELL", invocation.positionals[0], shellNames);
  const table: CompletionCommand[] = [];
  for (const [name, { summary, load }] of Object.entries(invocation.commands))
    table.push(completionOf(name, summary, await load()));
  const script = shells[shell](table);
  if (invocation.isSet("json")) printResult(invocation, { shell, script });
  else invocation.stdout.write(script);
  return exitCodes.fine;
}

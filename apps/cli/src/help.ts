// Makes help texts from the tables.

import { type Command, type CommandEntry, commonOptions, type Option } from "./command.ts";
import { exitCodeMeanings, exitCodes } from "./exit-codes.ts";

function optionLines(options: Readonly<Record<string, Option>>): string[] {
  const rows = Object.entries(options).map(([name, option]) => ({
    left: `  --${name}${option.value === undefined ? "" : ` ${option.value}`}`,
    right: option.help + (option.default === undefined ? "" : ` (default: ${option.default})`),
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, right }) => `${left.padEnd(width + 2)}${right}`);
}

/** Formats `0 fine, 1 findings, ...`; describes findings, or omits them for commands without findings. */
function exitCodeLine(findings: string | undefined): string {
  const names = (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).filter(
    (name) => name !== "findings" || findings !== undefined,
  );
  const meaning = (name: keyof typeof exitCodes): string =>
    name === "findings" && findings !== undefined ? findings : exitCodeMeanings[name];
  return `Exit codes: ${names.map((name) => `${exitCodes[name]} ${meaning(name)}`).join(", ")}.`;
}

/** Makes the help of one command. */
export function commandHelp(name: string, command: Command): string {
  const own = Object.keys(command.options).length > 0 ? ["", "Options:", ...optionLines(command.options)] : [];
  return [
    command.summary,
    "",
    `Usage: fanin ${name} ${command.usage}`,
    ...own,
    "",
    "Common options:",
    ...optionLines(commonOptions),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
    exitCodeLine(command.findings),
    "",
  ].join("\n");
}

/** Makes the help of `fanin`. */
export function generalHelp(commands: Readonly<Record<string, CommandEntry>>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return [
    "fanin: compute the initial weights of Keras, PyTorch and JAX, bit for bit, and examine their effect on a network.",
    "",
    "Usage: fanin <command> [options]",
    "",
    "Commands:",
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width + 2)}${summary}`),
    "",
    "Run fanin <command> --help for details. Results go to stdout, progress to stderr.",
    exitCodeLine(exitCodeMeanings.findings),
    "",
  ].join("\n");
}

// `fanin list`: lists every initializer with its formula, typical use and paper.

import type { Command, Invocation } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { jaxFunctions } from "../../frameworks/jax-sample.ts";
import { type NamedArguments, required } from "../../frameworks/named-arguments.ts";
import { torchFunctions } from "../../frameworks/torch-sample.ts";
import { printResult } from "../../print-result.ts";
import { type Style, styleFor } from "../../terminal/style.ts";
import { type InitializerRow, initializerTable } from "./initializer-table.ts";

const WIDTH = 80;
const INDENT = 19; // the longest name and two spaces

export const listCommand: Command = {
  summary: "List the initializers: formula, typical use, paper and every name.",
  usage: "[options]",
  examples: ["fanin list", "fanin list --json"],
  positionals: [],
  options: {},
  run,
};

/** Makes the JSON of a framework's functions; `defaults` omits required arguments. */
function functionsOf(table: Readonly<Record<string, { readonly defaults: NamedArguments }>>) {
  return Object.entries(table).map(([name, { defaults }]) => ({
    name,
    required: Object.keys(defaults).filter((argument) => defaults[argument] === required),
    defaults: Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== required)),
  }));
}

/** Wraps `text` into lines of at most `width` characters; longer words stay whole. */
function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function rowLines({ name, aliases, formula, use, paper }: InitializerRow, { bold, dim }: Style): string[] {
  const indented = (text: string): string[] =>
    wrapWords(text, WIDTH - INDENT).map((line) => `${" ".repeat(INDENT)}${line}`);
  return [
    `${bold(name.padEnd(INDENT))}${formula}`,
    ...indented(`${use}; ${paper}`),
    ...indented(`also ${aliases.join(", ")}`).map(dim),
  ];
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const table = initializerTable();
  if (invocation.isSet("json")) {
    printResult(invocation, {
      initializers: table,
      torch: functionsOf(torchFunctions),
      jax: functionsOf(jaxFunctions),
    });
    return exitCodes.fine;
  }
  const style = styleFor(invocation);
  const section = (title: string, origin: InitializerRow["origin"]): string[] => [
    style.bold(title),
    "",
    ...table.filter((row) => row.origin === origin).flatMap((row) => rowLines(row, style)),
    "",
  ];
  const names = (title: string, functions: object): string[] => [
    style.bold(title),
    "",
    ...wrapWords(Object.keys(functions).join(", "), WIDTH - 2).map((line) => `  ${line}`),
    "",
  ];
  const lines = [
    ...section("Keras, with --stream keras/tensorflow, keras/jax, keras/torch or keras/numpy", "keras"),
    ...section("Beyond Keras, with the same streams", "beyond keras"),
    ...names("torch.nn.init, with --stream torch", torchFunctions),
    ...names("jax.nn.initializers, with --stream jax", jaxFunctions),
    "fanin sample NAME SHAPE shows the values of an initializer.",
  ];
  invocation.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.fine;
}

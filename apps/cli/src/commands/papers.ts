// `fanin papers`: recomputes the tables of the papers; prints each number beside the published one, with PASS or FAIL.

import { type PaperName, type PaperRow, type PaperTable, papers } from "@fanin/lab";
import { suggestion } from "@fanin/tensor/arguments";
import type { Command, Invocation } from "../command.ts";
import { type ExitCode, exitCodes, usageError } from "../exit-codes.ts";
import { table } from "../terminal/table.ts";

export const papersCommand: Command = {
  summary: "Recompute the tables of the papers, and compare each number with the published one.",
  usage: "[T1 T3 ...] [options]",
  examples: ["fanin papers", "fanin papers T2 T5", "fanin papers T5 --json"],
  positionals: ["[table...]"],
  choices: { table: Object.keys(papers) },
  options: {
    reasons: { help: "explain each tolerance" },
  },
  run,
};

// It needs minutes and the 60,000 images of Fashion-MNIST, so it is an experiment for `fanin compare`.
const NO_T15 =
  "table: T15 has published accuracies on Fashion-MNIST, which you must fetch first; " +
  "fanin compare --data fashion-mnist --batch 32 --init glorot_uniform --seeds 5 recomputes them " +
  "(mean test accuracy .870 to .882 after 5 epochs)";

function expectNames(words: readonly string[]): PaperName[] {
  const names = Object.keys(papers) as PaperName[];
  if (words.length === 0) return names;
  return words.map((word) => {
    const name = names.find((candidate) => candidate === word.toUpperCase());
    if (word.toUpperCase() === "T15") throw usageError(NO_T15);
    if (!name) throw usageError(`table: expected one of ${names.join(", ")}, got ${word}${suggestion(word, names)}`);
    return name;
  });
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function rowsText(rows: readonly PaperRow[], withReasons: boolean): string {
  const header = ["", "what", " expected", " ours", " tolerance", ...(withReasons ? ["because"] : [])];
  return table(
    header,
    rows.map(({ what, expected, ours, tolerance, reason, pass }) => [
      pass ? "PASS" : "FAIL",
      what,
      short(expected),
      short(ours),
      short(tolerance),
      ...(withReasons ? [reason] : []),
    ]),
  );
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const names = expectNames(invocation.positionals);
  const results = [];
  for (const name of names) {
    if (!invocation.isSet("quiet")) invocation.stderr.write(`${name} ...\n`);
    const { title, paper, run: compute }: PaperTable = papers[name];
    const rows = compute();
    results.push({ table: name, title, paper, rows });
    if (invocation.isSet("json")) continue;
    invocation.stdout.write(`${name}  ${title}\n    ${paper}\n${rowsText(rows, invocation.isSet("reasons"))}\n`);
  }
  const all = results.flatMap(({ rows }) => rows);
  const failed = all.filter(({ pass }) => !pass).length;
  if (invocation.isSet("json")) {
    invocation.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, passed: all.length - failed, failed, tables: results })}\n`,
    );
  } else invocation.stdout.write(`${all.length - failed} numbers agree, ${failed} do not\n`);
  // A number that disagrees is a fault of this program, not of the arguments.
  return failed > 0 ? exitCodes.internal : exitCodes.fine;
}

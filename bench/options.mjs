// The options of the benchmark's command line.
// @ts-check

import { parseArgs } from "node:util";

export const usage = `npm run bench -- [options]

  --only NAME     run this suite; may be given several times
  --json FILE     also write every timing and ratio, with the date and the machine, to FILE
  --rounds N      turns for each contender; the result is their median; defaults to 9
  --seconds S     minimum length of a turn; defaults to 0.25
  --node VERSION  run on this Node of the registry package "node", such as 24 (relaxed SIMD needs 22)
  --list          print the names of the suites
  --help          print this help`;

/** @param {string} name @param {string | undefined} text @param {number} otherwise */
function positive(name, text, otherwise) {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`--${name}: expected a number above 0, got ${JSON.stringify(text)}`);
  }
  return value;
}

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} names of the suites
 */
export function readOptions(args, names) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true },
      json: { type: "string" },
      rounds: { type: "string" },
      seconds: { type: "string" },
      node: { type: "string" },
      list: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  for (const name of values.only ?? []) {
    if (!names.includes(name)) throw new RangeError(`--only: expected one of ${names.join(", ")}, got ${name}`);
  }
  if (values.node !== undefined && !/^\d+(\.\d+){0,2}$/.test(values.node)) {
    throw new RangeError(`--node: expected a version such as 24, got ${JSON.stringify(values.node)}`);
  }
  const rounds = positive("rounds", values.rounds, 9);
  if (!Number.isInteger(rounds)) throw new RangeError(`--rounds: expected an integer, got ${rounds}`);
  return {
    only: values.only ?? names,
    json: values.json,
    node: values.node,
    isList: values.list ?? false,
    isHelp: values.help ?? false,
    measure: { rounds, seconds: positive("seconds", values.seconds, 0.25) },
  };
}

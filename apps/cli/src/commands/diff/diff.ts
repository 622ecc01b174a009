// `fanin diff`: shows what differs between two weight files, one line per tensor, the largest difference first.

import type { Model } from "@fanin/formats";
import { openModel } from "@fanin/formats/node";
import { formatShape } from "@fanin/tensor";
import { expectOneOf } from "@fanin/tensor/arguments";
import type { Command, Invocation } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { printResult } from "../../print-result.ts";
import { printable } from "../../terminal/printable.ts";
import { progressLine } from "../../terminal/progress-line.ts";
import { styleFor } from "../../terminal/style.ts";
import { table } from "../../terminal/table.ts";
import { fromUser } from "../../user-arguments.ts";
import { expectReadable, leftOut, leftOutText } from "../../values/left-out.ts";
import { type Architecture, readArchitecture } from "../../weights/architecture.ts";
import type { Distance } from "./tensor-distance.ts";
import { type ComparedTensor, compareFiles, type FileDifference, type TensorHeader } from "./tensor-pairs.ts";

/** What --fail-on counts as a difference, from the most to the least strict. */
const strictness = ["bits", "values", "shapes", "never"] as const;
type Strictness = (typeof strictness)[number];

const NAME_WIDTH = 44;

export const diffCommand: Command = {
  summary: "Show what differs between two weight files, of any two formats: tensors, shapes, dtypes, values.",
  usage: "A B [options]",
  examples: [
    "fanin diff before.npz after.npz",
    "fanin diff before.npz model.safetensors --json",
    "fanin diff keras.safetensors model.json --fail-on values",
  ],
  positionals: ["A", "B"],
  findings: "differences that --fail-on counts",
  options: {
    "fail-on": {
      value: "WHAT",
      help: "exit with 1 for: bits (any difference), values (equal values may have other dtypes), shapes (names and shapes only), never",
      default: "bits",
      choices: strictness,
    },
  },
  run,
};

/** Whether both tensors have equal dtypes and bits. */
const isIdentical = ({ distance: { equalBits, count } }: ComparedTensor): boolean => equalBits === count;

/** Whether both tensors have equal values. */
const hasEqualValues = ({ distance: { equalValues, count } }: ComparedTensor): boolean => equalValues === count;

/** The architecture of a Keras model, if the file has one that can be read. */
function architectureOf({ architecture }: Model): Architecture | undefined {
  return architecture === undefined ? undefined : readArchitecture(architecture);
}

function differs({ added, missing, changed, compared }: FileDifference, level: Strictness): boolean {
  if (level === "never") return false;
  const isOther = level === "bits" || level === "values";
  // A changed tensor of one shape has a dtype that Fanin cannot read.
  const counted = isOther ? changed : changed.filter(({ a, b }) => String(a.shape) !== String(b.shape));
  if (added.length + missing.length + counted.length > 0) return true;
  if (level === "shapes") return false;
  return !compared.every(level === "bits" ? isIdentical : hasEqualValues);
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const { positionals, option, isSet, stdout } = invocation;
  const [first = "", second = ""] = positionals;
  const level = fromUser(() => expectOneOf("--fail-on", option("fail-on") ?? "bits", strictness));
  const a = await openModel(first);
  try {
    const b = await openModel(second);
    try {
      expectReadable(a, first);
      expectReadable(b, second);
      const progress = progressLine(invocation);
      const difference = await compareFiles(a, b, architectureOf(a) ?? architectureOf(b), progress.show);
      progress.clear();
      const exitCode = differs(difference, level) ? exitCodes.findings : exitCodes.fine;
      if (isSet("json")) {
        const { added, missing, changed, compared, unread } = difference;
        printResult(invocation, {
          a: { file: first, format: a.format, skipped: leftOut(a) },
          b: { file: second, format: b.format, skipped: leftOut(b) },
          isEqual: !differs(difference, "bits") && unread.length === 0,
          ...{ added, missing, changed, unread },
          tensors: compared.map(jsonOf),
        });
      } else {
        stdout.write(differenceText(invocation, difference, exitCode));
        for (const { name, reason, code } of leftOut(a).filter(({ name }) => difference.unread.includes(name))) {
          stdout.write(leftOutText([{ name, dtype: null, shape: null, reason, code }]));
        }
      }
      return exitCode;
    } finally {
      await b.close();
    }
  } finally {
    await a.close();
  }
}

/** JSON has no infinity. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function jsonOf(tensor: ComparedTensor) {
  const { name, shape, dtypes, distance } = tensor;
  const { count, equalBits, equalValues, unmatched, maxAbsolute, relative, cosine } = distance;
  return {
    ...{ name, shape, dtypes, count },
    isIdentical: isIdentical(tensor),
    ...{ equalBits, equalValues, unmatched },
    maxAbsolute: finite(maxAbsolute),
    relative: finite(relative),
    cosine,
  };
}

const headerText = ({ shape, dtype }: TensorHeader): [shape: string, dtype: string] => [
  shape === null ? "?" : formatShape(shape),
  dtype === null ? "?" : printable(dtype, 20),
];

const fromTo = (a: string, b: string): string => (a === b ? a : `${a} -> ${b}`);

const short = (value: number): string =>
  value === 0 ? "0" : value === Number.POSITIVE_INFINITY ? "inf" : value.toExponential(2);

/** Formats a share so that only all elements are 100 %, and only none are 0 %. */
function percent(part: number, all: number): string {
  if (part === all) return "100 %";
  if (part === 0) return "0 %";
  return `${Math.min(99.99, Math.max(0.01, (100 * part) / all)).toFixed(2)} %`;
}

function bitsText({ equalBits, count }: Distance): string {
  if (equalBits === null) return "-";
  return equalBits === count ? "yes" : `no, ${percent(equalBits, count)}`;
}

/** Six digits, and more near 1, where the difference from 1 counts. */
function cosineText(cosine: number | null): string {
  if (cosine === null) return "-";
  const apart = 1 - cosine;
  return apart > 0 && apart < 5e-7 ? `1 - ${apart.toExponential(1)}` : String(Number(cosine.toFixed(6)));
}

function noteOf({ dtypes, distance }: ComparedTensor): string {
  const { unmatched, equalValues, equalBits, count } = distance;
  const isOtherDtype = dtypes.a !== dtypes.b;
  if (equalBits === count) return "";
  if (unmatched > 0) return `${unmatched} NaN or infinite in one only`;
  if (equalValues === count) return isOtherDtype ? "other dtype, equal values" : "equal values, other bits";
  return isOtherDtype ? "other dtype" : "";
}

function differenceText(invocation: Invocation, difference: FileDifference, exitCode: ExitCode): string {
  const { added, missing, changed, compared, unread } = difference;
  const rest = ["-", "-", "-", "-"];
  const nameOf = (name: string): string => printable(name, NAME_WIDTH);
  const changes = changed.map(({ name, a, b }) => {
    const [[shape, dtype], [shapeAfter, dtypeAfter]] = [headerText(a), headerText(b)];
    const note = shape === shapeAfter ? "other dtype" : "other shape";
    return [nameOf(name), fromTo(shape, shapeAfter), fromTo(dtype, dtypeAfter), ...rest, note];
  });
  const rows = [
    ...missing.map(({ name, ...header }) => [nameOf(name), ...headerText(header), ...rest, "missing: only in A"]),
    ...added.map(({ name, ...header }) => [nameOf(name), ...headerText(header), ...rest, "added: only in B"]),
    ...changes,
    ...compared.map((tensor) => {
      const { name, shape, dtypes, distance } = tensor;
      const { maxAbsolute, relative, cosine } = distance;
      const numbers = [short(maxAbsolute), short(relative), cosineText(cosine), bitsText(distance)];
      return [nameOf(name), formatShape(shape), fromTo(dtypes.a, dtypes.b), ...numbers, noteOf(tensor)];
    }),
  ];
  const header = ["tensor", "shape", "dtype", " max |A-B|", " |A-B|/|A|", " cosine", "equal bits", "notes"];
  const equal = compared.filter(isIdentical).length;
  const sums = [
    `${compared.length} tensor${compared.length === 1 ? "" : "s"} compared: ${equal} equal, ${compared.length - equal} differ`,
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(changed.length > 0 ? [`${changed.length} of other shape or dtype`] : []),
    ...(unread.length > 0 ? [`${unread.length} not compared`] : []),
    `exit ${exitCode}`,
  ];
  const [first = "", ...lines] = table(header, rows).split("\n");
  return `${[styleFor(invocation).bold(first), ...lines].join("\n")}${sums.join(" · ")}\n`;
}

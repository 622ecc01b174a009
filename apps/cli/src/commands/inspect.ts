// `fanin inspect`: the tensors of weight files, one aligned line each; a file may be larger than memory.

import { formatShape } from "@fanin/core";
import { openTensorFile } from "@fanin/formats/node";
import { blocksHistogram, kernelsByOwner, type Layout, layouts, type WeightFamily } from "@fanin/lab";
import type { Command, Invocation } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type TensorFinding, tensorFindings } from "../inspect/tensor-findings.ts";
import { isConstant, summarizeTensor, type TensorSummary } from "../inspect/tensor-summary.ts";
import { printResult } from "../print-result.ts";
import { levels, readChoice, readLevel } from "../read-values.ts";
import { byteSize } from "../terminal/byte-size.ts";
import { familyText } from "../terminal/family-text.ts";
import { writeControl } from "../terminal/guarded-output.ts";
import { printable } from "../terminal/printable.ts";
import { type Style, styleFor } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { expectReadable, type LeftOut, leftOut, leftOutText } from "../values/left-out.ts";
import { storedLayout } from "../values/stored-layout.ts";

const NAME_WIDTH = 44;

export const inspectCommand: Command = {
  summary: "Show the tensors of weight files: shape, spread, histogram, initializer, and what is wrong.",
  usage: "FILE... [options]",
  examples: [
    "fanin inspect model.safetensors",
    "fanin inspect before.npz after.npz --fail-on warning --json",
    "fanin inspect model.json --layout keras",
  ],
  positionals: ["FILE..."],
  findings: "NaN, Inf or copies among the tensors (see --fail-on)",
  options: {
    layout: {
      value: "keras|torch",
      help: "where kernels have their inputs (default: as metadata or names say, else keras)",
      choices: layouts,
    },
    "fail-on": {
      value: "LEVEL",
      help: "exit with 1 from this level on: error, warning or never",
      default: "error",
      choices: levels,
    },
  },
  run,
};

/** One file as JSON has it. */
interface FileReport {
  readonly file: string;
  readonly format: string;
  readonly layout: Layout;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly TensorSummary[];
  /** What the file holds beside them and is not read. */
  readonly skipped: readonly LeftOut[];
}

async function readFile(path: string, invocation: Invocation, layout: Layout | undefined): Promise<FileReport> {
  const file = await openTensorFile(path);
  try {
    expectReadable(file, path);
    const used = layout ?? storedLayout(file) ?? "keras";
    const tensors: TensorSummary[] = [];
    const kernels = kernelsByOwner([...file.tensors.values()]);
    const isLive = invocation.stderr.isTTY === true && !invocation.isSet("quiet");
    for (const tensor of file.tensors.values()) {
      if (isLive) {
        writeControl(invocation.stderr, "\x1b[1G\x1b[K");
        invocation.stderr.write(`${tensors.length + 1}/${file.tensors.size} ${printable(tensor.name, 60)}`);
      }
      tensors.push(await summarizeTensor(tensor, used, kernels));
    }
    if (isLive) writeControl(invocation.stderr, "\x1b[1G\x1b[K");
    const metadata = Object.fromEntries(file.format === "safetensors" ? file.metadata : []);
    return { file: path, format: file.format, layout: used, metadata, tensors, skipped: leftOut(file) };
  } finally {
    await file.close();
  }
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const layout = readChoice("layout", invocation.option("layout"), layouts);
  const failOn = readLevel(invocation.option("fail-on"));
  const files: FileReport[] = [];
  for (const path of invocation.positionals) files.push(await readFile(path, invocation, layout));
  const findings = tensorFindings(files);
  const summaries = files.flatMap(({ tensors }) => tensors);
  const totals = {
    tensors: summaries.length,
    parameters: summaries.reduce((sum, { count }) => sum + count, 0),
    bytes: summaries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const isFailure = ({ severity }: TensorFinding): boolean =>
    failOn === "warning" || (failOn === "error" && severity === "error");
  const exitCode = findings.some(isFailure) ? exitCodes.findings : exitCodes.fine;
  if (invocation.isSet("json")) printResult(invocation, { files, totals, findings });
  else {
    const style = styleFor(invocation);
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const counted = (count: number, noun: string): string[] =>
      count > 0 ? [`${count} ${noun}${count > 1 ? "s" : ""}`] : [];
    const left = files.reduce((sum, { skipped }) => sum + skipped.length, 0);
    const sums = [
      `${totals.tensors} tensor${totals.tensors === 1 ? "" : "s"}, ${totals.parameters.toLocaleString("en")} params, ${byteSize(totals.bytes)}`,
      ...(left > 0 ? [`${left} left out`] : []),
      ...counted(errors, "error"),
      ...counted(findings.length - errors, "warning"),
      `exit ${exitCode}${exitCode === 0 && findings.length > 0 ? " (see --fail-on)" : ""}`,
    ];
    const width = invocation.stdout.isTTY ? invocation.stdout.columns : Number.POSITIVE_INFINITY;
    const blocks = files.map((file) => fileText(file, findings, files.length > 1, style, width));
    invocation.stdout.write(`${blocks.join("\n")}${sums.join(" · ")}\n`);
  }
  return exitCode;
}

/** A line per tensor, and a title where there are several files; in a narrow terminal a family is its name alone. */
function fileText(
  report: FileReport,
  findings: readonly TensorFinding[],
  isNamed: boolean,
  style: Style,
  width: number,
): string {
  const own = findings.filter(({ file }) => file === report.file);
  const draw = (nameOf: (family: WeightFamily) => string): string[] => {
    const rows = report.tensors.map((tensor) => [
      printable(tensor.name, NAME_WIDTH),
      formatShape(tensor.shape),
      tensor.dtype,
      tensor.sigmaRootFanIn === null ? "-" : short(tensor.sigmaRootFanIn),
      shapeOfValues(tensor),
      tensor.family === null ? "-" : nameOf(tensor.family),
      notes(
        tensor,
        own.filter(({ tensor: name }) => name === tensor.name),
      ),
    ]);
    const header = ["tensor", "shape", "dtype", "σ·√fan_in", "hist", "family", "notes"];
    return table(header, rows).trimEnd().split("\n");
  };
  const full = draw(familyText);
  const [header = "", ...lines] = full.some((line) => line.length > width) ? draw(({ name }) => name) : full;
  const marked = lines.map((line) => (line.includes("!") ? emphasis(line, style) : line));
  const title = isNamed ? [style.bold(`${printable(report.file)}  ${report.format}, ${report.layout} layout`)] : [];
  return `${[...title, style.bold(header), ...marked].join("\n")}\n${leftOutText(report.skipped)}`;
}

/** Colours the notes of a line that has one to be seen; the words say the same without colour. */
function emphasis(line: string, { red, yellow }: Style): string {
  return line
    .replace(/(NaN! .*|[+-]Inf! .*)$/, (note) => red(note))
    .replace(/(! DUPLICATE.*)$/, (note) => yellow(note));
}

const short = (value: number): string =>
  value === 0 ? "0" : value >= 0.001 && value < 1e4 ? value.toFixed(3) : value.toExponential(2);

function shapeOfValues(tensor: TensorSummary): string {
  const { count, min, histogram } = tensor;
  if (count === 0) return "no values";
  if (histogram !== null) return blocksHistogram(histogram.counts);
  if (min === null) return "no numbers";
  const value = min === 0 ? "zeros" : `${Number(min.toPrecision(4))}`;
  return isConstant(tensor) ? `all ${value}` : `${value} or none`;
}

function notes(
  { count, zeros, nan, positiveInfinity, negativeInfinity, histogram }: TensorSummary,
  findings: readonly TensorFinding[],
): string {
  const parts: string[] = [];
  if (nan > 0) parts.push(`NaN! ${nan}`);
  if (positiveInfinity > 0) parts.push(`+Inf! ${positiveInfinity}`);
  if (negativeInfinity > 0) parts.push(`-Inf! ${negativeInfinity}`);
  if (zeros > 0 && histogram !== null)
    parts.push(`${zeros} zero${zeros > 1 ? "s" : ""} (${Number(((100 * zeros) / count).toPrecision(2))} %)`);
  const copy = findings.find(({ code }) => code === "W103");
  if (copy) parts.push(`${printable(copy.message)}  ! DUPLICATE (W103)`);
  return parts.join("  ");
}

// `fanin inspect`: shows the tensors of weight files, one aligned line each; files may be larger than memory.

import { blocksHistogram } from "@fanin/figures";
import { codes } from "@fanin/lab";
import { type Layout, layouts, type WeightFamily } from "@fanin/lab/weights";
import { formatShape } from "@fanin/tensor";
import type { Command, Invocation } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { printResult } from "../../print-result.ts";
import { levels, readChoice, readLevel } from "../../read-values.ts";
import { byteSize } from "../../terminal/byte-size.ts";
import { familyText } from "../../terminal/family-text.ts";
import { printable } from "../../terminal/printable.ts";
import { progressLine } from "../../terminal/progress-line.ts";
import { type Style, styleFor } from "../../terminal/style.ts";
import { table } from "../../terminal/table.ts";
import { leftOutText } from "../../values/left-out.ts";
import { type JudgedFile, judgeFile } from "../../weights/judge-file.ts";
import { isConstant, type TensorSummary } from "../../weights/tensor-summary.ts";
import { type FileFinding, fileFindings } from "./file-findings.ts";

const NAME_WIDTH = 44;

export const inspectCommand: Command = {
  summary: "Show the tensors of weight files: shape, spread, histogram, initializer, and findings.",
  usage: "FILE... [options]",
  examples: [
    "fanin inspect model.safetensors",
    "fanin inspect before.npz after.npz --fail-on warning --json",
    "fanin inspect model.json --layout keras",
  ],
  positionals: ["FILE..."],
  findings: "findings at or above --fail-on, as in fanin diagnose",
  options: {
    layout: {
      value: "keras|torch",
      help: "layout of all kernels (default: inferred from shapes, biases, metadata and names)",
      choices: layouts,
    },
    "fail-on": {
      value: "LEVEL",
      help: "exit with 1 for findings of at least this level: error, warning or never",
      default: "error",
      choices: levels,
    },
  },
  run,
};

async function readFile(path: string, invocation: Invocation, layout: Layout | undefined): Promise<JudgedFile> {
  const progress = progressLine(invocation);
  const judged = await judgeFile(path, { layout, progress: progress.show });
  progress.clear();
  return judged;
}

/** Makes the JSON of a file. */
const jsonOf = ({ file, format, diagnosis: { layout }, metadata, tensors, skipped }: JudgedFile) => ({
  file,
  format,
  layout,
  metadata,
  tensors,
  skipped,
});

async function run(invocation: Invocation): Promise<ExitCode> {
  const layout = readChoice("layout", invocation.option("layout"), layouts);
  const failOn = readLevel(invocation.option("fail-on"));
  const files: JudgedFile[] = [];
  for (const path of invocation.positionals) files.push(await readFile(path, invocation, layout));
  const findings = fileFindings(files);
  const summaries = files.flatMap(({ tensors }) => tensors);
  const totals = {
    tensors: summaries.length,
    parameters: summaries.reduce((sum, { count }) => sum + count, 0),
    bytes: summaries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const isFailure = ({ severity }: FileFinding): boolean =>
    severity === "error" ? failOn !== "never" : severity === "warning" && failOn === "warning";
  const exitCode = findings.some(isFailure) ? exitCodes.findings : exitCodes.fine;
  if (invocation.isSet("json")) printResult(invocation, { files: files.map(jsonOf), totals, findings });
  else {
    const style = styleFor(invocation);
    const counted = (severity: FileFinding["severity"]): string[] => {
      const count = findings.filter((finding) => finding.severity === severity).length;
      return count > 0 ? [`${count} ${severity}${count > 1 ? "s" : ""}`] : [];
    };
    const shown = [...counted("error"), ...counted("warning"), ...counted("note")];
    const left = files.reduce((sum, { skipped }) => sum + skipped.length, 0);
    const isSerious = findings.some(({ severity }) => severity !== "note");
    const sums = [
      `${totals.tensors} tensor${totals.tensors === 1 ? "" : "s"}, ${totals.parameters.toLocaleString("en")} params, ${byteSize(totals.bytes)}`,
      ...(left > 0 ? [`${left} skipped`] : []),
      ...shown,
      `exit ${exitCode}${exitCode === 0 && isSerious ? " (see --fail-on)" : ""}`,
    ];
    const width = invocation.stdout.isTTY ? invocation.stdout.columns : Number.POSITIVE_INFINITY;
    const blocks = files.map((file) => fileText(file, findings, files.length > 1, style, width));
    invocation.stdout.write(`${blocks.join("\n")}${sums.join(" · ")}\n`);
  }
  return exitCode;
}

/** Formats a line per tensor, and a title if there are several files; narrow terminals show only the name of a family. */
function fileText(
  report: JudgedFile,
  findings: readonly FileFinding[],
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
        own.filter(({ tensors }) => tensors.includes(tensor.name)),
      ),
    ]);
    const header = ["tensor", "shape", "dtype", "σ·√fan_in", "hist", "family", "notes"];
    return table(header, rows).trimEnd().split("\n");
  };
  const full = draw(familyText);
  const [header = "", ...lines] = full.some((line) => line.length > width) ? draw(({ name }) => name) : full;
  const marked = lines.map((line) => (line.includes("!") ? emphasis(line, style) : line));
  const title = isNamed
    ? [style.bold(`${printable(report.file)}  ${report.format}, ${report.diagnosis.layout} layout`)]
    : [];
  return `${[...title, style.bold(header), ...marked].join("\n")}\n${leftOutText(report.skipped)}`;
}

/** Colours the notes of a line; the words convey the same without colour. */
function emphasis(line: string, { red, yellow }: Style): string {
  return line
    .replace(/(NaN! .*|[+-]Inf! .*)$/, (note) => red(note))
    .replace(/(! (DUPLICATE|W\d+).*)$/, (note) => yellow(note))
    .replace(/(! E\d+.*)$/, (note) => red(note));
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
  { name, count, zeros, nan, positiveInfinity, negativeInfinity, histogram }: TensorSummary,
  findings: readonly FileFinding[],
): string {
  const parts: string[] = [];
  if (nan > 0) parts.push(`NaN! ${nan}`);
  if (positiveInfinity > 0) parts.push(`+Inf! ${positiveInfinity}`);
  if (negativeInfinity > 0) parts.push(`-Inf! ${negativeInfinity}`);
  if (zeros > 0 && histogram !== null)
    parts.push(`${zeros} zero${zeros > 1 ? "s" : ""} (${Number(((100 * zeros) / count).toPrecision(2))} %)`);
  for (const { code, severity, tensor, tensors, message } of findings) {
    if (code === "E101" || code === "E102") continue;
    const isFirst = tensor === name;
    if (code === "W103" && severity === "warning") {
      const original = message.startsWith("identical") ? message : `identical to ${tensor}`;
      if (!isFirst || tensors.length === 1) parts.push(`${printable(original)}  ! DUPLICATE (W103)`);
    } else parts.push(`${severity === "note" ? "" : "! "}${code} ${codes[code].title}`);
  }
  return parts.join("  ");
}

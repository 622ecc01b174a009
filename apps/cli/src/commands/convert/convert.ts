// `fanin convert`: writes a weight file in another format, or its layers as another framework stores them.

import { type Layout, layouts, listed } from "@fanin/lab/weights";
import { formatShape } from "@fanin/tensor";
import type { Command, Invocation } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { printResult } from "../../print-result.ts";
import { readChoice } from "../../read-values.ts";
import { printable } from "../../terminal/printable.ts";
import { styleFor } from "../../terminal/style.ts";
import { table } from "../../terminal/table.ts";
import { leftOutText } from "../../values/left-out.ts";
import { convertFile, type PlannedTensor } from "./convert-file.ts";
import type { TensorPlan } from "./layout-plan.ts";

/** Maximum number of names in a line of unchanged tensors. */
const MAX_NAMED = 4;

export const convertCommand: Command = {
  summary: "Write a weight file in another format, or its layers as another framework stores them.",
  usage: "IN OUT [options]",
  examples: [
    "fanin convert model.safetensors weights.npz",
    "fanin convert keras.safetensors torch.safetensors --layout torch",
    "fanin convert keras.safetensors renamed.safetensors --layout torch --rename --strict",
    "fanin convert bfloat16.safetensors model.json --dtype float32 --force",
  ],
  positionals: ["IN", "OUT"],
  findings: "--strict and a tensor whose layout is not certain; OUT is not written",
  options: {
    layout: {
      value: "keras|torch",
      help: "layout of OUT: [in,out] and HWIO, or [out,in] and OIHW (default: that of its format, else that of IN)",
      choices: layouts,
    },
    from: {
      value: "keras|torch",
      help: "layout of all kernels of IN (default: inferred from shapes, biases, metadata and names)",
      choices: layouts,
    },
    rename: {
      help: "use the names of the framework of --layout, and split or join the tensors of attention and recurrent layers (always for formats of one framework)",
    },
    map: {
      value: "FILE",
      help: 'JSON with names in OUT and transforms: {"fc.weight": {"to": "dense/kernel", "transform": "transpose"}}',
    },
    architecture: {
      value: "FILE",
      help: "the model's config: JSON, or a weight file that has one (default: that of IN)",
    },
    strict: { help: "write nothing, and exit with 1, if the layout of a tensor is not certain" },
    dtype: {
      value: "float32",
      help: "write float64, float16 and bfloat16 as float32, for formats that lack them",
      choices: ["float32"],
    },
    force: { help: "overwrite OUT" },
  },
  run,
};

/** Reads the layouts; `to` is undefined if the layout stays. */
function layoutsOf(invocation: Invocation): { from: Layout | undefined; to: Layout | undefined } {
  const to = readChoice("layout", invocation.option("layout"), layouts);
  const from = readChoice("from", invocation.option("from"), layouts);
  return { from, to };
}

/** Whether the values of a tensor have another order in OUT, or are in several tensors. */
const isTurned = ({ groups, made }: TensorPlan): boolean => groups !== undefined || made !== undefined;

/** Summarizes the converted tensors, and those that may need conversion, by reason. */
function summary(planned: readonly PlannedTensor[]): string {
  const turned = planned.filter(({ plan }) => isTurned(plan)).length;
  const reasons = new Map<string, string[]>();
  for (const { name, plan } of planned) {
    if (!plan.isLeft) continue;
    const names = reasons.get(plan.said) ?? [];
    names.push(printable(name, 44));
    reasons.set(plan.said, names);
  }
  const lines = [...reasons].map(([said, names]) => {
    const shown = names.slice(0, MAX_NAMED).join(", ");
    return `${said}: ${shown}${names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : ""}\n`;
  });
  const count = planned.length;
  return `converted ${turned} of ${count} tensor${count === 1 ? "" : "s"}\n${lines.join("")}`;
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const [input = "", output = ""] = invocation.positionals;
  const { option, isSet } = invocation;
  const { from, to: given } = layoutsOf(invocation);
  const dtype = readChoice("dtype", option("dtype"), ["float32"] as const);
  const conversion = await convertFile(input, output, {
    ...{ from, to: given, dtype, force: isSet("force"), strict: isSet("strict") },
    ...{ map: option("map"), architecture: option("architecture") },
    ...(isSet("rename") ? { renames: true } : {}),
  });
  const { planned, found, to, format, lost, skipped, isWritten } = conversion;
  const isQuiet = isSet("quiet");
  if (lost !== undefined && !isQuiet) {
    invocation.stderr.write(`fanin: ${format.out} cannot store the metadata of IN; omitted: ${lost}\n`);
  }
  // Printed even with --quiet, because OUT has less than IN.
  invocation.stderr.write(leftOutText(skipped));
  if (isSet("json")) {
    const [only = null] = found;
    printResult(invocation, {
      in: { file: input, format: format.in, layout: to ? (found.size > 1 ? "mixed" : only) : null },
      out: { file: output, format: format.out, layout: to ?? null },
      tensors: planned.map(jsonOf),
      left: planned
        .filter(({ plan }) => plan.isLeft)
        .map(({ name, shape, plan }) => ({ name, shape, reason: reasonOf(plan) })),
      isWritten,
      skipped,
    });
  } else {
    const isRenamed = planned.some(({ name, targets }) => targets.length !== 1 || targets[0] !== name);
    const rows = listed(planned).map(({ name, dtype: before, dtypeAfter, plan, targets }) => [
      printable(name, 44),
      ...(isRenamed ? [targets.map((target) => printable(target, 44)).join(", ") || "-"] : []),
      formatShape(plan.shape),
      before === dtypeAfter ? before : `${before} -> ${dtypeAfter}`,
      ...(to ? [plan.said] : []),
    ]);
    const header = [
      "tensor",
      ...(isRenamed ? ["name in OUT"] : []),
      "shape",
      "dtype",
      ...(to ? [`${headOf(found, from)} -> ${to}`] : []),
    ];
    const [first = "", ...rest] = table(header, rows).split("\n");
    invocation.stdout.write([styleFor(invocation).bold(first), ...rest].join("\n"));
    if (to) invocation.stdout.write(summary(planned));
  }
  if (!isWritten) {
    const count = planned.filter(({ plan }) => plan.isLeft).length;
    const advice = "name them with --map, or convert without --strict";
    invocation.stderr.write(
      `fanin: --strict: ${count} tensor${count === 1 ? "" : "s"} of uncertain layout; ${advice}\n`,
    );
    return exitCodes.findings;
  }
  if (!isQuiet) invocation.stderr.write(`wrote ${output}\n`);
  return exitCodes.fine;
}

/** Returns the reason why a tensor stays unchanged. */
const reasonOf = ({ said }: TensorPlan): string => said.replace(/^unchanged: /, "");

/** Returns the layout of IN in a word. */
function headOf(found: ReadonlySet<Layout>, from: Layout | undefined): string {
  const [only = "no kernels"] = found;
  return from ?? (found.size > 1 ? "mixed" : only);
}

function jsonOf({ name, shape, dtype, dtypeAfter, plan, targets }: PlannedTensor) {
  return {
    name,
    from: { shape, dtype },
    to: { shape: plan.shape, dtype: dtypeAfter },
    targets,
    isTransposed: isTurned(plan),
    said: plan.said,
  };
}

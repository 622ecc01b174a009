// `fanin convert`: writes a weight file in another format, or its kernels in another framework's layout.

import { type Layout, layouts, listed } from "@fanin/lab/weights";
import { formatShape } from "@fanin/tensor";
import type { Command, Invocation } from "../../command.ts";
import { type ExitCode, exitCodes, usageError } from "../../exit-codes.ts";
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
  summary: "Write a weight file in another format, or its kernels in another framework's layout.",
  usage: "IN OUT [options]",
  examples: [
    "fanin convert model.safetensors weights.npz",
    "fanin convert keras.safetensors torch.safetensors --layout torch",
    "fanin convert bfloat16.safetensors model.json --dtype float32 --force",
  ],
  positionals: ["IN", "OUT"],
  options: {
    layout: {
      value: "keras|torch",
      help: "layout of OUT: [in,out] and HWIO, or [out,in] and OIHW (default: that of IN); keeps names",
      choices: layouts,
    },
    from: {
      value: "keras|torch",
      help: "layout of all kernels of IN (default: inferred from shapes, biases, metadata and names)",
      choices: layouts,
    },
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
  if (to === undefined && from !== undefined) throw usageError("--from: expected --layout as well, got none");
  return { from, to };
}

/** Summarizes the converted tensors, and those that may need conversion, by reason. */
function summary(planned: readonly PlannedTensor[]): string {
  const turned = planned.filter(({ plan }) => plan.groups !== undefined).length;
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
  const { from, to } = layoutsOf(invocation);
  const dtype = readChoice("dtype", invocation.option("dtype"), ["float32"] as const);
  const conversion = await convertFile(input, output, { from, to, dtype, force: invocation.isSet("force") });
  const { planned, found, format, lost, skipped } = conversion;
  const isQuiet = invocation.isSet("quiet");
  if (lost !== undefined && !isQuiet) {
    invocation.stderr.write(`fanin: ${format.out} cannot store the metadata of IN; omitted: ${lost}\n`);
  }
  // Printed even with --quiet, because OUT has less than IN.
  invocation.stderr.write(leftOutText(skipped));
  if (invocation.isSet("json")) {
    const [only = null] = found;
    printResult(invocation, {
      in: { file: input, format: format.in, layout: to ? (found.size > 1 ? "mixed" : only) : null },
      out: { file: output, format: format.out, layout: to ?? null },
      tensors: planned.map(jsonOf),
      left: planned
        .filter(({ plan }) => plan.isLeft)
        .map(({ name, shape, plan }) => ({ name, shape, reason: reasonOf(plan) })),
      skipped,
    });
  } else {
    const rows = listed(planned).map(({ name, dtype: before, dtypeAfter, plan }) => [
      printable(name, 44),
      formatShape(plan.shape),
      before === dtypeAfter ? before : `${before} -> ${dtypeAfter}`,
      ...(to ? [plan.said] : []),
    ]);
    const header = ["tensor", "shape", "dtype", ...(to ? [`${headOf(found, from)} -> ${to}`] : [])];
    const [first = "", ...rest] = table(header, rows).split("\n");
    invocation.stdout.write([styleFor(invocation).bold(first), ...rest].join("\n"));
    if (to) invocation.stdout.write(summary(planned));
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

function jsonOf({ name, shape, dtype, dtypeAfter, plan }: PlannedTensor) {
  return {
    name,
    from: { shape, dtype },
    to: { shape: plan.shape, dtype: dtypeAfter },
    isTransposed: plan.groups !== undefined,
    said: plan.said,
  };
}

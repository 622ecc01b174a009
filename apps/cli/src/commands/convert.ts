// `fanin convert`: a weight file in another format, and its kernels in the other framework's layout.

import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { formatShape } from "@fanin/core";
import type { WriteOptions } from "@fanin/formats";
import { type OpenTensorFile, openTensorFile } from "@fanin/formats/node";
import { type Layout, layouts } from "@fanin/lab";
import type { Command, Invocation } from "../command.ts";
import { convertedTensor, dtypeAfter } from "../convert/converted-tensor.ts";
import { planTensor } from "../convert/layout-plan.ts";
import { type ExitCode, exitCodes, usageError } from "../exit-codes.ts";
import { printResult } from "../print-result.ts";
import { readChoice } from "../read-values.ts";
import { printable } from "../terminal/printable.ts";
import { styleFor } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { expectReadable, leftOut, leftOutText } from "../values/left-out.ts";
import { storedLayout, withLayout } from "../values/stored-layout.ts";
import { readFormat, writeOutput } from "../write-output.ts";

export const convertCommand: Command = {
  summary: "Write a weight file in another format, and its kernels in the other framework's layout.",
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
      help: "of OUT: [in,out] and HWIO, or [out,in] and OIHW (default: as IN is); names stay",
      choices: layouts,
    },
    from: {
      value: "keras|torch",
      help: "the layout of IN (default: as its metadata or the tensors' names say, else the other one)",
      choices: layouts,
    },
    dtype: {
      value: "float32",
      help: "float64, float16 and bfloat16 as float32, for formats that lack them",
      choices: ["float32"],
    },
    force: { help: "overwrite OUT" },
  },
  run,
};

/** What becomes of IN's layout, or undefined where it stays. */
function layoutsOf(invocation: Invocation, file: OpenTensorFile): { from: Layout; to: Layout } | undefined {
  const to = readChoice("layout", invocation.option("layout"), layouts);
  const from = readChoice("from", invocation.option("from"), layouts);
  if (to === undefined) {
    if (from !== undefined) throw usageError("--from: expected --layout with it, got none");
    return undefined;
  }
  return { from: from ?? storedLayout(file) ?? (to === "torch" ? "keras" : "torch"), to };
}

/** What OUT's format has a place for beside the tensors, and what is lost. */
function extrasOf(
  file: OpenTensorFile,
  format: string,
  to: Layout | undefined,
): { options: WriteOptions; lost: string | undefined } {
  const isKept = file.format === format || file.metadata.size === 0;
  const lost = isKept ? undefined : [...file.metadata.keys()].map((key) => printable(key, 40)).join(", ");
  if (format === "safetensors") {
    const kept = isKept ? file.metadata : new Map<string, string>();
    return { options: { metadata: to === undefined ? kept : withLayout(kept, to, file.tensors.keys()) }, lost };
  }
  if (file.format === "tfjs" && format === "tfjs") {
    const fields = Object.fromEntries(Array.from(file.metadata, ([key, text]) => [key, JSON.parse(text) as unknown]));
    return { options: { fields }, lost };
  }
  return { options: {}, lost };
}

async function expectOtherFile(input: string, output: string): Promise<void> {
  const same = (await realpath(output).catch(() => resolve(output))) === (await realpath(input));
  if (same) throw usageError(`OUT: expected another file than IN, got ${output}`);
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const [input = "", output = ""] = invocation.positionals;
  const asked = readChoice("dtype", invocation.option("dtype"), ["float32"] as const);
  const format = readFormat("OUT", output);
  const file = await openTensorFile(input);
  try {
    await expectOtherFile(input, output);
    expectReadable(file, input);
    const change = layoutsOf(invocation, file);
    const plans = Array.from(file.tensors.values(), (tensor) => ({
      tensor,
      plan: change
        ? planTensor(tensor.name, tensor.shape, change.from, change.to)
        : { shape: tensor.shape, said: "left: no --layout" },
    }));
    const { options, lost } = extrasOf(file, format, change?.to);
    const tensors = plans.map(({ tensor, plan }) => convertedTensor(tensor, plan, asked));
    await writeOutput("OUT", output, tensors, { ...options, force: invocation.isSet("force") });
    const rows = plans.map(({ tensor, plan }) => ({
      name: tensor.name,
      from: { shape: tensor.shape, dtype: tensor.dtype },
      to: { shape: plan.shape, dtype: dtypeAfter(tensor.dtype, asked) },
      isTransposed: "groups" in plan && plan.groups !== undefined,
      said: plan.said,
    }));
    if (lost !== undefined && !invocation.isSet("quiet")) {
      invocation.stderr.write(`fanin: ${format} has no place for the metadata of IN, which is left out: ${lost}\n`);
    }
    // Whatever is quiet: OUT has less than IN.
    const skipped = leftOut(file);
    invocation.stderr.write(leftOutText(skipped));
    if (invocation.isSet("json")) {
      printResult(invocation, {
        in: { file: input, format: file.format, layout: change?.from ?? null },
        out: { file: output, format, layout: change?.to ?? null },
        tensors: rows,
        skipped,
      });
    } else {
      const lines = rows.map(({ name, to, from, said }) => [
        printable(name, 44),
        formatShape(to.shape),
        from.dtype === to.dtype ? to.dtype : `${from.dtype} -> ${to.dtype}`,
        ...(change ? [said] : []),
      ]);
      const header = ["tensor", "shape", "dtype", ...(change ? [`${change.from} -> ${change.to}`] : [])];
      const [first = "", ...rest] = table(header, lines).split("\n");
      invocation.stdout.write([styleFor(invocation).bold(first), ...rest].join("\n"));
    }
    if (!invocation.isSet("quiet")) invocation.stderr.write(`wrote ${output}\n`);
    return exitCodes.fine;
  } finally {
    await file.close();
  }
}

// Converts a weight file to another format or layout, in chunks.

import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { StoredTensor, WriteOptions } from "@fanin/formats";
import { type OpenTensorFile, openTensorFile } from "@fanin/formats/node";
import type { Layout, TensorPart } from "@fanin/lab/weights";
import type { AnyDType } from "@fanin/tensor";
import { usageError } from "../../exit-codes.ts";
import { printable } from "../../terminal/printable.ts";
import { type ConvertedKernels, layoutMetadata } from "../../values/layout-metadata.ts";
import { expectReadable, type LeftOut, leftOut } from "../../values/left-out.ts";
import { partsOf } from "../../weights/judge-file.ts";
import { readFormat, writeOutput } from "../../write-output.ts";
import { convertedTensor, dtypeAfter } from "./converted-tensor.ts";
import { planTensor, type TensorPlan } from "./layout-plan.ts";

/** Options of a conversion. */
export interface ConvertOptions {
  /** The layout of the output. Defaults to that of the input. */
  readonly to: Layout | undefined;
  /** The layout of the input. Inferred if undefined. */
  readonly from: Layout | undefined;
  readonly dtype: "float32" | undefined;
  readonly force: boolean;
}

/** A tensor with its role and its plan. */
export interface PlannedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: AnyDType;
  readonly dtypeAfter: AnyDType;
  readonly part: TensorPart;
  readonly plan: TensorPlan;
}

/** The outcome of a conversion. */
export interface Conversion {
  readonly planned: readonly PlannedTensor[];
  /** The layouts of the input's kernels. */
  readonly found: ReadonlySet<Layout>;
  readonly format: { readonly in: string; readonly out: string };
  /** Names of the metadata that the output's format cannot store; undefined if nothing is lost. */
  readonly lost: string | undefined;
  /** Skipped contents of the input. */
  readonly skipped: readonly LeftOut[];
}

/** Splits metadata into what OUT's format can store and what is lost. */
function extrasOf(
  file: OpenTensorFile,
  format: string,
  to: Layout | undefined,
  kernels: ConvertedKernels,
): { options: WriteOptions; lost: string | undefined } {
  const isKept = file.format === format || file.metadata.size === 0;
  const lost = isKept ? undefined : [...file.metadata.keys()].map((key) => printable(key, 40)).join(", ");
  if (format === "safetensors") {
    const kept = isKept ? file.metadata : new Map<string, string>();
    return {
      options: { metadata: to === undefined ? kept : layoutMetadata(kept, to, file.tensors.keys(), kernels) },
      lost,
    };
  }
  if (file.format === "tfjs" && format === "tfjs") {
    const fields = Object.fromEntries(Array.from(file.metadata, ([key, text]) => [key, JSON.parse(text) as unknown]));
    return { options: { fields }, lost };
  }
  return { options: {}, lost };
}

async function expectOtherFile(input: string, output: string): Promise<void> {
  const same = (await realpath(output).catch(() => resolve(output))) === (await realpath(input));
  if (same) throw usageError(`OUT: expected a file other than IN, got ${output}`);
}

/** Returns the properties of kernels that the output's shapes do not show. */
function convertedKernels(planned: readonly PlannedTensor[], to: Layout | undefined): ConvertedKernels {
  const multipliers = new Map<string, number>();
  const unturned: string[] = [];
  const tables = planned.filter(({ name, part }) => part.role === "embedding" && /weight$/.test(name));
  for (const { name, part, plan } of planned) {
    const layout = plan.groups ? to : part.layout;
    if (part.multiplier !== null && layout === "torch") multipliers.set(name, part.multiplier);
    if (plan.isLeft && part.layout !== null && part.layout !== to) unturned.push(name);
  }
  return {
    multipliers,
    tables: tables.map(({ name }) => name),
    unturned,
    hasConv1d: planned.some(({ part }) => part.evidence === "family"),
  };
}

/**
 * Converts a file.
 *
 * @throws CommandError for an output that is the input, exists or cannot be written; MalformedFileError.
 */
export async function convertFile(input: string, output: string, options: ConvertOptions): Promise<Conversion> {
  const { to, from, dtype: asked, force } = options;
  const format = readFormat("OUT", output);
  const file = await openTensorFile(input);
  try {
    await expectOtherFile(input, output);
    expectReadable(file, input);
    const parts = partsOf(file, from);
    const found = new Set([...parts.values()].flatMap(({ layout }) => layout ?? []));
    const [only] = found;
    const whole = found.size === 1 ? only : undefined;
    const tensors: readonly StoredTensor[] = [...file.tensors.values()];
    const planned = tensors.map(({ name, shape, dtype }): PlannedTensor => {
      const part = parts.get(name) as TensorPart;
      const stays: TensorPlan = { shape, said: "unchanged: no --layout", isLeft: false };
      const plan = to ? planTensor(name, shape, part, to, whole) : stays;
      return { name, shape, dtype, dtypeAfter: dtypeAfter(dtype, asked), part, plan };
    });
    const { options: extras, lost } = extrasOf(file, format, to, convertedKernels(planned, to));
    const converted = tensors.map((tensor, i) => convertedTensor(tensor, (planned[i] as PlannedTensor).plan, asked));
    await writeOutput("OUT", output, converted, { ...extras, force });
    return { planned, found, format: { in: file.format, out: format }, lost, skipped: leftOut(file) };
  } finally {
    await file.close();
  }
}

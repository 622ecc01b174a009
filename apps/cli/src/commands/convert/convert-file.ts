// Converts a weight file to another format or layout, in chunks.

import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { Model, StoredTensor, StreamedTensor, WriteOptions } from "@fanin/formats";
import { openModel } from "@fanin/formats/node";
import type { Layout } from "@fanin/lab/weights";
import type { AnyDType } from "@fanin/tensor";
import { CommandError, exitCodes, usageError } from "../../exit-codes.ts";
import { readTextFile } from "../../read-text-file.ts";
import { printable } from "../../terminal/printable.ts";
import { type ConvertedKernels, layoutKeys, layoutMetadata } from "../../values/layout-metadata.ts";
import { expectReadable, type LeftOut, leftOut } from "../../values/left-out.ts";
import { readArchitecture } from "../../weights/architecture.ts";
import { partsOf } from "../../weights/judge-file.ts";
import { readFormat, writeOutput } from "../../write-output.ts";
import { readConversionMap } from "./conversion-map.ts";
import { convertedTensor, dtypeAfter, madeTensor } from "./converted-tensor.ts";
import { type ConvertedTensor, planConversion } from "./plan-conversion.ts";

/** Options of a conversion. */
export interface ConvertOptions {
  /** The layout of the output. Defaults to that of its format, else to that of the input. */
  readonly to: Layout | undefined;
  /** The layout of the input. Inferred if undefined. */
  readonly from: Layout | undefined;
  readonly dtype: "float32" | undefined;
  readonly force: boolean;
  /** Whether names become those of the framework of the layout. Defaults to whether the output's format has one. */
  readonly renames?: boolean;
  /** The file of --map. */
  readonly map?: string | undefined;
  /** A file with the architecture of the model. Defaults to that of the input. */
  readonly architecture?: string | undefined;
  /** Whether tensors whose layout is not certain are an error. */
  readonly strict?: boolean;
}

/** A tensor with its role, its plan and its element type in the output. */
export interface PlannedTensor extends ConvertedTensor {
  readonly dtypeAfter: AnyDType;
}

/** The outcome of a conversion. */
export interface Conversion {
  readonly planned: readonly PlannedTensor[];
  /** The layouts of the input's kernels. */
  readonly found: ReadonlySet<Layout>;
  /** The layout of the output; undefined if it is that of the input. */
  readonly to: Layout | undefined;
  readonly format: { readonly in: string; readonly out: string };
  /** Names of the metadata that the output's format cannot store; undefined if nothing is lost. */
  readonly lost: string | undefined;
  /** Skipped contents of the input. */
  readonly skipped: readonly LeftOut[];
  /** Whether the output was written: not with `strict` if a tensor's layout is not certain. */
  readonly isWritten: boolean;
}

/** The layouts of the formats that belong to one framework. */
const nativeLayouts: Readonly<Record<string, Layout>> = { torch: "torch", keras: "keras", h5: "keras" };

/** Splits metadata into what OUT's format can store and what is lost. */
function extrasOf(
  file: Model,
  format: string,
  to: Layout | undefined,
  names: readonly string[],
  kernels: ConvertedKernels,
  architecture: string | undefined,
): { options: WriteOptions; lost: string | undefined } {
  const isKept = file.format === format || file.metadata.size === 0;
  // A format of one framework shows the layout by itself.
  const isShown = Object.hasOwn(nativeLayouts, format);
  const keys = [...file.metadata.keys()].filter((key) => !isShown || !layoutKeys.includes(key));
  const lost = isKept || keys.length === 0 ? undefined : keys.map((key) => printable(key, 40)).join(", ");
  if (format === "safetensors") {
    const kept = isKept ? file.metadata : new Map<string, string>();
    return { options: { metadata: to === undefined ? kept : layoutMetadata(kept, to, names, kernels) }, lost };
  }
  if (nativeLayouts[format] === "keras") {
    // The format checks it against the tensors.
    const options = architecture === undefined ? {} : { architecture };
    return { options: isKept && format === "keras" ? { ...options, metadata: file.metadata } : options, lost };
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
  const tables: string[] = [];
  for (const { name, targets, part, plan } of planned) {
    const [own = name] = targets;
    const layout = plan.groups ? to : part.layout;
    if (part.role === "embedding" && /weight$/.test(own)) tables.push(own);
    if (part.multiplier !== null && layout === "torch") multipliers.set(own, part.multiplier);
    if (plan.isLeft && part.layout !== null && part.layout !== to) unturned.push(own);
  }
  return { multipliers, tables, unturned, hasConv1d: planned.some(({ part }) => part.evidence === "family") };
}

/** Returns the layout of OUT: the given one, or that of its format. */
function layoutAfter(format: string, output: string, given: Layout | undefined): Layout | undefined {
  const native = Object.hasOwn(nativeLayouts, format) ? nativeLayouts[format] : undefined;
  if (native !== undefined && given !== undefined && native !== given) {
    throw usageError(`--layout: expected ${native} for ${output}, got ${given}`);
  }
  return native ?? given;
}

/** The config of the model in a TensorFlow.js file; it tells the layers, but Keras 3 does not open it. */
function topologyOf({ format, metadata }: Model): string | undefined {
  if (format !== "tfjs") return undefined;
  const topology = JSON.parse(metadata.get("modelTopology") ?? "null") as { model_config?: unknown } | null;
  return topology?.model_config === undefined ? undefined : JSON.stringify(topology.model_config);
}

/** Reads the JSON text of an architecture: from a JSON file, or from a file of weights that has one. */
async function architectureText(path: string): Promise<string> {
  if (/\.json$/i.test(path)) return readTextFile("--architecture", path, 2 ** 28);
  const file = await openModel(path);
  try {
    const { architecture } = file;
    if (architecture === undefined) throw usageError(`--architecture: expected a model with its config, got ${path}`);
    return architecture;
  } finally {
    await file.close();
  }
}

function parseArchitecture(text: string | undefined, path: string) {
  if (text === undefined) return undefined;
  try {
    return readArchitecture(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CommandError(exitCodes.malformed, `${path}: expected JSON as architecture, got other text`, { cause });
  }
}

/**
 * Converts a file.
 *
 * @throws CommandError for an output that is the input, exists or cannot be written, and for a map that does not fit;
 * MalformedFileError.
 */
export async function convertFile(input: string, output: string, options: ConvertOptions): Promise<Conversion> {
  const { from, dtype: asked, force, map: mapPath, strict = false } = options;
  const format = readFormat("OUT", output);
  const to = layoutAfter(format, output, options.to);
  const renames = options.renames ?? Object.hasOwn(nativeLayouts, format);
  if (to === undefined && from !== undefined) throw usageError("--from: expected --layout as well, got none");
  if (to === undefined && mapPath !== undefined) throw usageError("--map: expected --layout as well, got none");
  if (to === undefined && options.renames) throw usageError("--rename: expected --layout as well, got none");
  const map = mapPath === undefined ? undefined : readConversionMap(mapPath);
  const file = await openModel(input);
  try {
    await expectOtherFile(input, output);
    expectReadable(file, input);
    const { layout: proven, architecture: own } = file;
    const text = options.architecture === undefined ? own : await architectureText(options.architecture);
    const architecture = parseArchitecture(text ?? topologyOf(file), options.architecture ?? input);
    if (options.architecture !== undefined && architecture === undefined) {
      throw usageError(`--architecture: expected a config of Keras or transformers, got ${options.architecture}`);
    }
    if (format === "keras" && !(text !== undefined && architecture?.isKeras)) {
      const advice = "pass --architecture FILE, a .keras file of the model or its JSON, or write .weights.h5";
      throw usageError(`OUT: expected the model's config for a .keras file, got none in ${input}; ${advice}`);
    }
    const parts = partsOf(file, from);
    const found = new Set([...parts.values()].flatMap(({ layout }) => layout ?? []));
    const sources = new Map<string, StoredTensor>(file.tensors);
    const plan = planConversion([...sources.values()], parts, {
      ...{ to, proven, renames, architecture, map },
      isConverted: file.metadata.has("layout"),
    });
    const planned = plan.tensors.map((tensor) => ({ ...tensor, dtypeAfter: dtypeAfter(tensor.dtype, asked) }));
    const names = plan.outputs.map(({ name }) => name);
    const { options: extras, lost } = extrasOf(
      ...([file, format, to, names, convertedKernels(planned, to)] as const),
      architecture?.isKeras ? text : undefined,
    );
    const isWritten = !strict || planned.every((tensor) => !tensor.plan.isLeft);
    if (isWritten) {
      const converted = plan.outputs.map((out): StreamedTensor => {
        if ("made" in out) return madeTensor(out.made, sources, out.from.dtype, asked);
        const source = sources.get(out.from.name) as StoredTensor;
        return { ...convertedTensor(source, out.from.plan, asked), name: out.name };
      });
      await writeOutput("OUT", output, converted, { ...extras, force });
    }
    return { planned, found, to, format: { in: file.format, out: format }, lost, skipped: leftOut(file), isWritten };
  } finally {
    await file.close();
  }
}

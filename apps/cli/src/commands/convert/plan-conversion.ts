// Plans a conversion: for each tensor of IN, what becomes of its values and of its name in OUT, and why.

import type { StoredTensor } from "@fanin/formats";
import { type Layout, layoutOfNames, type TensorPart, variableNames } from "@fanin/lab/weights";
import { formatShape } from "@fanin/tensor";
import { usageError } from "../../exit-codes.ts";
import { printable } from "../../terminal/printable.ts";
import type { Architecture, ArchitectureLayer } from "../../weights/architecture.ts";
import { type ConversionMap, translateByMap } from "./conversion-map.ts";
import type { MadeTensor } from "./gathered-values.ts";
import { planTensor, type TensorPlan } from "./layout-plan.ts";
import { kerasName, pathOf, styleOfName, torchName } from "./tensor-name.ts";
import { translateLayers } from "./translate-layers.ts";
import { cellsByTorchName } from "./translate-recurrent.ts";
import type { SourceTensor, Translation } from "./translation.ts";

/** A tensor of IN with its role and what becomes of it. */
export interface ConvertedTensor extends SourceTensor {
  readonly plan: TensorPlan;
  /** The tensors of OUT that have its values; empty if it is dropped. */
  readonly targets: readonly string[];
}

/** A tensor of OUT: one of IN under a name, or one made of several. */
export type PlannedOutput =
  | { readonly name: string; readonly from: ConvertedTensor }
  | { readonly name: string; readonly made: MadeTensor; readonly from: ConvertedTensor };

/** A planned conversion. */
export interface ConversionPlan {
  /** In the order of IN. */
  readonly tensors: readonly ConvertedTensor[];
  readonly outputs: readonly PlannedOutput[];
}

/** What a plan depends on. */
export interface PlanOptions {
  /** The layout of OUT; undefined if layouts stay. */
  readonly to: Layout | undefined;
  /** The layout that the format of IN proves. */
  readonly proven: Layout | undefined;
  /** Whether the metadata says that an earlier conversion gave the tensors their layout. */
  readonly isConverted: boolean;
  readonly renames: boolean;
  readonly architecture: Architecture | undefined;
  readonly map: ConversionMap | undefined;
}

const kinds: readonly (readonly [RegExp, TensorPart["kind"]])[] = [
  [/^Dense$/, "dense"],
  [/^Conv[123]D$/, "convolution"],
  [/^Conv[123]DTranspose$/, "transposed convolution"],
  [/^DepthwiseConv[12]D$/, "depthwise convolution"],
  [/^EinsumDense$/, "einsum"],
];

/** The role of a tensor by the class of its layer, where an architecture gives it. */
function partByLayer(
  { shape, part }: SourceTensor,
  name: string,
  { className, config }: ArchitectureLayer,
  layout: Layout,
): TensorPart {
  const { owner, last } = pathOf(name);
  if (config["name"] !== owner.at(-1)) return part;
  if (last === "embeddings" || (className === "Embedding" && last === "weight")) {
    return { ...part, role: "embedding", kind: null, layout: null, evidence: null };
  }
  const isSeparable = /^SeparableConv[12]D$/.test(className) && /^(depthwise|pointwise)_kernel$/.test(last);
  const separable = last === "depthwise_kernel" ? "depthwise convolution" : "convolution";
  const [, named] = kinds.find(([pattern]) => pattern.test(className)) ?? [];
  const kind = isSeparable ? separable : named;
  if (kind === undefined || !/^((depthwise_|pointwise_)?kernel|weight)$/.test(last) || shape.length < 2) return part;
  const isDepthwise = kind === "depthwise convolution";
  const multiplier = isDepthwise ? config["depth_multiplier"] : undefined;
  return {
    ...part,
    ...{ role: isDepthwise ? "depthwise" : "kernel", kind, layout, evidence: "architecture", isKindKnown: true },
    multiplier: isDepthwise ? (Number.isSafeInteger(multiplier) ? (multiplier as number) : 1) : null,
    outputs: kind === "transposed convolution" ? ((layout === "torch" ? shape[1] : shape.at(-2)) ?? 0) : part.outputs,
  };
}

/** The tensors of IN with their roles. */
function sourcesOf(
  tensors: readonly StoredTensor[],
  parts: ReadonlyMap<string, TensorPart>,
  style: Layout | undefined,
  architecture: Architecture | undefined,
  names: ReadonlyMap<string, string>,
  kerasNames: ReadonlyMap<string, string>,
): Map<string, SourceTensor> {
  const sources = new Map<string, SourceTensor>();
  for (const { name: given, shape, dtype } of tensors) {
    const part = parts.get(given) as TensorPart;
    const name = names.get(given) ?? given;
    const source = { name, shape, dtype, part };
    const ownName = kerasNames.get(name) ?? name;
    const layer = architecture?.isKeras ? architecture.layerAt(pathOf(ownName).owner) : undefined;
    const { layout: shown, evidence } = source.part;
    const layout = shown !== null && evidence !== "assumed" ? shown : style;
    sources.set(name, layer && layout ? { ...source, part: partByLayer(source, ownName, layer, layout) } : source);
  }
  return sources;
}

/** Names of kernels in each framework. */
const kernelNames: Readonly<Record<Layout, RegExp>> = { keras: /kernel$/, torch: /weight/ };

/** Whether only the file's framework shows the layout of a tensor whose name is not that of a kernel there. */
function isPlainParameter(
  { name, shape, part: { layout, evidence } }: SourceTensor,
  { isConverted }: PlanOptions,
): boolean {
  if (layout === null || evidence !== "metadata" || isConverted || shape.length < 2) return false;
  return !kernelNames[layout].test(pathOf(name).last);
}

/** Names a tensor that becomes one of OUT. */
function nameAfter(
  { name, part, shape }: SourceTensor,
  sources: ReadonlyMap<string, SourceTensor>,
  kerasNames: ReadonlyMap<string, string>,
  { to, architecture }: PlanOptions,
): string | undefined {
  const has = (other: string): boolean => sources.has(other);
  if (to === "torch") return torchName(name, has, architecture?.layerAt(pathOf(name).owner)?.className);
  const known = kerasNames.get(name);
  if (known !== undefined) return known;
  return kerasName(name, { part, rank: shape.length, has, rankOf: (other) => sources.get(other)?.shape.length });
}

/** Names of Keras's variables by PyTorch's, of an architecture; a name that two variables have is left out. */
function namesByTorch(all: ReadonlySet<string>, architecture: Architecture | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const twice = new Set<string>();
  for (const name of all) {
    const className = architecture?.layerAt(pathOf(name).owner)?.className;
    const own = torchName(name, (other) => all.has(other), className);
    if (found.has(own)) twice.add(own);
    found.set(own, name);
  }
  for (const own of twice) found.delete(own);
  return found;
}

const stays: Omit<TensorPlan, "shape"> = { said: "unchanged: no --layout", isLeft: false };

/** The plan of a tensor of translated layers. */
function planOfLayer(name: string, shape: readonly number[], translations: readonly Translation[]): TensorPlan {
  const made = translations.flatMap((translation) => translation.made);
  // Zeros, such as the second bias of an LSTM, belong to the last tensor of their layer.
  const zeros = translations.filter(({ sources }) => sources.at(-1) === name).flatMap((one) => one.made);
  const own = made.filter(
    (one) => one.gathers.some(({ from }) => from === name) || (one.gathers.length === 0 && zeros.includes(one)),
  );
  const said = translations[0]?.said ?? "";
  const [first] = own;
  if (first === undefined) return { shape, said, isLeft: true };
  return {
    shape: first.shape,
    made: own,
    said: `${said} ${formatShape(shape)} -> ${formatShape(first.shape)}`,
    isLeft: false,
  };
}

/** A translation with the names that IN has, and OUT where names stay. */
function withNames(
  { sources, made, said }: Translation,
  given: (name: string) => string,
  after: (name: string) => string,
): Translation {
  return {
    sources: sources.map(given),
    made: made.map((one) => ({
      ...one,
      name: after(one.name),
      gathers: one.gathers.map(({ from, axes }) => ({ from: given(from), axes })),
    })),
    said,
  };
}

/** Throws if two tensors of IN have one name in OUT. */
function expectDifferent(outputs: readonly PlannedOutput[]): void {
  const seen = new Map<string, string>();
  for (const { name, from } of outputs) {
    const other = seen.get(name);
    if (other !== undefined) {
      const both = `${printable(other, 60)} and ${printable(from.name, 60)}`;
      throw usageError(`OUT: expected different names, got ${printable(name, 60)} for ${both}; name them with --map`);
    }
    seen.set(name, from.name);
  }
}

/** The framework whose names a file has; undefined if they show none. */
function styleOf(names: readonly string[], proven: Layout | undefined): Layout | undefined {
  return proven ?? layoutOfNames(names) ?? (names.some((name) => name.includes("/")) ? "keras" : undefined);
}

/**
 * Plans a conversion.
 *
 * @throws CommandError for a map that does not fit, and for two tensors of one name in OUT.
 */
export function planConversion(
  tensors: readonly StoredTensor[],
  parts: ReadonlyMap<string, TensorPart>,
  options: PlanOptions,
): ConversionPlan {
  const { to, proven, architecture, map } = options;
  const given = tensors.map(({ name }) => name);
  const style = styleOf(given, proven);
  const renames = options.renames && to !== undefined;
  // Layers are found by names without that of a Sequential model, and by those that the paths of a .weights.h5 file stand for.
  const { variables = [], root = "" } = architecture ?? {};
  const short = (name: string): string => (name.startsWith(root) ? name.slice(root.length) : name);
  const full = new Map(variables.map(({ name }) => [short(name), name]));
  const byPath = new Map(variables.map(({ path, name }) => [path, short(name)]));
  const taken = new Set(given);
  const known = given.flatMap((name) => {
    const own = byPath.get(name) ?? short(name);
    if (taken.has(own)) return [];
    taken.add(own);
    return [[name, own] as const];
  });
  const names = known.length > 0 ? new Map(known) : variableNames(given);
  const paths = new Map(Array.from(names, ([path, name]) => [name, path]));
  const pathBefore = (name: string): string => paths.get(name) ?? name;
  const nameIfKnown = (name: string): string =>
    renames && to === "keras" ? (full.get(name) ?? pathBefore(name)) : pathBefore(name);
  const shortNames = new Set(to === "keras" ? full.keys() : []);
  const kerasNames = namesByTorch(shortNames, architecture);
  const sources = sourcesOf(tensors, parts, style, architecture, names, kerasNames);
  const ownNames = new Map(
    Array.from(sources, ([name, source]) => [pathBefore(name), { ...source, name: pathBefore(name) }]),
  );
  const mapped = map && to ? translateByMap(map, ownNames, to) : [];
  const rest = new Map([...sources].filter(([name]) => !map?.entries.has(pathBefore(name))));
  const kerasCells = cellsByTorchName([...shortNames]);
  const found = to ? translateLayers({ tensors: rest, to, renames, architecture, kerasCells }) : [];
  const bySource = new Map<string, Translation[]>();
  for (const translation of [...mapped, ...found.map((one) => withNames(one, pathBefore, nameIfKnown))]) {
    for (const name of translation.sources) bySource.set(name, [...(bySource.get(name) ?? []), translation]);
  }
  const layouts = new Set([...sources.values()].flatMap(({ part }) => part.layout ?? []));
  const [only] = layouts;
  const whole = layouts.size === 1 ? only : undefined;
  const written = new Set<Translation>();
  const outputs: PlannedOutput[] = [];
  const converted = [...sources.values()].map((found): ConvertedTensor => {
    const source = { ...found, name: pathBefore(found.name) };
    const { name, shape, part } = source;
    const translations = bySource.get(name);
    if (translations) {
      const plan = planOfLayer(name, shape, translations);
      const targets = plan.made?.map((made) => made.name) ?? [name];
      const tensor = { ...source, plan, targets };
      if (plan.isLeft) outputs.push({ name, from: tensor });
      for (const translation of translations) {
        if (written.has(translation)) continue;
        written.add(translation);
        for (const made of translation.made) outputs.push({ name: made.name, made, from: tensor });
      }
      return tensor;
    }
    const plain = { shape, said: "unchanged: a plain parameter; neither name nor bias shows its axes", isLeft: true };
    const known = (layout: Layout) => planTensor(found.name, shape, part, layout, whole);
    const plan = to === undefined ? { shape, ...stays } : isPlainParameter(found, options) ? plain : known(to);
    const isRenamed = renames && !plan.isLeft && (styleOfName(found.name) ?? style ?? to) !== to;
    const after = isRenamed ? nameAfter(found, sources, kerasNames, options) : found.name;
    const own = after === undefined ? undefined : nameIfKnown(after);
    if (own === undefined && pathOf(name).last === "num_batches_tracked") {
      return { ...source, plan: { ...plan, said: "dropped: Keras counts no batches", isLeft: false }, targets: [] };
    }
    const isNamed = own !== undefined;
    const said = isNamed ? plan.said : "unchanged: no certain name in Keras";
    const tensor = { ...source, plan: { ...plan, said, isLeft: plan.isLeft || !isNamed }, targets: [own ?? name] };
    outputs.push({ name: own ?? name, from: tensor });
    return tensor;
  });
  expectDifferent(outputs);
  return { tensors: converted, outputs };
}

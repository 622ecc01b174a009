// The role of each tensor of a file and the layout of each kernel, decided per tensor by evidence.
// Evidence in order: the caller's layout; the shapes of recurrent siblings; the length of the bias beside the kernel,
// if its group of similar names agrees; the families that store some kernels the other way; metadata; names.
// Source: torch.nn, Keras 3.15 and flax 0.12 for the shapes of each layer; transformers 5.17 for Conv1D.
// One file: the rules are one ordered table.

import { sizeOf } from "@fanin/tensor";
import { fansOf, type Layout, layoutOfNames, layouts } from "./layout.ts";
import { naturalOrder } from "./natural-order.ts";
import { biasNames, kernelStyle, type NameParts, nameParts, type Role, roleOfName } from "./tensor-names.ts";
import { variableNames } from "./variable-names.ts";
import type { TensorName } from "./weight-tensor.ts";

/** The kind of layer of a kernel. */
export type KernelKind =
  | "dense"
  | "convolution"
  | "transposed convolution"
  | "depthwise convolution"
  | "attention"
  | "einsum"
  | "gated recurrent unit"
  | "recurrent";

/** The evidence for the layout of a kernel; `architecture` of a caller that knows the layers, `assumed` without evidence. */
export type Evidence =
  | "given"
  | "architecture"
  | "shapes"
  | "bias"
  | "family"
  | "siblings"
  | "metadata"
  | "names"
  | "assumed";

/** The role of a tensor with its fans. */
export interface TensorPart {
  readonly role: Role;
  /** Null for tensors that are not kernels. */
  readonly kind: KernelKind | null;
  /** The layout of a kernel; null for other tensors. */
  readonly layout: Layout | null;
  readonly evidence: Evidence | null;
  /** The fans that the framework uses to draw it; for a bias, those of its kernel. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** Its input and output channels. */
  readonly inputs: number;
  readonly outputs: number;
  /** Units of a recurrent layer, 0 elsewhere. */
  readonly hidden: number;
  /** For a kernel, the name of its bias; for a bias, that of its kernel. */
  readonly beside: string | null;
  /** Whether the bias beside the kernel has the length that the layer needs. */
  readonly isFitting: boolean;
  /** Filters per input channel of a depthwise kernel, if known. */
  readonly multiplier: number | null;
  /** Whether names or the bias determine the kind; a shape alone may fit two kinds with different axes. */
  readonly isKindKnown: boolean;
}

/** Known properties of a file besides its tensors. */
export interface FileEvidence {
  /** The layout that the caller gives. */
  readonly layout?: Layout | undefined;
  /** The layout of the framework whose format the file has. */
  readonly proven?: Layout | undefined;
  /** The metadata of a .safetensors file: `format` as transformers writes it, and the keys of `fanin convert`. */
  readonly metadata?: ReadonlyMap<string, string> | undefined;
}

/** Kernels of transformers' Conv1D, which stores (in, out); other models use the same names for nn.Linear. */
const CONV1D = /^(c_attn|c_proj|c_fc|q_attn)$/;
const DEPTHWISE = /depthwise|(^|[_.\d])dw(_?conv)?([_.\d]|$)/i;
/** Names of recurrent layers, for files without the recurrent kernel. */
const GRU = /(^|[./_])gru(_?cell)?(_\d+)?([./]|$)/i;
const KERAS_CELL = /^(recurrent_)?kernel$/;
const TRANSPOSED = /transpose|deconv/i;
const ATTENTION = /^(query|key|value|gate|attention_output|out)$/;

interface Kernel {
  readonly tensor: TensorName;
  readonly parts: NameParts;
  readonly role: Role;
  readonly bias: TensorName | undefined;
}

/** An interpretation of a kernel's shape. */
interface Reading {
  readonly layout: Layout;
  readonly kind: KernelKind;
}

const separatorOf = (name: string): string => (name.includes("/") ? "/" : ".");

/** The interpretations of a kernel's shape whose outputs match the length of the bias. */
function readingsByBias({ shape }: TensorName, { shape: bias }: TensorName): Reading[] {
  const count = sizeOf(bias);
  const readings: Reading[] = [];
  const add = (layout: Layout, kind: KernelKind) => readings.push({ layout, kind });
  const [first = 0, second = 0] = shape;
  const [before = 0, last = 0] = shape.slice(-2);
  if (shape.length === 2) {
    if (count === first) add("torch", "dense");
    if (count === last) add("keras", "dense");
    return readings;
  }
  if (count === first) add("torch", second === 1 && first > 1 ? "depthwise convolution" : "convolution");
  // (in, out / groups, ...); the groups divide the inputs.
  const groups = second > 0 ? count / second : 0;
  if (count !== first && Number.isInteger(groups) && groups > 0 && first % groups === 0) {
    add("torch", "transposed convolution");
  }
  if (count === last) add("keras", "convolution");
  if (count === before * last && before > 1) add("keras", "depthwise convolution");
  if (count === before && count !== last) add("keras", "transposed convolution");
  return readings;
}

/** The layouts that the file claims, for kernels without their own evidence. */
interface Claim {
  readonly layout: Layout;
  readonly evidence: Evidence;
}

function claimOf(metadata: ReadonlyMap<string, string>, names: Iterable<string>, proven: Layout | undefined): Claim {
  const said = layouts.find((layout) => layout === metadata.get("layout"));
  if (said) return { layout: said, evidence: "metadata" };
  if (proven) return { layout: proven, evidence: "metadata" };
  const named = layoutOfNames(names);
  if (named) return { layout: named, evidence: "names" };
  const format = metadata.get("format");
  if (format === "pt") return { layout: "torch", evidence: "metadata" };
  if (format === "tf" || format === "flax") return { layout: "keras", evidence: "metadata" };
  return { layout: "keras", evidence: "assumed" };
}

/** A number from fanin's own metadata: filters per channel of the depthwise kernels that it transposed. */
function multipliersOf(metadata: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  try {
    const said: unknown = JSON.parse(metadata.get("depthwise") ?? "{}");
    return new Map(
      Object.entries(said as object).filter(([, value]) => Number.isSafeInteger(value) && value > 0) as [
        string,
        number,
      ][],
    );
  } catch {
    return new Map(); // another program's file that uses the key differently
  }
}

/** A list of names from fanin's own metadata. */
function namesIn(metadata: ReadonlyMap<string, string>, key: string): ReadonlySet<string> {
  try {
    const said: unknown = JSON.parse(metadata.get(key) ?? "[]");
    return new Set(Array.isArray(said) ? said.filter((name) => typeof name === "string") : []);
  } catch {
    return new Set();
  }
}

/** Decides the parts of all tensors of one file. */
class Parts {
  readonly #byName: ReadonlyMap<string, TensorName>;
  readonly #names: ReadonlyMap<string, NameParts>;
  readonly #kernels: ReadonlyMap<string, Kernel>;
  /** Kernels by the names of their biases. */
  readonly #owners: ReadonlyMap<string, Kernel>;
  /** Names of kernels after a convolution whose channels divide their first axis. */
  readonly #followers: ReadonlySet<string>;
  readonly #given: Layout | undefined;
  readonly #claim: Claim;
  readonly #multipliers: ReadonlyMap<string, number>;
  /** Kernels of a converted file that kept their original layout. */
  readonly #unturned: ReadonlySet<string>;
  readonly #tables: ReadonlySet<string>;
  readonly #isConv1d: boolean;
  /** By group of similar names: the other layout, if the biases agree on it. */
  readonly #turned: ReadonlyMap<string, Claim>;

  constructor(tensors: readonly TensorName[], { layout, proven, metadata = new Map() }: FileEvidence) {
    this.#given = layout;
    this.#byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    this.#names = new Map(tensors.map(({ name }) => [name, nameParts(name)]));
    this.#claim = claimOf(metadata, this.#byName.keys(), proven);
    this.#multipliers = multipliersOf(metadata);
    this.#unturned = namesIn(metadata, "unturned");
    this.#tables = namesIn(metadata, "tables");
    this.#isConv1d = metadata.get("conv1d") === "keras";
    this.#kernels = this.#findKernels(tensors, metadata);
    const kernels = [...this.#kernels.values()];
    this.#owners = new Map(kernels.flatMap((kernel) => (kernel.bias ? [[kernel.bias.name, kernel] as const] : [])));
    this.#followers = followers(kernels);
    this.#turned = this.#findTurned();
  }

  #nameOf(name: string): NameParts {
    return this.#names.get(name) ?? nameParts(name);
  }

  #findKernels(tensors: readonly TensorName[], metadata: ReadonlyMap<string, string>): Map<string, Kernel> {
    const hasKernels = tensors.some(({ name, shape }) => {
      const style = kernelStyle(this.#nameOf(name));
      return shape.length > 1 && style !== undefined && style !== "plain";
    });
    const kernels = new Map<string, Kernel>();
    for (const tensor of tensors) {
      const parts = this.#nameOf(tensor.name);
      const bias = this.#biasOf(tensor, parts);
      const role = roleOfName(tensor, parts, { hasKernels, hasBias: bias !== undefined });
      kernels.set(tensor.name, { tensor, parts, role: this.#refined(tensor, parts, role), bias });
    }
    // Shapes identify tables in PyTorch's own layout only; the metadata of a converted file has the names.
    const isTurned = metadata.get("layout") === "keras";
    const all = [...kernels.values()];
    const tables = isTurned ? all.filter(({ tensor }) => this.#tables.has(tensor.name)) : unnamedTables(all);
    for (const table of tables) kernels.set(table.tensor.name, { ...table, role: "embedding" });
    return kernels;
  }

  /** In Keras, `kernel` beside a recurrent kernel of the same layer is recurrent too. */
  #refined({ name, shape }: TensorName, { owner, last }: NameParts, role: Role): Role {
    if (role !== "kernel" || last !== "kernel" || shape.length !== 2) return role;
    const prefix = owner === "" ? "" : owner + separatorOf(name);
    return this.#byName.has(`${prefix}recurrent_kernel`) ? "recurrent" : role;
  }

  #biasOf({ name, shape }: TensorName, parts: NameParts): TensorName | undefined {
    if (shape.length < 2 || kernelStyle(parts) === undefined) return undefined;
    const separator = separatorOf(name);
    // In a separable convolution, the bias belongs to the pointwise kernel.
    const prefix = parts.owner === "" ? "" : parts.owner + separator;
    if (parts.last === "depthwise_kernel" && this.#byName.has(`${prefix}pointwise_kernel`)) return undefined;
    for (const each of biasNames(parts, separator)) {
      const found = this.#byName.get(each) ?? this.#byName.get(`${each}:0`);
      if (found && found.name !== name) return found;
    }
    return undefined;
  }

  /** The group of similar names: those that differ only in the module's number. */
  #groupOf({ module, last }: NameParts): string {
    return CONV1D.test(module) ? "Conv1D" : `${module.replace(/\d+/g, "")} ${last.replace(/\d+/g, "")}`;
  }

  /** The layout that the kernel's name claims, else that of the file. */
  #claimed({ tensor, parts }: Kernel): Claim {
    if (this.#claim.evidence === "metadata") {
      if (!this.#unturned.has(tensor.name)) return this.#claim;
      return { layout: this.#claim.layout === "torch" ? "keras" : "torch", evidence: "metadata" };
    }
    const style = kernelStyle(parts);
    return style === "torch" || style === "keras" ? { layout: style, evidence: "names" } : this.#claim;
  }

  /** The layout by the shapes of GPT-2's kernels or by the biases; null if they indicate none or either. */
  #voteOf(kernel: Kernel): Layout | null {
    const { tensor, parts, bias } = kernel;
    const [first = 0, second = 0] = tensor.shape;
    if (bias) {
      const shown = new Set(readingsByBias(tensor, bias).map(({ layout }) => layout));
      const [only] = shown;
      return shown.size === 1 && only ? only : null;
    }
    if (parts.module !== "c_attn" || tensor.shape.length !== 2) return null;
    // Queries, keys and values combined: three times as many outputs as inputs.
    return first === 3 * second ? "torch" : second === 3 * first ? "keras" : null;
  }

  /** The groups of names whose kernels have the opposite layout of their names. */
  #findTurned(): Map<string, Claim> {
    const votes = new Map<string, { readonly claim: Layout; for: number; against: number }>();
    for (const kernel of this.#kernels.values()) {
      if (kernel.role !== "kernel" && kernel.role !== "depthwise") continue;
      const claim = this.#claimed(kernel).layout;
      const group = this.#groupOf(kernel.parts);
      const counted = votes.get(group) ?? { claim, for: 0, against: 0 };
      votes.set(group, counted);
      const vote = this.#voteOf(kernel);
      if (vote === claim) counted.for++;
      else if (vote) counted.against++;
    }
    const turned = new Map<string, Claim>();
    const ordinary = [...votes].filter(([group]) => group !== "Conv1D").map(([, counted]) => counted);
    // One bias that contradicts its kernel's name is a fault; two that agree, without an exception, mean a converted file.
    const isFileTurned = ordinary.every((counted) => counted.for === 0) && sum(ordinary.map((c) => c.against)) >= 2;
    const votingGroups = ordinary.filter((counted) => counted.against > 0).length;
    for (const [group, counted] of votes) {
      const other = counted.claim === "torch" ? "keras" : "torch";
      const isFamily = group === "Conv1D";
      if (counted.against > counted.for && (isFamily || (counted.for === 0 && counted.against >= 2))) {
        turned.set(group, { layout: other, evidence: isFamily ? "family" : "siblings" });
      } else if (!isFamily && isFileTurned && (counted.against > 0 || votingGroups >= 2)) {
        turned.set(group, { layout: other, evidence: "siblings" });
      }
    }
    return turned;
  }

  /** Units and gates of a recurrent layer by its recurrent kernel: one side is the gates times the other. */
  #recurrent({ tensor, parts }: Kernel): { hidden: number; gates: number; layout: Layout | null } | undefined {
    const separator = separatorOf(tensor.name);
    const prefix = parts.owner === "" ? "" : parts.owner + separator;
    const suffix = parts.last.replace(/^.*_(ih|hh|hr)/, "");
    const isTorch = /^weight_/.test(parts.last);
    const find = (last: string): readonly number[] | undefined =>
      (this.#byName.get(prefix + last) ?? this.#byName.get(`${prefix + last}:0`))?.shape;
    const own = isTorch ? find(`weight_hh${suffix}`) : find("recurrent_kernel");
    if (own?.length !== 2) return undefined;
    const [a = 0, b = 0] = own;
    const projection = isTorch ? find(`weight_hr${suffix}`) : undefined;
    const [long, short] = [Math.max(a, b), Math.min(a, b)];
    if (projection) {
      // (outputs, units) with fewer outputs than units; only LSTM has it.
      const hidden = Math.max(...projection);
      return { hidden, gates: long / hidden, layout: a === 4 * hidden ? "torch" : b === 4 * hidden ? "keras" : null };
    }
    const gates = short > 0 ? long / short : 0;
    return { hidden: short, gates, layout: a === b ? null : a > b ? "torch" : "keras" };
  }

  /** The layout of a kernel and its evidence. */
  #layoutOf(kernel: Kernel): Claim {
    if (this.#given) return this.#givenLayout(kernel, this.#given);
    if (kernel.role === "recurrent") {
      const shown = this.#recurrent(kernel)?.layout;
      if (shown) return { layout: shown, evidence: "shapes" };
    }
    const group = this.#groupOf(kernel.parts);
    if (group === "Conv1D" && this.#isConv1d) return { layout: "keras", evidence: "family" };
    const turned = this.#turned.get(group);
    const vote = this.#voteOf(kernel);
    if (turned)
      return turned.evidence !== "family" && vote === turned.layout ? { ...turned, evidence: "bias" } : turned;
    const claimed = this.#claimed(kernel);
    if (vote !== null && (vote === claimed.layout || claimed.evidence === "assumed")) {
      return { layout: vote, evidence: "bias" };
    }
    return claimed;
  }

  /** The caller's layout, except for Conv1D of a PyTorch file, whose biases show (in, out). */
  #givenLayout(kernel: Kernel, layout: Layout): Claim {
    const family = CONV1D.test(kernel.parts.module) ? this.#turned.get("Conv1D") : undefined;
    return family && layout === "torch" ? family : { layout, evidence: "given" };
  }

  #kindOf(kernel: Kernel, layout: Layout, fits: readonly Reading[]): KernelKind {
    const { tensor, parts, bias, role } = kernel;
    const { shape } = tensor;
    if (role === "recurrent" || (GRU.test(parts.owner) && KERAS_CELL.test(parts.last))) {
      const gates = this.#recurrent(kernel)?.gates ?? (GRU.test(parts.owner) ? 3 : undefined);
      return gates === 3 ? "gated recurrent unit" : "recurrent";
    }
    if (/in_proj_weight|^[qkv]_proj_weight$/.test(parts.last) || this.#isHeadOf(kernel)) return "attention";
    const isEinsum = /einsum/i.test(parts.owner) || (bias !== undefined && bias.shape.length > 1);
    if (parts.last === "kernel" && isEinsum) return "einsum";
    if (shape.length === 2) return "dense";
    const own = fits.filter((reading) => reading.layout === layout);
    const isPoint = layout === "torch" ? shape[1] === 1 : shape.at(-1) === 1;
    if (role === "depthwise") return "depthwise convolution";
    if (TRANSPOSED.test(parts.owner) && !DEPTHWISE.test(parts.module)) return "transposed convolution";
    if (DEPTHWISE.test(parts.module)) {
      // Keras's is (..., in, multiplier); a convolution in groups of one input may have the same name.
      const isOwn = layout === "torch" ? isPoint : shape.at(-2) !== 1;
      return isOwn ? "depthwise convolution" : "convolution";
    }
    const [only] = own.length === 1 ? own : own.filter(({ kind }) => kind === "convolution");
    if (layout === "torch" && isPoint && (shape[0] ?? 0) > 1) {
      // Otherwise it may be a first layer on grey images.
      return this.#followers.has(tensor.name) ? "depthwise convolution" : "convolution";
    }
    return only?.kind ?? own[0]?.kind ?? "convolution";
  }

  /** Whether a kernel belongs to attention of Keras or flax, which has query, key and value. */
  #isHeadOf({ tensor, parts }: Kernel): boolean {
    if (!ATTENTION.test(parts.module) || tensor.shape.length !== 3 || parts.last !== "kernel") return false;
    const separator = separatorOf(tensor.name);
    const parent = parts.owner.slice(0, -parts.module.length);
    return ["query", "key", "value"].some((each) => this.#byName.has(`${parent}${each}${separator}kernel`));
  }

  /** The part of one tensor. */
  partOf(tensor: TensorName): TensorPart {
    const kernel = this.#kernels.get(tensor.name) as Kernel;
    const { role, bias } = kernel;
    const base = { role, hidden: 0, beside: null, isFitting: true, multiplier: null, isKindKnown: true };
    const isKernel = (role === "kernel" || role === "recurrent" || role === "depthwise") && tensor.shape.length > 1;
    if (!isKernel) {
      // A table is looked up by row; it has the fans that Keras computes.
      const owner = role === "bias" ? this.#owners.get(tensor.name) : undefined;
      const part = owner ? this.partOf(owner.tensor) : undefined;
      const fans = part ?? fansOf(tensor.shape, this.#claim.layout);
      const sizes = { fanIn: fans.fanIn, fanOut: fans.fanOut, inputs: 0, outputs: 0 };
      const hidden = part?.hidden ?? 0;
      return {
        ...base,
        ...sizes,
        hidden,
        beside: owner?.tensor.name ?? null,
        kind: null,
        layout: null,
        evidence: null,
      };
    }
    const { layout, evidence } = this.#layoutOf(kernel);
    const fits = bias ? readingsByBias(tensor, bias) : [];
    const kind = this.#kindOf(kernel, layout, fits);
    return {
      ...base,
      role: kind === "depthwise convolution" ? "depthwise" : role,
      kind,
      layout,
      evidence,
      ...fansOf(tensor.shape, layout),
      ...this.#channels(kernel, layout, kind),
      hidden: role === "recurrent" ? (this.#recurrent(kernel)?.hidden ?? 0) : 0,
      beside: bias?.name ?? null,
      isFitting: this.#isFitting(kernel, layout, kind, fits),
      multiplier: this.#multiplierOf(kernel, layout, kind),
      isKindKnown: this.#isKindKnown(kernel, layout, fits),
    };
  }

  /** Keras's (..., in, 1) is a depthwise kernel or one filter of an ordinary kernel; the name or the bias decides. */
  #isKindKnown({ tensor, parts, role }: Kernel, layout: Layout, fits: readonly Reading[]): boolean {
    const { shape } = tensor;
    if (shape.length < 3 || layout === "torch" || role !== "kernel") return true;
    if (TRANSPOSED.test(parts.owner) || DEPTHWISE.test(parts.module)) return true;
    const own = fits.filter((reading) => reading.layout === layout);
    if (own.length > 0) return own.length === 1 || own.some(({ kind }) => kind === "convolution");
    return shape.at(-1) !== 1 || /conv/i.test(parts.module);
  }

  #channels(
    { tensor: { shape }, bias }: Kernel,
    layout: Layout,
    kind: KernelKind,
  ): { inputs: number; outputs: number } {
    const [inputs = 1, outputs = 1] = layout === "keras" ? shape.slice(-2) : [shape[1], shape[0]];
    if (kind === "transposed convolution") {
      // With groups, the kernel has the outputs of one group and the bias those of all.
      const all = bias && sizeOf(bias.shape) % inputs === 0 ? sizeOf(bias.shape) : inputs;
      return { inputs: outputs, outputs: all };
    }
    if (kind === "depthwise convolution" && layout === "keras") return { inputs, outputs: inputs * outputs };
    return { inputs, outputs };
  }

  #isFitting({ tensor, bias }: Kernel, layout: Layout, kind: KernelKind, fits: readonly Reading[]): boolean {
    if (!bias) return true;
    const { shape } = tensor;
    if (kind === "recurrent" || kind === "gated recurrent unit") {
      // Keras's GRU has a row of biases for the inputs and one for the state.
      return bias.shape.at(-1) === (layout === "keras" ? shape.at(-1) : shape[0]);
    }
    if (kind === "einsum" || kind === "attention") {
      return bias.shape.length > 1 || [shape[0], shape.at(-1)].includes(bias.shape[0]);
    }
    return bias.shape.length !== 1 || fits.some((reading) => reading.layout === layout);
  }

  #multiplierOf({ tensor, bias }: Kernel, layout: Layout, kind: KernelKind): number | null {
    if (kind !== "depthwise convolution") return null;
    const { shape, name } = tensor;
    if (layout === "torch") return this.#multipliers.get(name) ?? null;
    const [inputs = 1, multiplier = 1] = shape.slice(-2);
    return bias === undefined || sizeOf(bias.shape) === inputs * multiplier ? multiplier : null;
  }
}

/**
 * Tables of PyTorch without a telling name, such as `0.weight` of a Sequential: they have no bias, no layer has their
 * rows as outputs, and other layers take their columns as inputs.
 */
function unnamedTables(kernels: readonly Kernel[]): Kernel[] {
  const matrices = kernels.filter(
    ({ tensor, role, parts }) =>
      (role === "kernel" || role === "recurrent") && tensor.shape.length === 2 && kernelStyle(parts) === "torch",
  );
  const isAlone = ({ parts, bias }: Kernel): boolean => parts.last === "weight" && bias === undefined;
  const alone = matrices.filter(isAlone);
  if (alone.length === 0 || alone.length === matrices.length) return [];
  const taken = new Set(kernels.map(({ tensor }) => tensor.shape[1]));
  const given = new Set(kernels.filter(({ role }) => role !== "bias").map(({ tensor }) => tensor.shape[0]));
  const widths = [...new Set(matrices.filter((kernel) => !isAlone(kernel)).map(({ tensor }) => tensor.shape[1] ?? 0))];
  return alone.filter(({ tensor }) => {
    const [rows = 0, columns = 0] = tensor.shape;
    const isTaken = columns > 0 && widths.some((width) => width % columns === 0);
    return rows !== columns && isTaken && !given.has(columns) && !taken.has(rows);
  });
}

/** The kernels of (channels, 1, ...) after a convolution of PyTorch whose outputs divide their channels. */
function followers(kernels: readonly Kernel[]): Set<string> {
  const found = new Set<string>();
  const channels = new Set<number>();
  for (const { tensor, role } of kernels.toSorted((a, b) => naturalOrder(a.tensor.name, b.tensor.name))) {
    const [outputs = 0] = tensor.shape;
    if (role !== "kernel" || tensor.shape.length < 3) continue;
    for (const each of channels) if (outputs % each === 0) found.add(tensor.name);
    // A network has few widths; for a file with very many, the first are enough evidence.
    if (outputs > 1 && channels.size < 256) channels.add(outputs);
  }
  return found;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * The part of every tensor of a file, by name. Pass all tensors of the file: each is evidence for the others.
 *
 * @example
 * const file = [{ name: "h.0.mlp.c_fc.weight", shape: [8, 32] }, { name: "h.0.mlp.c_fc.bias", shape: [32] }];
 * const part = tensorParts(file).get("h.0.mlp.c_fc.weight");
 * [part?.layout, part?.fanIn]; // => [ 'keras', 8 ]
 */
export function tensorParts(
  tensors: readonly TensorName[],
  evidence: FileEvidence = {},
): ReadonlyMap<string, TensorPart> {
  const names = variableNames(tensors.map(({ name }) => name));
  const paths = new Map(Array.from(names, ([path, name]) => [name, path]));
  const named = tensors.map((tensor) => ({ ...tensor, name: names.get(tensor.name) ?? tensor.name }));
  const parts = new Parts(named, evidence);
  return new Map(
    tensors.map(({ name }, i) => {
      const part = parts.partOf(named[i] as TensorName);
      return [name, { ...part, beside: part.beside === null ? null : (paths.get(part.beside) ?? part.beside) }];
    }),
  );
}

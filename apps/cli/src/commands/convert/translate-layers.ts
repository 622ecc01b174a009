// Finds the layers that Keras and PyTorch store in different parts, recurrent layers and attention, and translates them as
// a whole with their names. Where names stay, the gates of a GRU are reordered within each of its tensors.

import type { Layout, TensorPart } from "@fanin/lab/weights";
import { type AnyDType, formatShape, type Shape } from "@fanin/tensor";
import type { Architecture } from "./architecture.ts";
import { canAdd, type MadeTensor, offsets } from "./gathered-values.ts";
import {
  type AttentionSizes,
  attentionToKeras,
  attentionToTorch,
  gatePositions,
  type KerasAttention,
  type Projection,
  recurrentToKeras,
  recurrentToTorch,
} from "./layer-parts.ts";
import { nameIn, pathOf } from "./tensor-name.ts";

/** A tensor of IN by its header. */
export interface SourceTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: AnyDType;
  readonly part: TensorPart;
}

/** Tensors of IN that become others together, or stay together. */
export interface Translation {
  readonly sources: readonly string[];
  /** Empty if the tensors stay. */
  readonly made: readonly MadeTensor[];
  /** What was done, or why the tensors stay. */
  readonly said: string;
}

/** What the translation of layers depends on. */
export interface TranslationContext {
  readonly tensors: ReadonlyMap<string, SourceTensor>;
  readonly to: Layout;
  /** Whether names become those of the other framework. */
  readonly renames: boolean;
  readonly architecture: Architecture | undefined;
  /** Paths to the cells of recurrent layers of Keras by the names of PyTorch's `weight_hh`, of an architecture. */
  readonly kerasCells: ReadonlyMap<string, readonly string[]>;
}

const cells: Readonly<Record<number, string>> = { 1: "simple_rnn", 3: "gru", 4: "lstm" };
const CELL = /^((lstm|gru|simple_rnn)_)?cell(_\d+)?$/;
const DIRECTION = /^(forward|backward)_/;

const stay = (sources: readonly SourceTensor[], reason: string): Translation => ({
  sources: sources.map(({ name }) => name),
  made: [],
  said: `unchanged: ${reason}`,
});

const isSame = (shape: Shape | undefined, ...sizes: number[]): boolean =>
  shape !== undefined && shape.length === sizes.length && sizes.every((size, axis) => shape[axis] === size);

const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

const ofOneDtype = (tensors: readonly SourceTensor[]): boolean => new Set(tensors.map(({ dtype }) => dtype)).size === 1;

/** Swaps the gates of one tensor of a GRU; a kernel is transposed as well. */
function gruInPlace({ name, shape }: SourceTensor, isKernel: boolean, to: Layout): MadeTensor {
  const [first = 0, second = 1] = shape;
  if (!isKernel) {
    const width = shape.at(-1) ?? 0;
    const columns = gatePositions({ gates: 3, units: width / 3 });
    const axes = shape.length === 1 ? [columns] : [offsets(first, width), columns];
    return { name, shape, gathers: [{ from: name, axes }] };
  }
  if (to === "torch") {
    const columns = gatePositions({ gates: 3, units: second / 3 });
    return { name, shape: [second, first], gathers: [{ from: name, axes: [columns, offsets(first, second)] }] };
  }
  const rows = gatePositions({ gates: 3, units: first / 3 }).map((row) => row * second);
  return { name, shape: [second, first], gathers: [{ from: name, axes: [offsets(second), rows] }] };
}

/** A recurrent layer of IN: its tensors, by either framework's names. */
interface FoundRecurrent {
  readonly kernel: SourceTensor;
  readonly recurrent: SourceTensor;
  readonly biases: readonly SourceTensor[];
  readonly style: Layout;
  /** The path to the layer without the cell's name. */
  readonly layer: readonly string[];
  /** `_l0_reverse`, for PyTorch; empty for a cell. */
  readonly suffix: string;
  /** Whether the parts are beyond what either framework's layers have in common. */
  readonly other: string | undefined;
}

/** The path to a recurrent layer of Keras by that of its cell. */
function layerOfCell(cell: readonly string[]): readonly string[] {
  const isNamed = cell.length > 1 && CELL.test(cell.at(-1) as string) && cell.at(-2) !== "stacked_rnn_cells";
  return isNamed ? cell.slice(0, -1) : cell;
}

/** PyTorch's names of the cells of a Keras model, by the names of its variables. */
export function cellsByTorchName(variables: readonly string[]): Map<string, readonly string[]> {
  const known = new Set(variables);
  const cells = variables.flatMap((name) => {
    const { owner, last } = pathOf(name);
    return last === "recurrent_kernel" ? [owner] : [];
  });
  const has = (name: string): boolean => known.has(name);
  return new Map(
    cells.map((cell) => {
      const kernel = nameIn("keras", [...cell, "kernel"]);
      return [torchRecurrentNames(layerOfCell(cell), kernel, has).weightHh, cell];
    }),
  );
}

function findRecurrent({ tensors }: TranslationContext): FoundRecurrent[] {
  const found: FoundRecurrent[] = [];
  for (const recurrent of tensors.values()) {
    const { owner, last } = pathOf(recurrent.name);
    const separator = recurrent.name.includes("/") ? "/" : ".";
    const beside = (other: string): SourceTensor | undefined => {
      const name = [...owner, other].join(separator);
      return tensors.get(name) ?? tensors.get(`${name}:0`);
    };
    if (last === "recurrent_kernel") {
      const kernel = beside("kernel");
      if (kernel === undefined) continue;
      const isMatrix = recurrent.shape.length === 2;
      found.push({
        ...{
          kernel,
          recurrent,
          biases: present([beside("bias")]),
          style: "keras",
          layer: layerOfCell(owner),
          suffix: "_l0",
        },
        other: isMatrix ? undefined : "a recurrent layer of convolutions, which PyTorch lacks",
      });
    }
    const [, suffix] = /^weight_hh(|_l\d+(?:_reverse)?)$/.exec(last) ?? [];
    if (suffix !== undefined && recurrent.shape.length === 2) {
      const kernel = beside(`weight_ih${suffix}`);
      if (kernel === undefined) continue;
      const biases = present([beside(`bias_ih${suffix}`), beside(`bias_hh${suffix}`)]);
      const projection = beside(`weight_hr${suffix}`);
      found.push({
        ...{ kernel, recurrent, biases, style: "torch", layer: owner, suffix },
        other: projection ? "an LSTM with a projection, which Keras lacks" : undefined,
      });
    }
  }
  return found;
}

/** The prefix and the suffix of PyTorch's names for a cell of Keras. */
function torchRecurrentNames(layer: readonly string[], kernel: string, has: (name: string) => boolean) {
  const last = layer.at(-1) ?? "";
  const [, direction] = DIRECTION.exec(last) ?? [];
  const other = direction === "forward" ? "backward_" : "forward_";
  const twin = kernel.replace(`/${last}/`, `/${last.replace(DIRECTION, other)}/`);
  // A Bidirectional has both; its backward layer may have a name of its own.
  const isTwo = layer.length > 1 && direction !== undefined && twin !== kernel && has(twin);
  const prefix = isTwo ? layer.slice(0, -1) : layer;
  const suffix = `_l0${isTwo && direction === "backward" ? "_reverse" : ""}`;
  const named = (own: string): string => nameIn("torch", [...prefix, `${own}${suffix}`]);
  return {
    weightIh: named("weight_ih"),
    weightHh: named("weight_hh"),
    biasIh: named("bias_ih"),
    biasHh: named("bias_hh"),
  };
}

/** The path to the cell of Keras for a layer of PyTorch. */
function kerasCell(
  { tensors, kerasCells }: TranslationContext,
  found: FoundRecurrent,
  gates: number,
): readonly string[] {
  const { layer, suffix, recurrent } = found;
  const cell = kerasCells.get(recurrent.name);
  if (cell) return cell;
  // torch.nn.LSTMCell.
  if (suffix === "") return [...layer];
  const kind = cells[gates] as string;
  const [, level = "0", reverse] = /^_l(\d+)(_reverse)?$/.exec(suffix) ?? [];
  const own = level === "0" ? layer : [...layer.slice(0, -1), `${layer.at(-1) ?? kind}_${level}`];
  const path = own.length === 0 ? [kind] : own;
  const twin = [...layer, `weight_hh_l${level}_reverse`].join(".");
  if (reverse === undefined && !tensors.has(twin)) return [...path, `${kind}_cell`];
  return [...path, `${reverse === undefined ? "forward" : "backward"}_${kind}`, `${kind}_cell`];
}

/** Whether a GRU of Keras applies the reset gate after the product, as PyTorch's does; undefined if unknown. */
function resetsAfter({ architecture }: TranslationContext, { layer, biases }: FoundRecurrent): boolean | undefined {
  if (biases[0]) return biases[0].shape.length === 2;
  const known = architecture?.layerAt(layer);
  const inner = known?.className === "Bidirectional" ? (known.config["layer"] as typeof known) : known;
  return inner === undefined ? undefined : inner.config["reset_after"] !== false;
}

function translateRecurrent(context: TranslationContext, found: FoundRecurrent): Translation | undefined {
  const { tensors, to, renames } = context;
  const { kernel, recurrent, biases, style, other } = found;
  const all = [kernel, recurrent, ...biases];
  const from = recurrent.part.layout;
  if (from === null || recurrent.part.evidence === "assumed") return undefined;
  if (from === to) return style === to || !renames ? undefined : stay(all, `a recurrent layer in ${to} layout already`);
  const shown = from === "keras" ? recurrent.shape : recurrent.shape.toReversed();
  const [units = 0, width = 0] = shown;
  const gates = width / units;
  const inputs = (from === "keras" ? kernel.shape[0] : kernel.shape[1]) ?? 0;
  const isWhole = isSame(kernel.shape, ...(from === "keras" ? [inputs, width] : [width, inputs]));
  if (other !== undefined && style === "keras") return stay(all, other);
  if (other !== undefined || !Object.hasOwn(cells, gates) || !isWhole) {
    return renames ? stay(all, other ?? "a recurrent layer of other sizes") : undefined;
  }
  if (gates === 3 && style === "keras" && from === "keras") {
    const isAfter = resetsAfter(context, found);
    if (isAfter === false) return stay(all, "a GRU with reset_after=False, which PyTorch lacks");
    if (isAfter === undefined) return stay(all, "a GRU without bias: nothing shows reset_after");
  }
  const kind = { 1: "SimpleRNN, RNN", 3: "GRU, gates z and r swapped", 4: "LSTM, the same order of gates" }[gates];
  if (!renames || style === to) {
    if (gates !== 3) return undefined;
    const isBias = (tensor: SourceTensor): boolean => tensor !== kernel && tensor !== recurrent;
    const made = all.map((tensor) => gruInPlace(tensor, !isBias(tensor), to));
    return { sources: all.map(({ name }) => name), made, said: kind as string };
  }
  if (!ofOneDtype(all)) return stay(all, "a layer of several dtypes");
  const sizes = { gates, units, inputs };
  const sources = all.map(({ name }) => name);
  const names = { kernel: kernel.name, recurrent: recurrent.name };
  if (to === "torch") {
    const bias = biases[0];
    const fits = bias === undefined || (gates === 3 ? isSame(bias.shape, 2, width) : isSame(bias.shape, width));
    if (!fits) return stay(all, `a bias of ${formatShape((bias as SourceTensor).shape)}`);
    const made = recurrentToTorch(
      sizes,
      { ...names, bias: bias?.name },
      torchRecurrentNames(found.layer, kernel.name, (name) => tensors.has(name)),
    );
    return { sources, made, said: kind as string };
  }
  if (biases.length === 1 || !biases.every(({ shape }) => isSame(shape, width))) return stay(all, "one bias of two");
  if (biases.length > 0 && gates !== 3 && !canAdd(kernel.dtype)) return stay(all, `biases of ${kernel.dtype}`);
  const cell = kerasCell(context, found, gates);
  const named = (own: string): string => nameIn("keras", [...cell, own]);
  const made = recurrentToKeras(
    sizes,
    { weightIh: kernel.name, weightHh: recurrent.name, biasIh: biases[0]?.name, biasHh: biases[1]?.name },
    {
      kernel: named("kernel"),
      recurrent: named("recurrent_kernel"),
      bias: biases.length > 0 ? named("bias") : undefined,
    },
  );
  return { sources, made, said: kind as string };
}

/** Translates multi-head attention of Keras, or of flax. */
function translateKerasAttention({ tensors }: TranslationContext, query: SourceTensor): Translation | undefined {
  const { owner } = pathOf(query.name);
  const parent = owner.slice(0, -1);
  const at = (...path: string[]): SourceTensor | undefined => tensors.get(nameIn("keras", [...parent, ...path]));
  const [key, value] = [at("key", "kernel"), at("value", "kernel")];
  const outputName = at("attention_output", "kernel") ? "attention_output" : "out";
  const output = at(outputName, "kernel");
  if (key === undefined || value === undefined || output === undefined || query.shape.length !== 3) return undefined;
  const kernels = [query, key, value];
  const biases = ["query", "key", "value"].map((name) => at(name, "bias"));
  const gate = [at("gate", "kernel"), at("gate", "bias")];
  const all = present([...kernels, output, ...biases, at(outputName, "bias"), ...gate]);
  if (gate[0]) return stay(all, "attention with a gate, which PyTorch lacks");
  const [size = 0, heads = 0, dim = 0] = query.shape;
  const outputs = output.shape[2] ?? 0;
  const isEven =
    kernels.every(({ shape }) => isSame(shape, shape[0] as number, heads, dim)) &&
    isSame(output.shape, heads, dim, outputs) &&
    present(biases).every(({ shape }) => isSame(shape, heads, dim));
  if (!isEven) return stay(all, "attention whose queries, keys and values have different heads, which PyTorch lacks");
  if (size !== heads * dim || outputs !== size) {
    const expected = `heads * dim = ${heads * dim} features in and out, as PyTorch has`;
    return stay(all, `attention of ${size} features: expected ${expected}`);
  }
  const hasAll =
    [0, 3].includes(present(biases).length) &&
    (present(biases).length === 3) === (at(outputName, "bias") !== undefined);
  if (!hasAll) return stay(all, "attention with some of its biases");
  if (!ofOneDtype(all)) return stay(all, "a layer of several dtypes");
  const inputs = kernels.map(({ shape }) => shape[0] as number) as [number, number, number];
  const named = (own: string): string => nameIn("torch", [...parent, own]);
  const isJoined = inputs.every((each) => each === size);
  const projection = (kernel: SourceTensor, bias: SourceTensor | undefined): Projection => ({
    ...{ kernel: kernel.name, bias: bias?.name },
  });
  const made = attentionToTorch(
    { heads, dim, inputs, outputs },
    {
      projections: kernels.map((kernel, i) =>
        projection(kernel, biases[i]),
      ) as unknown as KerasAttention["projections"],
      output: projection(output, at(outputName, "bias")),
    },
    {
      weights: isJoined
        ? [named("in_proj_weight")]
        : [named("q_proj_weight"), named("k_proj_weight"), named("v_proj_weight")],
      bias: named("in_proj_bias"),
      output: { kernel: named("out_proj.weight"), bias: named("out_proj.bias") },
    },
  );
  const said = `attention of ${heads} heads, queries, keys and values ${isJoined ? "joined" : "flattened"}`;
  return { sources: all.map(({ name }) => name), made, said };
}

/** Translates torch.nn.MultiheadAttention; `first` is its weight for all projections, or for queries. */
function translateTorchAttention(context: TranslationContext, first: SourceTensor): Translation | undefined {
  const { tensors, architecture } = context;
  const { owner, last } = pathOf(first.name);
  const at = (own: string): SourceTensor | undefined => tensors.get([...owner, own].join("."));
  const weights =
    last === "in_proj_weight" ? [first] : present(["q", "k", "v"].map((each) => at(`${each}_proj_weight`)));
  const output = at("out_proj.weight");
  if (output === undefined || (weights.length !== 1 && weights.length !== 3)) return undefined;
  const [bias, outputBias] = [at("in_proj_bias"), at("out_proj.bias")];
  const all = present([...weights, bias, output, outputBias]);
  if (at("bias_k") || at("bias_v")) return stay(all, "attention with bias_k and bias_v, which Keras lacks");
  const size = output.shape[0] ?? 0;
  const isJoined = weights.length === 1;
  const inputs = weights.map(({ shape }) => shape[1] ?? 0);
  const sizes = (isJoined ? [size, size, size] : inputs) as [number, number, number];
  const fits =
    isSame(output.shape, size, size) &&
    weights.every(({ shape }, i) => isSame(shape, isJoined ? 3 * size : size, sizes[i] as number)) &&
    (bias === undefined || isSame(bias.shape, 3 * size)) &&
    (bias === undefined) === (outputBias === undefined);
  if (!fits) return stay(all, "attention of other sizes");
  const known = architecture?.layerAt(owner);
  const heads = known?.className === "MultiHeadAttention" ? known.config["num_heads"] : architecture?.heads;
  if (typeof heads !== "number" || !Number.isSafeInteger(heads) || heads < 1 || size % heads !== 0) {
    return stay(all, "attention of an unknown number of heads; pass --architecture or --map");
  }
  if (!ofOneDtype(all)) return stay(all, "a layer of several dtypes");
  const named = (...path: string[]): string => nameIn("keras", [...owner, ...path]);
  const projection = (name: string, own: SourceTensor | undefined): Projection => ({
    ...{ kernel: named(name, "kernel"), bias: own ? named(name, "bias") : undefined },
  });
  const attention: AttentionSizes = { heads, dim: size / heads, inputs: sizes, outputs: size };
  const made = attentionToKeras(
    attention,
    {
      weights: weights.map(({ name }) => name) as unknown as [string],
      bias: bias?.name,
      output: { kernel: output.name, bias: outputBias?.name },
    },
    {
      projections: [projection("query", bias), projection("key", bias), projection("value", bias)],
      output: projection("attention_output", outputBias),
    },
  );
  return {
    sources: all.map(({ name }) => name),
    made,
    said: `attention of ${heads} heads, split into queries, keys and values`,
  };
}

/** Finds and translates all layers whose parts differ. Tensors of no such layer are in no translation. */
export function translateLayers(context: TranslationContext): Translation[] {
  const { tensors, to, renames } = context;
  const found = findRecurrent(context).map((layer) => translateRecurrent(context, layer));
  if (renames) {
    for (const tensor of tensors.values()) {
      if (tensor.part.layout === to) continue;
      if (to === "torch" && /(^|\/)query\/kernel$/.test(tensor.name))
        found.push(translateKerasAttention(context, tensor));
      if (to === "keras" && /(^|\.)(in_proj_weight|q_proj_weight)$/.test(tensor.name)) {
        found.push(translateTorchAttention(context, tensor));
      }
    }
  }
  return present(found);
}

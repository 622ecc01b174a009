// Translates recurrent layers between Keras and PyTorch as a whole with their names. Where names stay, the gates of a GRU are
// reordered within each of its tensors.

import type { Layout } from "@fanin/lab/weights";
import { formatShape } from "@fanin/tensor";
import { canAdd, type MadeTensor, offsets } from "./gathered-values.ts";
import { gatePositions, recurrentToKeras, recurrentToTorch } from "./layer-parts.ts";
import { nameIn, pathOf } from "./tensor-name.ts";
import {
  isSame,
  ofOneDtype,
  present,
  type SourceTensor,
  stay,
  type Translation,
  type TranslationContext,
} from "./translation.ts";

const cells: Readonly<Record<number, string>> = { 1: "simple_rnn", 3: "gru", 4: "lstm" };
const CELL = /^((lstm|gru|simple_rnn)_)?cell(_\d+)?$/;
const DIRECTION = /^(forward|backward)_/;

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
export interface FoundRecurrent {
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

export function findRecurrent({ tensors }: TranslationContext): FoundRecurrent[] {
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

export function translateRecurrent(context: TranslationContext, found: FoundRecurrent): Translation | undefined {
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

// How Keras and PyTorch store the layers that both have in different parts: recurrent layers and multi-head attention.
// Each function gives the tensors of one framework as elements of those of the other.
// Source: Keras 3.15.1, LSTMCell (gates i, f, c, o), GRUCell (z, r, h; reset_after) and MultiHeadAttention; PyTorch 2.13,
// torch.nn.LSTM (i, f, g, o), torch.nn.GRU (r, z, n) and torch.nn.MultiheadAttention.

import { type MadeTensor, offsets } from "./gathered-values.ts";

/** The sizes of a recurrent layer: 4 gates for an LSTM, 3 for a GRU, 1 for a simple one. */
export interface RecurrentSizes {
  readonly gates: number;
  readonly units: number;
  readonly inputs: number;
}

/** Names of the tensors of a recurrent layer in Keras; a GRU's bias has two rows. */
export interface KerasRecurrent {
  readonly kernel: string;
  readonly recurrent: string;
  readonly bias: string | undefined;
}

/** Names of the tensors of a recurrent layer in PyTorch. */
export interface TorchRecurrent {
  readonly weightIh: string;
  readonly weightHh: string;
  readonly biasIh: string | undefined;
  readonly biasHh: string | undefined;
}

/** The positions along the axis of gates, in the order of the other framework: a GRU swaps z and r, an LSTM keeps its order. */
export function gatePositions({ gates, units }: Pick<RecurrentSizes, "gates" | "units">): number[] {
  const order = gates === 3 ? [1, 0, 2] : offsets(gates);
  return order.flatMap((gate) => offsets(units, 1, gate * units));
}

/** Makes PyTorch's tensors of Keras's. */
export function recurrentToTorch(sizes: RecurrentSizes, from: KerasRecurrent, to: TorchRecurrent): MadeTensor[] {
  const { gates, units, inputs } = sizes;
  const positions = gatePositions(sizes);
  const width = gates * units;
  const matrix = (name: string, source: string, rows: number): MadeTensor => ({
    name,
    shape: [width, rows],
    gathers: [{ from: source, axes: [positions, offsets(rows, width)] }],
  });
  const made = [matrix(to.weightIh, from.kernel, inputs), matrix(to.weightHh, from.recurrent, units)];
  if (from.bias === undefined || to.biasIh === undefined || to.biasHh === undefined) return made;
  const row = (name: string, axes: readonly number[] | undefined): MadeTensor => ({
    name,
    shape: [width],
    gathers: axes ? [{ from: from.bias as string, axes: [axes] }] : [],
  });
  // An LSTM of Keras has one bias, which PyTorch splits in two that it adds.
  const second = gates === 3 ? positions.map((position) => width + position) : undefined;
  return [...made, row(to.biasIh, positions), row(to.biasHh, second)];
}

/** Makes Keras's tensors of PyTorch's. */
export function recurrentToKeras(sizes: RecurrentSizes, from: TorchRecurrent, to: KerasRecurrent): MadeTensor[] {
  const { gates, units, inputs } = sizes;
  const positions = gatePositions(sizes);
  const width = gates * units;
  const matrix = (name: string, source: string, rows: number): MadeTensor => ({
    name,
    shape: [rows, width],
    gathers: [{ from: source, axes: [offsets(rows), positions.map((position) => position * rows)] }],
  });
  const made = [matrix(to.kernel, from.weightIh, inputs), matrix(to.recurrent, from.weightHh, units)];
  if (to.bias === undefined || from.biasIh === undefined || from.biasHh === undefined) return made;
  const gathers = [from.biasIh, from.biasHh].map((name) => ({ from: name, axes: [positions] }));
  const bias: MadeTensor =
    gates === 3
      ? { name: to.bias, shape: [2, width], gathers }
      : { name: to.bias, shape: [width], gathers, isSum: true };
  return [...made, bias];
}

/** The sizes of multi-head attention; in PyTorch, heads * dim is the size of queries and outputs. */
export interface AttentionSizes {
  readonly heads: number;
  readonly dim: number;
  /** Sizes of the inputs to the projections of query, key and value. */
  readonly inputs: readonly [query: number, key: number, value: number];
  readonly outputs: number;
}

/** Names of the tensors of one projection in Keras. */
export interface Projection {
  readonly kernel: string;
  readonly bias: string | undefined;
}

/** Names of the tensors of attention in Keras: query, key and value, then the output. */
export interface KerasAttention {
  readonly projections: readonly [Projection, Projection, Projection];
  readonly output: Projection;
}

/** Names of the tensors of attention in PyTorch: one weight for all three projections, or one for each. */
export interface TorchAttention {
  readonly weights: readonly [string] | readonly [string, string, string];
  readonly bias: string | undefined;
  readonly output: Projection;
}

/** Makes PyTorch's tensors of Keras's. */
export function attentionToTorch(sizes: AttentionSizes, from: KerasAttention, to: TorchAttention): MadeTensor[] {
  const { heads, dim, inputs, outputs } = sizes;
  const width = heads * dim;
  const turned = from.projections.map(({ kernel }, i) => ({
    from: kernel,
    axes: [offsets(width), offsets(inputs[i] as number, width)],
  }));
  const made: MadeTensor[] =
    to.weights.length === 1
      ? [{ name: to.weights[0], shape: [3 * width, inputs[0]], gathers: turned }]
      : to.weights.map((name, i) => ({ name, shape: [width, inputs[i] as number], gathers: turned.slice(i, i + 1) }));
  const biases = from.projections.map(({ bias }) => bias).filter((bias) => bias !== undefined);
  if (to.bias !== undefined && biases.length === 3) {
    const gathers = biases.map((bias) => ({ from: bias, axes: [offsets(width)] }));
    made.push({ name: to.bias, shape: [3 * width], gathers });
  }
  const axes = [offsets(outputs), offsets(width, outputs)];
  made.push({ name: to.output.kernel, shape: [outputs, width], gathers: [{ from: from.output.kernel, axes }] });
  return [...made, ...sameBias(from.output, to.output, outputs)];
}

/** Makes Keras's tensors of PyTorch's. */
export function attentionToKeras(sizes: AttentionSizes, from: TorchAttention, to: KerasAttention): MadeTensor[] {
  const { heads, dim, inputs, outputs } = sizes;
  const width = heads * dim;
  const joined = from.weights.length === 1 ? from.weights[0] : undefined;
  const made = to.projections.flatMap(({ kernel, bias }, i): MadeTensor[] => {
    const rows = inputs[i] as number;
    const start = joined === undefined ? 0 : i * width;
    const axes = [offsets(rows), offsets(width, rows, start * rows)];
    const tensors: MadeTensor[] = [
      { name: kernel, shape: [rows, heads, dim], gathers: [{ from: joined ?? (from.weights[i] as string), axes }] },
    ];
    if (bias !== undefined && from.bias !== undefined) {
      const gathers = [{ from: from.bias, axes: [offsets(width, 1, i * width)] }];
      tensors.push({ name: bias, shape: [heads, dim], gathers });
    }
    return tensors;
  });
  const axes = [offsets(width), offsets(outputs, width)];
  made.push({ name: to.output.kernel, shape: [heads, dim, outputs], gathers: [{ from: from.output.kernel, axes }] });
  return [...made, ...sameBias(from.output, to.output, outputs)];
}

function sameBias(from: Projection, to: Projection, size: number): MadeTensor[] {
  if (from.bias === undefined || to.bias === undefined) return [];
  return [{ name: to.bias, shape: [size], gathers: [{ from: from.bias, axes: [offsets(size)] }] }];
}

// The transforms of --map: how the values of one tensor change, and how several become one.

import type { Layout } from "@fanin/lab/weights";
import { formatShape, type Shape, sizeOf } from "@fanin/tensor";
import { type MadeTensor, offsets } from "./gathered-values.ts";
import { gatePositions } from "./layer-parts.ts";
import type { SourceTensor } from "./translation.ts";

/** How the values of a tensor change. */
export const transforms = [
  "keep",
  "transpose",
  "conv",
  "depthwise",
  "rnn",
  "lstm",
  "gru",
  "in_proj",
  "out_proj",
] as const;
export type Transform = (typeof transforms)[number];

/** An entry of the map. */
export interface MapEntry {
  /** One name, or several for a tensor that OUT has in parts. */
  readonly to: string | readonly string[];
  readonly transform?: Transform;
  /** Attention heads, for in_proj and out_proj to Keras's layout. */
  readonly heads?: number;
  /** Filters per input, for depthwise to Keras's layout. */
  readonly multiplier?: number;
}

/** Makes one tensor of another, or throws for a shape that does not fit. */
export type Make = (
  source: SourceTensor,
  to: Layout,
  entry: MapEntry,
  refuse: (expected: string) => never,
) => MadeTensor[];

const same = (
  { name: from, shape }: Pick<SourceTensor, "name" | "shape">,
  to: string,
  as: Shape = shape,
): MadeTensor => ({
  ...{ name: to, shape: as, gathers: [{ from, axes: [offsets(sizeOf(shape))] }] },
});

const firstName = ({ to }: MapEntry): string => (typeof to === "string" ? to : (to[0] as string));
export const namesOf = ({ to }: MapEntry): readonly string[] => (typeof to === "string" ? [to] : to);

/** Transposes a matrix; `columns` are the positions of the axis of outputs. */
function turned(
  from: string,
  to: string,
  [first = 0, second = 0]: Shape,
  layout: Layout,
  columns: readonly number[],
): MadeTensor {
  const axes =
    layout === "torch"
      ? [columns, offsets(first, second)]
      : [offsets(second), columns.map((column) => column * second)];
  return { name: to, shape: [second, first], gathers: [{ from, axes }] };
}

/** (..., in, out) becomes (out, in, ...), and back. */
function convolution({ name: from, shape }: SourceTensor, to: string, layout: Layout, target?: Shape): MadeTensor {
  const [a, b] = layout === "torch" ? shape.slice(-2) : [shape[1], shape[0]];
  const [inner, outer] = [a as number, b as number];
  const kernel = layout === "torch" ? shape.slice(0, -2) : shape.slice(2);
  const size = sizeOf(kernel);
  const axes =
    layout === "torch"
      ? [offsets(outer), offsets(inner, outer), offsets(size, inner * outer)]
      : [offsets(size), offsets(inner, size), offsets(outer, inner * size)];
  const whole = layout === "torch" ? [outer, inner, ...kernel] : [...kernel, inner, outer];
  return { name: to, shape: target ?? whole, gathers: [{ from, axes }] };
}

function recurrent(gates: number): Make {
  return (source, to, map, refuse) => {
    const { name: from, shape } = source;
    const width = (shape.length === 2 && to === "keras" ? shape[0] : shape.at(-1)) ?? 0;
    if (shape.length < 1 || shape.length > 2 || width % gates !== 0) refuse(`a matrix or bias of ${gates} gates`);
    const columns = gatePositions({ gates, units: width / gates });
    const names = namesOf(map);
    if (names.length > 2) refuse("at most two names in to");
    if (names.length === 2) {
      const [first, second] = names as [string, string];
      const row = (target: string, axes: readonly number[] | undefined): MadeTensor => ({
        ...{ name: target, shape: [width], gathers: axes ? [{ from, axes: [axes] }] : [] },
      });
      if (gates !== 3) {
        if (shape.length !== 1) refuse("a bias of one axis for two names");
        return [row(first, columns), row(second, undefined)];
      }
      if (shape.length !== 2 || shape[0] !== 2 || shape[1] !== width || to !== "torch")
        refuse("a bias [2, 3 * units] for two names");
      return [
        row(first, columns),
        row(
          second,
          columns.map((column) => width + column),
        ),
      ];
    }
    if (shape.length === 1) return [{ name: firstName(map), shape, gathers: [{ from, axes: [columns] }] }];
    return [turned(from, firstName(map), shape, to, columns)];
  };
}

export const makes: Readonly<Record<Transform, Make>> = {
  keep: (source, _, map) => [same(source, firstName(map))],
  transpose(source, to, map, refuse) {
    const { name: from, shape } = source;
    if (shape.length !== 2) refuse("2 axes");
    const outputs = (to === "torch" ? shape[1] : shape[0]) as number;
    return [turned(from, firstName(map), shape, to, offsets(outputs))];
  },
  conv(source, to, map, refuse) {
    if (source.shape.length < 3 || source.shape.length > 5) refuse("3 to 5 axes");
    return [convolution(source, firstName(map), to)];
  },
  depthwise(source, to, map, refuse) {
    const { shape } = source;
    if (shape.length < 3 || shape.length > 5) refuse("3 to 5 axes");
    if (to === "torch") {
      const [inputs, multiplier] = shape.slice(-2) as [number, number];
      const kernel = shape.slice(0, -2);
      const axes = [offsets(inputs * multiplier), offsets(sizeOf(kernel), inputs * multiplier)];
      return [
        { name: firstName(map), shape: [inputs * multiplier, 1, ...kernel], gathers: [{ from: source.name, axes }] },
      ];
    }
    const { multiplier = 1 } = map;
    const [outputs = 0, one = 0, ...kernel] = shape;
    if (one !== 1 || outputs % multiplier !== 0) refuse(`[n * ${multiplier}, 1, ...]`);
    return [convolution(source, firstName(map), to, [...kernel, outputs / multiplier, multiplier])];
  },
  rnn: recurrent(1),
  lstm: recurrent(4),
  gru: recurrent(3),
  in_proj(source, to, map, refuse) {
    const { name: from, shape } = source;
    const names = namesOf(map);
    if (to === "torch") {
      if (names.length > 1) refuse("one name in to");
      if (shape.length !== 2 && shape.length !== 3) refuse("a kernel [in, heads, dim] or a bias [heads, dim]");
      if (shape.length === 2) return [same(source, firstName(map), [sizeOf(shape)])];
      const [inputs = 0] = shape;
      const width = sizeOf(shape.slice(1));
      return [
        {
          name: firstName(map),
          shape: [width, inputs],
          gathers: [{ from, axes: [offsets(width), offsets(inputs, width)] }],
        },
      ];
    }
    const { heads } = map;
    const [rows = 0, inputs = 1] = shape;
    if (heads === undefined) return refuse("heads beside in_proj");
    if (names.length === 2 || shape.length > 2 || shape.length < 1 || rows % (names.length * heads) !== 0) {
      refuse(`a matrix or bias of ${names.length} * ${heads} * dim rows, for 1 or 3 names`);
    }
    const width = rows / names.length;
    return names.map((own, i) => {
      const start = i * width;
      if (shape.length === 1)
        return { name: own, shape: [heads, width / heads], gathers: [{ from, axes: [offsets(width, 1, start)] }] };
      const axes = [offsets(inputs), offsets(width, inputs, start * inputs)];
      return { name: own, shape: [inputs, heads, width / heads], gathers: [{ from, axes }] };
    });
  },
  out_proj(source, to, map, refuse) {
    const { name: from, shape } = source;
    if (shape.length === 1) return [same(source, firstName(map))];
    if (to === "torch") {
      if (shape.length !== 3) refuse("a kernel [heads, dim, out]");
      const [outputs, width] = [shape[2] as number, sizeOf(shape.slice(0, 2))];
      return [
        {
          name: firstName(map),
          shape: [outputs, width],
          gathers: [{ from, axes: [offsets(outputs), offsets(width, outputs)] }],
        },
      ];
    }
    const { heads } = map;
    const [outputs = 0, width = 0] = shape;
    if (heads === undefined) return refuse("heads beside out_proj");
    if (shape.length !== 2 || width % heads !== 0) refuse(`a matrix [out, ${heads} * dim]`);
    return [
      {
        name: firstName(map),
        shape: [heads, width / heads, outputs],
        gathers: [{ from, axes: [offsets(width), offsets(outputs, width)] }],
      },
    ];
  },
};

/** Joins tensors of one name: biases of an LSTM are added, those of a GRU and projections are put one after the other. */
export function joined(
  parts: readonly MadeTensor[],
  transform: Transform,
  refuse: (expected: string) => never,
): MadeTensor {
  const [first] = parts as [MadeTensor];
  if (parts.length === 1) return first;
  const gathers = parts.flatMap((part) => part.gathers);
  const isSameShape = parts.every(({ shape }) => formatShape(shape) === formatShape(first.shape));
  if (transform === "lstm" || transform === "rnn") {
    if (parts.length !== 2 || first.shape.length !== 1 || !isSameShape) refuse("two biases of one length for one name");
    return { ...first, gathers, isSum: true };
  }
  if (transform === "gru") {
    if (parts.length !== 2 || first.shape.length !== 1 || !isSameShape) refuse("two biases of one length for one name");
    return { ...first, shape: [2, ...first.shape], gathers };
  }
  if (transform !== "in_proj") refuse("a name of its own; only biases and projections are joined");
  const rest = formatShape(first.shape.slice(1));
  if (!parts.every(({ shape }) => formatShape(shape.slice(1)) === rest)) refuse("projections of one size of inputs");
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
  return { ...first, shape: [rows, ...first.shape.slice(1)], gathers };
}

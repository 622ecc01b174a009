// Axes as every kernel gets them: integers from 0 on, each once. Our kernels and tfjs-backend-cpu's see no negative axis.
// Source: util.parseAxisParam of tfjs-core 4.22, and TensorFlow's rules that axes are distinct and may count from the end.

import { describeBriefly } from "@fanin/tensor/arguments";
import type { NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";

/**
 * `axis` counted from the front, of a tensor with `rank` dimensions.
 *
 * @throws TypeError for what is no number, RangeError for what is no integer from -rank to rank - 1.
 */
export function normalizeAxis(op: string, name: string, axis: unknown, rank: number): number {
  if (typeof axis !== "number") {
    throw new TypeError(`${op}: ${name}: expected an axis, an integer, got ${describeBriefly(axis)}`);
  }
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const expected = rank === 0 ? "no axis, as a scalar has none" : `an integer from ${-rank} to ${rank - 1}`;
    throw new RangeError(`${op}: ${name}: expected ${expected}, got ${axis}`);
  }
  return axis < 0 ? axis + rank : axis + 0;
}

/** Whether `axes` are distinct integers from 0 to rank - 1, as nearly every call has them. */
function areNormal(axes: readonly unknown[], rank: number): axes is number[] {
  for (let i = 0; i < axes.length; i++) {
    const axis = axes[i] as number;
    if (axis >>> 0 !== axis || axis >= rank) return false;
    for (let j = 0; j < i; j++) if (axes[j] === axis) return false;
  }
  return true;
}

/**
 * One axis or several counted from the front, in the given order; all axes where none are given. A list that needs no change is
 * returned itself.
 *
 * @throws TypeError or RangeError as {@link normalizeAxis}; RangeError also for an axis that occurs twice.
 */
export function normalizeAxes(op: string, name: string, axes: unknown, rank: number): number[] {
  if (axes === undefined || axes === null) return Array.from({ length: rank }, (_, d) => d);
  const given: unknown[] = Array.isArray(axes) ? axes : [axes];
  if (areNormal(given, rank)) return given;
  const list = Array.from(given, (axis) => normalizeAxis(op, name, axis, rank));
  const twice = list.find((axis, i) => list.indexOf(axis) !== i);
  if (twice !== undefined) throw new RangeError(`${op}: ${name}: expected each axis once, got ${twice} twice`);
  return list;
}

/** The axes of `rank` dimensions in a new order. */
function normalizePermutation(op: string, name: string, perm: unknown, rank: number): number[] {
  const axes = normalizeAxes(op, name, perm, rank);
  if (axes.length !== rank) {
    throw new RangeError(`${op}: ${name}: expected all of the ${rank} axes, got ${axes.length} of them`);
  }
  return axes;
}

type Normalize = (op: string, name: string, value: unknown, rank: number) => number | number[];

/** How many dimensions the axis of a kernel counts: those of the input, or one more where the axis is a new one. */
interface AxisAttribute {
  readonly attribute: string;
  readonly normalize: Normalize;
  readonly added?: number;
  readonly input?: string | number;
}

const several = (attribute: string, input: string | number = "x"): AxisAttribute => ({
  attribute,
  normalize: normalizeAxes,
  input,
});
const one = (attribute: string, input: string | number = "x", added = 0): AxisAttribute => ({
  attribute,
  normalize: normalizeAxis,
  input,
  added,
});

/** Every kernel of tfjs-core that takes axes, and the attribute that they are in. */
const axisAttributes: Readonly<Record<string, AxisAttribute>> = {
  All: several("axis"),
  Any: several("axis"),
  ArgMax: one("axis"),
  ArgMin: one("axis"),
  Concat: one("axis", 0),
  Cumprod: one("axis"),
  Cumsum: one("axis"),
  ExpandDims: one("dim", "input", 1),
  GatherV2: one("axis"),
  Max: several("reductionIndices"),
  Mean: several("axis"),
  Min: several("axis"),
  Pack: one("axis", 0, 1),
  Prod: several("axis"),
  Reverse: several("dims"),
  SplitV: one("axis"),
  Sum: several("axis"),
  Transpose: { attribute: "perm", normalize: normalizePermutation },
  Unique: one("axis"),
  Unpack: one("axis", "value"),
};

/** Returns the attributes with normal axes; a copy where something changes. */
export type NormalizeAttributes = <A>(inputs: NamedTensorInfoMap, attrs: A) => A;

/** What brings the axes of the kernel `op` into normal form; undefined for a kernel without axes. */
export function axesNormalizerOf(op: string): NormalizeAttributes | undefined {
  const row = axisAttributes[op];
  if (row === undefined) return undefined;
  const { attribute, normalize, added = 0, input = "x" } = row;
  return (inputs, attrs) => {
    const tensor = (inputs as Readonly<Record<string | number, TensorInfo | undefined>>)[input];
    if (tensor === undefined) throw new TypeError(`${op}: expected a tensor, got nothing`);
    const value = (attrs as Readonly<Record<string, unknown>> | undefined)?.[attribute];
    const normal = normalize(op, attribute, value, tensor.shape.length + added);
    return normal === value ? attrs : { ...attrs, [attribute]: normal };
  };
}

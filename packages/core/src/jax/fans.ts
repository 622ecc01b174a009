// Fan-in and fan-out by JAX's rule: chosen axes, and a receptive field of all the others but the batch's.
// Source: jax/_src/nn/initializers.py (_compute_fans), JAX 0.10.2.

import { formatShape, type Shape, sizeOf } from "@fanin/tensor";
import { describeValue } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";

/** One axis or several; negative ones count from the end. */
export type Axes = number | readonly number[];

/** The parameters that name the axes of a kernel. */
export const axisParameters: {
  inAxis: Parameter<Axes>;
  outAxis: Parameter<Axes>;
  batchAxis: Parameter<Axes>;
} = {
  /** The axes of the input features. Defaults to -2. */
  inAxis: { default: -2, expect: expectAxes },
  /** The axes of the output features. Defaults to -1. */
  outAxis: { default: -1, expect: expectAxes },
  /** The axes along which the kernel only repeats. Defaults to none. */
  batchAxis: { default: [], expect: expectAxes },
};

/** The axes of a kernel. */
export interface AxisOptions extends OptionsOf<typeof axisParameters> {}

function expectAxes(name: string, value: unknown): Axes {
  if (typeof value === "number" || Array.isArray(value)) return value;
  throw new TypeError(`${name}: expected an axis or an array, got ${describeValue(value)}`);
}

function sizeAlong(name: string, shape: Shape, axes: Axes): number {
  const list = [expectAxes(name, axes)].flat() as readonly number[];
  return list.reduce((product, axis) => {
    const dimension = Number.isInteger(axis) ? shape.at(axis) : undefined;
    if (dimension === undefined || axis < -shape.length || axis >= shape.length) {
      throw new RangeError(`${name}: expected axes of a shape of rank ${shape.length}, got ${describeValue(axis)}`);
    }
    return product * dimension;
  }, 1);
}

/**
 * The fans of `shape`: the size along the in (out) axes times the receptive field, which is what is left of the whole
 * size after the in, out and batch axes.
 *
 * @throws RangeError for rank 0 or 1 with the default in-axis, an axis that `shape` does not have, or a dimension of 0.
 * @example
 * computeFans([3, 3, 64, 128]); // => { fanIn: 576, fanOut: 1152 }
 */
export function computeFans(shape: Shape, options: AxisOptions = {}): { fanIn: number; fanOut: number } {
  const { inAxis = -2, outAxis = -1, batchAxis = [] } = options;
  if (inAxis === -2 && shape.length <= 1) {
    throw new RangeError(
      `Can't compute input and output sizes of a ${shape.length}-dimensional weights tensor with default in_axis. ` +
        "Must be at least 2D or specify in_axis explicitly.",
    );
  }
  const inputs = sizeAlong("inAxis", shape, inAxis);
  const outputs = sizeAlong("outAxis", shape, outAxis);
  const batch = sizeAlong("batchAxis", shape, batchAxis);
  const size = sizeOf(shape);
  if (size === 0)
    throw new RangeError(`shape: expected no dimension of 0 (division by zero), got ${formatShape(shape)}`);
  const receptiveField = size / inputs / outputs / batch;
  return { fanIn: inputs * receptiveField, fanOut: outputs * receptiveField };
}

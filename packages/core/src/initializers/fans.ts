// Fan-in and fan-out of a kernel's shape.
// Source: keras/src/initializers/random_initializers.py (compute_fans), 3.15.1.

import { type Shape, sizeOf } from "@fanin/tensor";
/** How many inputs and outputs one unit has. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The fans of `shape`: (1, 1) for a scalar, (d, d) for a vector, (rows, columns) for a matrix; for kernels (..., in, out)
 * the leading dimensions are the receptive field and multiply both. With `inputAxes` and `outputAxes`, both given, the
 * products over those axes instead; negative axes count from the end.
 *
 * @throws RangeError for an axis that `shape` does not have.
 * @example
 * computeFans([3, 3, 64, 128]); // => { fanIn: 576, fanOut: 1152 }
 */
export function computeFans(
  shape: Shape,
  inputAxes: readonly number[] | null = null,
  outputAxes: readonly number[] | null = null,
): Fans {
  if (inputAxes && outputAxes) {
    return {
      fanIn: productOver(shape, inputAxes, "inputAxes"),
      fanOut: productOver(shape, outputAxes, "outputAxes"),
    };
  }
  const rank = shape.length;
  if (rank === 0) return { fanIn: 1, fanOut: 1 };
  const last = shape[rank - 1] ?? 1;
  if (rank === 1) return { fanIn: last, fanOut: last };
  const receptiveField = sizeOf(shape.slice(0, -2));
  return { fanIn: (shape[rank - 2] ?? 1) * receptiveField, fanOut: last * receptiveField };
}

function productOver(shape: Shape, axes: readonly number[], name: string): number {
  return axes.reduce((product, axis) => {
    const dimension = shape.at(axis);
    if (dimension === undefined) {
      throw new RangeError(`${name}: expected axes of a shape of rank ${shape.length}, got ${axis}`);
    }
    return product * dimension;
  }, 1);
}

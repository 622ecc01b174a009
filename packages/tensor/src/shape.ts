// Shapes: checked lists of dimensions.

import { describeValue } from "./arguments.ts";

/** Dimensions of a tensor, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * Formats a shape for messages, such as `[784,128]`. Shows the first 16 dimensions, because a file may claim a million.
 *
 * @example
 * formatShape([784, 128]); // => '[784,128]'
 */
export function formatShape(shape: Shape): string {
  return shape.length <= 16
    ? `[${shape.join(",")}]`
    : `[${shape.slice(0, 16).join(",")},... ${shape.length} dimensions]`;
}

/**
 * Returns `value` if it is a list of non-negative integers whose product is exact.
 *
 * @throws TypeError if it is not an array; RangeError for a negative or fractional dimension, or for over 2^53 elements.
 * @example
 * expectShape([784, 128]); // => [ 784, 128 ]
 */
export function expectShape(value: unknown): Shape {
  if (!Array.isArray(value)) throw new TypeError(`shape: expected an array of integers, got ${describeValue(value)}`);
  let size = 1;
  for (const dimension of value) {
    if (typeof dimension !== "number") {
      throw new TypeError(`shape: expected an array of integers, got ${describeValue(value)}`);
    }
    if (!Number.isSafeInteger(dimension) || dimension < 0) {
      throw new RangeError(`shape: expected dimensions of 0 or more, below 2^53, got ${describeValue(value)}`);
    }
    size *= dimension;
  }
  if (size > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`shape: expected at most 2^53 elements, got ${describeValue(value)} = ${size}`);
  }
  return value;
}

/**
 * Returns the number of elements; 1 for a scalar.
 *
 * @example
 * sizeOf([784, 128]); // => 100352
 */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/**
 * Returns the number of elements, 1 for a scalar; undefined if a dimension or the size in bytes is not an exact integer.
 *
 * @example
 * countOf([784, 128], 4); // => 100352
 * countOf([2 ** 40, 2 ** 40], 4); // => undefined
 */
export function countOf(shape: readonly unknown[], bytes: number): number | undefined {
  let count = 1;
  let nonzero = 1;
  for (const dimension of shape) {
    if (typeof dimension !== "number" || !Number.isSafeInteger(dimension) || dimension < 0) return undefined;
    count *= dimension;
    // A zero must not hide the overflow of the other dimensions.
    nonzero *= dimension === 0 ? 1 : dimension;
    if (nonzero * bytes > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return count;
}

// Arrays as this entry returns them: shape, element type, and the values or, for the 16-bit types, their bits.
// Source: JAX's dtypes; Uint16Array stands for float16 and bfloat16, which JavaScript has no arrays of everywhere.

import { expectShape, formatShape, type Shape, sizeOf } from "@fanin/tensor";
import { expectOneOf } from "@fanin/tensor/arguments";
/** The typed array of each element type. */
export interface Arrays {
  readonly float32: Float32Array<ArrayBuffer>;
  readonly float64: Float64Array<ArrayBuffer>;
  readonly float16: Uint16Array<ArrayBuffer>;
  readonly bfloat16: Uint16Array<ArrayBuffer>;
  readonly int32: Int32Array<ArrayBuffer>;
  readonly uint32: Uint32Array<ArrayBuffer>;
}

/** The element types. */
export type JaxDType = keyof Arrays;

/** Dense, row-major values. */
export interface JaxArray<D extends JaxDType = "float32"> {
  readonly shape: Shape;
  readonly dtype: D;
  readonly data: Arrays[D];
}

const constructors: { readonly [D in JaxDType]: { new (length: number): Arrays[D]; BYTES_PER_ELEMENT: number } } = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
};

const MAX_LENGTH = 2 ** 31 - 1; // what one typed array holds in every engine

/** Returns `value` if it is one of `choices`. */
export function expectDType<D extends JaxDType>(value: unknown, choices: readonly D[]): D {
  return expectOneOf("dtype", value, choices);
}

/**
 * An array of zeros.
 *
 * @throws TypeError or RangeError for what is not a shape, or for more elements than an array or the memory holds.
 */
export function allocate<D extends JaxDType>(shape: Shape, dtype: D): JaxArray<D> {
  const size = sizeOf(expectShape(shape));
  const asked = `shape: ${formatShape(shape)} holds ${size} elements`;
  if (size > MAX_LENGTH) throw new RangeError(`${asked}; one array holds at most ${MAX_LENGTH}`);
  const Kind = constructors[dtype];
  try {
    return { shape: [...shape], dtype, data: new Kind(size) };
  } catch (error) {
    throw new RangeError(`${asked} (${size * Kind.BYTES_PER_ELEMENT} bytes), more than there is memory for`, {
      cause: error,
    });
  }
}

// The element types: the array of each, and the conversion of numbers to elements.
// Source: Keras 3.15 backend.standardize_dtype; integers are cast as compiled C casts doubles on x86-64.

import { describeValue, expectOneOf } from "./arguments.ts";
import { bfloat16FromFloat32, float16FromFloat32, float32FromBfloat16, float32FromFloat16 } from "./half.ts";

/** The array of each element type. 16-bit floats are bit patterns, a bool is 0 or 1, 64-bit integers are bigints. */
export interface ArrayOf<B extends ArrayBufferLike = ArrayBufferLike> {
  readonly float32: Float32Array<B>;
  readonly float64: Float64Array<B>;
  readonly float16: Uint16Array<B>;
  readonly bfloat16: Uint16Array<B>;
  readonly int8: Int8Array<B>;
  readonly int16: Int16Array<B>;
  readonly int32: Int32Array<B>;
  readonly int64: BigInt64Array<B>;
  readonly uint8: Uint8Array<B>;
  readonly uint16: Uint16Array<B>;
  readonly uint32: Uint32Array<B>;
  readonly uint64: BigUint64Array<B>;
  readonly bool: Uint8Array<B>;
}

/** The name of an element type. */
export type DType = keyof ArrayOf;

/** The floating-point element types. */
export type FloatDType = "float32" | "float64" | "float16" | "bfloat16";

/** Any array of elements. */
export type ElementArray = ArrayOf[DType];

/** One element of an array. */
export type ElementOf<D extends DType> = ArrayOf[D][number];

/** The storage of an element type. */
export interface ElementType<D extends DType> {
  readonly bytes: number;
  readonly allocate: (length: number) => ArrayOf<ArrayBuffer>[D];
  readonly holds: (array: unknown) => array is ArrayOf[D];
  /** Returns the element nearest to `value`; truncates integers toward zero. */
  readonly encode: (value: number) => ElementOf<D>;
  /** Returns the value of an element. */
  readonly decode: (element: ElementOf<D>) => number;
}

const same = (value: number): number => value;
const isHalfArray = (array: unknown): array is Uint16Array => array instanceof Uint16Array;
const allocateHalves = (length: number): Uint16Array<ArrayBuffer> => new Uint16Array(length);

/** Truncates a double to a signed integer of `bits` bits; NaN and values out of range become the lowest integer. */
function truncate(value: number, bits: 32 | 64): bigint {
  const size = 2 ** (bits - 1);
  const whole = Math.trunc(value);
  return whole >= -size && whole < size ? BigInt(whole) : -(1n << BigInt(bits - 1));
}

/** Types of up to 16 bits are truncated from an int32. */
function encodeSmall(value: number): number {
  return Number(truncate(value, 32));
}

/** From 2^63 on, x86-64 has no instruction: compilers convert the difference and flip the high bit. */
function encodeUint64(value: number): bigint {
  const high = 2 ** 63;
  return value >= high ? truncate(value - high, 64) ^ -(1n << 63n) : truncate(value, 64);
}

const fromBigint = (element: bigint): number => Number(element);

function integerType<D extends "int8" | "int16" | "uint8" | "uint16">(
  make: (length: number) => ArrayOf<ArrayBuffer>[D],
  holds: (array: unknown) => array is ArrayOf[D],
): ElementType<D> {
  const one = make(1);
  return {
    bytes: one.BYTES_PER_ELEMENT,
    allocate: make,
    holds,
    encode: (value) => {
      one[0] = encodeSmall(value);
      return one[0] as number;
    },
    decode: same,
  };
}

/** Every element type. */
export const elementTypes: { readonly [D in DType]: ElementType<D> } = {
  float32: {
    bytes: 4,
    allocate: (length) => new Float32Array(length),
    holds: (array) => array instanceof Float32Array,
    encode: Math.fround,
    decode: same,
  },
  float64: {
    bytes: 8,
    allocate: (length) => new Float64Array(length),
    holds: (array) => array instanceof Float64Array,
    encode: same,
    decode: same,
  },
  float16: {
    bytes: 2,
    allocate: allocateHalves,
    holds: isHalfArray,
    encode: float16FromFloat32,
    decode: float32FromFloat16,
  },
  bfloat16: {
    bytes: 2,
    allocate: allocateHalves,
    holds: isHalfArray,
    // Rounded twice, because ml_dtypes converts a double through float32.
    encode: (value) => bfloat16FromFloat32(Math.fround(value)),
    decode: float32FromBfloat16,
  },
  int8: integerType<"int8">(
    (length) => new Int8Array(length),
    (array) => array instanceof Int8Array,
  ),
  int16: integerType<"int16">(
    (length) => new Int16Array(length),
    (array) => array instanceof Int16Array,
  ),
  int32: {
    bytes: 4,
    allocate: (length) => new Int32Array(length),
    holds: (array) => array instanceof Int32Array,
    encode: encodeSmall,
    decode: same,
  },
  int64: {
    bytes: 8,
    allocate: (length) => new BigInt64Array(length),
    holds: (array) => array instanceof BigInt64Array,
    encode: (value) => truncate(value, 64),
    decode: fromBigint,
  },
  uint8: integerType<"uint8">(
    (length) => new Uint8Array(length),
    (array) => array instanceof Uint8Array,
  ),
  uint16: integerType<"uint16">(
    (length) => new Uint16Array(length),
    (array) => array instanceof Uint16Array,
  ),
  uint32: {
    bytes: 4,
    allocate: (length) => new Uint32Array(length),
    holds: (array) => array instanceof Uint32Array,
    encode: (value) => Number(BigInt.asUintN(32, truncate(value, 64))),
    decode: same,
  },
  uint64: {
    bytes: 8,
    allocate: (length) => new BigUint64Array(length),
    holds: (array) => array instanceof BigUint64Array,
    encode: (value) => BigInt.asUintN(64, encodeUint64(value)),
    decode: fromBigint,
  },
  bool: {
    bytes: 1,
    allocate: (length) => new Uint8Array(length),
    holds: (array) => array instanceof Uint8Array,
    encode: (value) => (value === 0 ? 0 : 1),
    decode: same,
  },
};

/** Every element type by name. */
export const DTYPES: readonly DType[] = Object.keys(elementTypes) as DType[];

/** The floating-point element types, by name. */
export const FLOAT_DTYPES: readonly FloatDType[] = ["float32", "float64", "float16", "bfloat16"];

/**
 * Returns `value` if it names an element type.
 *
 * @example
 * expectDType("float16"); // => 'float16'
 */
export function expectDType(value: unknown): DType {
  return expectOneOf("dtype", value, DTYPES);
}

/**
 * Whether `dtype` is a floating-point type.
 *
 * @example
 * isFloat("int32"); // => false
 */
export function isFloat(dtype: DType): dtype is FloatDType {
  return (FLOAT_DTYPES as readonly DType[]).includes(dtype);
}

/**
 * Rounds `value` to a floating-point type.
 *
 * @example
 * roundTo("bfloat16", 0.1); // => 0.10009765625
 */
export function roundTo(dtype: FloatDType, value: number): number {
  const { encode, decode } = elementTypes[dtype];
  return decode(encode(value));
}

/**
 * Types any array for writing elements that `encode` of the same type returned.
 *
 * @example
 * const bits = new Uint16Array(2);
 * elementsOf(bits).fill(elementTypes.float16.encode(1));
 * bits; // => Uint16Array(2) [ 15360, 15360 ]
 */
export function elementsOf(array: ElementArray): {
  [index: number]: number | bigint;
  fill(element: number | bigint): unknown;
} {
  return array as unknown as { [index: number]: number | bigint; fill(element: number | bigint): unknown };
}

/**
 * Returns the element type of `array`, from its class. A Uint16Array needs `dtype`. A Uint8Array holds bools unless `dtype`
 * is uint8.
 *
 * @example
 * dtypeOf("out", new Int32Array(2), undefined); // => 'int32'
 */
export function dtypeOf(name: string, array: unknown, dtype: DType | undefined): DType {
  // The common case, without the search.
  if (array instanceof Float32Array && dtype === undefined) return "float32";
  if (array instanceof Uint8Array && dtype === undefined) return "bool";
  const fitting = DTYPES.filter((candidate) => elementTypes[candidate].holds(array));
  if (fitting.length === 0) {
    throw new TypeError(`${name}: expected a Float32Array or another array of elements, got ${describeValue(array)}`);
  }
  const [only] = fitting;
  if (dtype === undefined) {
    if (only !== undefined && fitting.length === 1) return only;
    throw new TypeError(`dtype: expected ${fitting.join(" or ")} for a ${describeValue(array)}, got none`);
  }
  if (!fitting.includes(expectDType(dtype))) {
    throw new TypeError(`${name}: expected an array of ${dtype}, got ${describeValue(array)}`);
  }
  return dtype;
}

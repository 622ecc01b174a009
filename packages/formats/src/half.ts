// float16 and bfloat16 bits as numbers, and any real tensor as float32.
// IEEE 754-2019 binary16; bfloat16 is the upper half of binary32.

import { formatShape, type Tensor, tensorOf } from "./tensor.ts";

/** The value of a float16: (-1)^sign * 2^(exponent - 15) * (1 + mantissa / 1024), subnormals, infinities and NaN included. */
function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/**
 * float16 bits to float32, exactly.
 *
 * @example
 * float16ToFloat32(Uint16Array.of(0x3e00)); // => Float32Array(1) [ 1.5 ]
 */
export function float16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = float16ToNumber(bits[i] as number);
  return values;
}

/**
 * bfloat16 bits to float32, exactly, the payloads of NaNs included.
 *
 * @example
 * bfloat16ToFloat32(Uint16Array.of(0x3fc0)); // => Float32Array(1) [ 1.5 ]
 */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] as number) << 16;
  return new Float32Array(words.buffer);
}

/**
 * Any real tensor as float32, rounded (64-bit integers by way of float64) where float32 cannot hold a value; a float32 tensor is returned as it is.
 *
 * @throws RangeError for a complex tensor.
 * @example
 * toFloat32({ shape: [1], dtype: "float16", data: Uint16Array.of(0x3e00) }).data; // => Float32Array(1) [ 1.5 ]
 */
export function toFloat32(tensor: Tensor): Extract<Tensor, { dtype: "float32" }> {
  return tensorOf(tensor.shape, "float32", float32Values(tensor)) as Extract<Tensor, { dtype: "float32" }>;
}

function float32Values(tensor: Tensor): Float32Array<ArrayBuffer> {
  switch (tensor.dtype) {
    case "float32":
      return tensor.data;
    case "float16":
      return float16ToFloat32(tensor.data);
    case "bfloat16":
      return bfloat16ToFloat32(tensor.data);
    case "int64":
    case "uint64":
      return Float32Array.from(tensor.data as Iterable<bigint>, Number);
    case "complex64":
    case "complex128":
      throw new RangeError(`tensor: expected real values, got ${tensor.dtype} ${formatShape(tensor.shape)}`);
    default:
      return Float32Array.from(tensor.data);
  }
}

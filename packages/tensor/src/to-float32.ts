// Converts real tensors to float32.
// Source: IEEE 754-2019 section 3.4; bfloat16 is the upper half of binary32.

import { float32FromFloat16 } from "./half.ts";
import { formatShape } from "./shape.ts";
import type { AnyTensor, Tensor } from "./tensor.ts";

function fromFloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = float32FromFloat16(bits[i] as number);
  return values;
}

/** bfloat16 bits are the upper half of float32: a shift keeps the payloads of NaNs, too. */
function fromBfloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] as number) << 16;
  return new Float32Array(words.buffer);
}

/**
 * Converts a real tensor to float32 and rounds values that float32 cannot represent (64-bit integers through float64). A
 * float32 tensor keeps its data.
 *
 * @throws RangeError for a complex tensor.
 * @example
 * toFloat32({ shape: [1], dtype: "float16", data: Uint16Array.of(0x3e00) }).data; // => Float32Array(1) [ 1.5 ]
 */
export function toFloat32(tensor: AnyTensor): Tensor {
  return { shape: tensor.shape, dtype: "float32", data: float32Values(tensor) };
}

function float32Values(tensor: AnyTensor): Float32Array<ArrayBuffer> {
  switch (tensor.dtype) {
    case "float32":
      return tensor.data;
    case "float16":
      return fromFloat16(tensor.data);
    case "bfloat16":
      return fromBfloat16(tensor.data);
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

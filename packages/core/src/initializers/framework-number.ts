// A Python number as each framework casts it to an element type: what Constant and Identity are made of.
// Source: keras/src/backend/*/core.py (cast, convert_to_tensor) 3.15.1 as run on NumPy 2.4, PyTorch 2.13, TensorFlow 2.21 and JAX 0.10.
//
// Python tells 2 from 2.0, JavaScript does not: a whole number counts as Python's int.

import { type DType, elementTypes, type FloatDType, isFloat, roundTo } from "@fanin/tensor";
import { flushSubnormal } from "../random/flush.ts";
import type { StreamName } from "../random/stream-names.ts";
import { tensorflowNumber } from "../random/tensorflow-number.ts";

type Element = number | bigint;
type IntegerDType = Exclude<DType, FloatDType | "bool">;

/** The bits of each integer type, and whether it has a sign. */
const integers: Readonly<Record<IntegerDType, { readonly bits: number; readonly signed: boolean }>> = {
  int8: { bits: 8, signed: true },
  int16: { bits: 16, signed: true },
  int32: { bits: 32, signed: true },
  int64: { bits: 64, signed: true },
  uint8: { bits: 8, signed: false },
  uint16: { bits: 16, signed: false },
  uint32: { bits: 32, signed: false },
  uint64: { bits: 64, signed: false },
};

/** What the eye of a matrix is multiplied to: the elements on and off the diagonal. */
export interface ScaledEye {
  readonly diagonal: Element;
  readonly rest: Element;
}

/** How one framework makes elements. */
interface NumberCast {
  /** `cast(value, dtype) * ones(dtype)`. */
  constant(dtype: DType, value: number): Element;
  /** `gain * eye(dtype)`. */
  eye(dtype: DType, gain: number): ScaledEye;
}

function isPythonInt(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function encode(dtype: DType, value: number): Element {
  return elementTypes[dtype].encode(value);
}

/** The element of any integer, its low bits. */
function wrap(dtype: IntegerDType, value: bigint): Element {
  const { bits, signed } = integers[dtype];
  const low = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  return bits === 64 ? low : Number(low);
}

/** The least number of a type, and the least beyond it. */
function rangeOf(dtype: IntegerDType): { readonly low: number; readonly end: number } {
  const { bits, signed } = integers[dtype];
  return signed ? { low: -(2 ** (bits - 1)), end: 2 ** (bits - 1) } : { low: 0, end: 2 ** bits };
}

function outside(name: string, dtype: DType, framework: string, value: number): RangeError {
  return new RangeError(`${name}: expected a number that ${dtype} holds (${framework}), got ${value}`);
}

/** `value` cut to an integer; RangeError where it does not fit `limit`, the type in which the framework holds it. */
function expectFitting(
  name: string,
  dtype: IntegerDType,
  value: number,
  framework: string,
  limit: IntegerDType = dtype,
): Element {
  const whole = Math.trunc(value);
  const { low, end } = rangeOf(limit);
  if (!(whole >= low && whole < end)) throw outside(name, dtype, framework, value);
  return wrap(dtype, BigInt(whole));
}

/** `factor` times one and times zero, rounded to the type, or cut as C does. */
function scaled(dtype: DType, factor: number): ScaledEye {
  return { diagonal: encode(dtype, factor), rest: encode(dtype, factor * 0) };
}

function wholeEye(dtype: DType, gain: number): ScaledEye {
  if (dtype === "bool") return { diagonal: encode(dtype, gain), rest: 0 };
  return { diagonal: wrap(dtype as IntegerDType, BigInt(gain)), rest: encode(dtype, 0) };
}

const numpy: NumberCast = {
  constant(dtype, value) {
    if (isFloat(dtype) || dtype === "bool") return encode(dtype, value);
    return expectFitting("value", dtype, value, "keras/numpy");
  },
  eye(dtype, gain) {
    if (isFloat(dtype)) return scaled(dtype, roundTo(dtype === "bfloat16" ? "float32" : dtype, gain));
    if (!isPythonInt(gain)) return scaled(dtype, gain);
    if (dtype === "bool") return wholeEye(dtype, gain);
    return { diagonal: expectFitting("gain", dtype, gain, "keras/numpy"), rest: encode(dtype, 0) };
  },
};

/** The type that Keras takes on PyTorch in the place of one that PyTorch lacks. */
function heldByTorch(dtype: IntegerDType): IntegerDType {
  if (dtype === "uint64") {
    throw new RangeError("dtype: expected a type that PyTorch has in Keras (keras/torch), got uint64");
  }
  return dtype === "uint16" ? "int32" : dtype === "uint32" ? "int64" : dtype;
}

const torch: NumberCast = {
  constant(dtype, value) {
    if (isFloat(dtype)) return encode(dtype, dtype === "float64" ? value : Math.fround(value));
    if (dtype === "bool") return encode(dtype, value);
    const held = heldByTorch(dtype);
    const { low, end } = rangeOf(held);
    // PyTorch lets negative integers wrap into unsigned types, and compares a fraction before it is cut.
    if (isPythonInt(value) && low === 0 && value < 0 && -value < end) return wrap(dtype, BigInt(value));
    if (value < low || value > end - 1) throw outside("value", dtype, "keras/torch", value);
    return expectFitting("value", dtype, value, "keras/torch", held);
  },
  eye(dtype, gain) {
    if (isFloat(dtype)) return scaled(dtype, dtype === "float64" ? gain : Math.fround(gain));
    if (dtype !== "bool") heldByTorch(dtype);
    return isPythonInt(gain) ? wholeEye(dtype, gain) : scaled(dtype, Math.fround(gain));
  },
};

const tensorflow: NumberCast = {
  constant(dtype, value) {
    const isInt = isPythonInt(value);
    if (isFloat(dtype)) {
      const held = isInt ? value : tensorflowNumber("value", value);
      const rounded = roundTo(dtype, dtype === "float64" ? held : Math.fround(held));
      return encode(dtype, flushSubnormal(dtype, rounded));
    }
    if (dtype === "bool") return encode(dtype, value);
    if (isInt) return wrap(dtype, BigInt(value));
    const single = tensorflowNumber("value", value);
    return dtype === "uint64" && single >= 2 ** 64 ? 2n ** 63n : encode(dtype, single);
  },
  eye(dtype, gain) {
    if (isFloat(dtype)) {
      const rounded = roundTo(dtype, dtype === "float64" ? gain : Math.fround(gain));
      return scaled(dtype, flushSubnormal(dtype, rounded));
    }
    if (dtype === "bool" || !isPythonInt(gain)) {
      throw new RangeError(
        `gain: expected a whole number for ${dtype}, and a type other than bool (keras/tensorflow), got ${gain}`,
      );
    }
    if (dtype === "uint64" && gain < 0) throw outside("gain", dtype, "keras/tensorflow", gain);
    return wholeEye(dtype, gain);
  },
};

/** The 32-bit type that JAX takes in the place of one of 64 bits. */
function heldByJax(dtype: IntegerDType): IntegerDType {
  return dtype === "int64" ? "int32" : dtype === "uint64" ? "uint32" : dtype;
}

const jax: NumberCast = {
  constant(dtype, value) {
    if (dtype === "bool") return encode(dtype, value);
    if (!isFloat(dtype)) return expectFitting("value", dtype, value, "keras/jax", heldByJax(dtype));
    const held = dtype === "float64" ? "float32" : dtype;
    return encode(dtype, flushSubnormal(held, roundTo(held, value)));
  },
  eye(dtype, gain) {
    const { low: least, end: beyond } = rangeOf("int32");
    if (isPythonInt(gain) && !(gain >= least && gain < beyond)) {
      throw new RangeError(`gain: expected an int32, or a number that is not whole (keras/jax), got ${gain}`);
    }
    if (isFloat(dtype)) {
      const held = dtype === "float64" ? "float32" : dtype;
      return scaled(dtype, flushSubnormal(held, roundTo(held, gain)));
    }
    if (dtype === "bool") return { diagonal: encode(dtype, Math.fround(gain)), rest: 0 };
    const held = heldByJax(dtype);
    if (isPythonInt(gain)) {
      const low = wrap(held, BigInt(gain));
      return { diagonal: wrap(dtype, BigInt(low)), rest: encode(dtype, 0) };
    }
    // XLA saturates, and makes 0 of NaN.
    const { low, end } = rangeOf(held);
    const whole = Number.isNaN(gain) ? 0 : Math.min(end - 1, Math.max(low, Math.trunc(Math.fround(gain))));
    return { diagonal: wrap(dtype, BigInt(whole)), rest: encode(dtype, 0) };
  },
};

/** How each framework makes elements of numbers. */
export const numberCasts: Readonly<Record<StreamName, NumberCast>> = {
  "keras/tensorflow": tensorflow,
  "keras/jax": jax,
  "keras/torch": torch,
  "keras/numpy": numpy,
};

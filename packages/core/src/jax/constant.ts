// jax.nn.initializers whose values are one number: zeros, ones, constant.
// Source: jax/_src/nn/initializers.py (zeros, ones, constant), JAX 0.10.2.

import { bfloat16FromFloat32, float16FromFloat32 } from "@fanin/tensor";
import { expectNumberOrNaN } from "@fanin/tensor/arguments";
import { constantLaw } from "../random/law.ts";
import { allocate, expectDType, type JaxArray, type JaxDType } from "./array.ts";
import { defineInitializer, expectOptions, type JaxInitializer } from "./initializer.ts";
import { expectKey } from "./key.ts";

/** Options of {@link constant}. */
export interface ConstantOptions {
  /** The value of every element. */
  readonly value: number;
}

const dtypes: readonly JaxDType[] = ["float32", "float64", "float16", "bfloat16", "int32", "uint32"];
const encoders: Partial<Record<JaxDType, (value: number) => number>> = {
  float16: float16FromFloat32,
  bfloat16: bfloat16FromFloat32,
};

function filled(value: number): JaxInitializer<JaxDType> {
  return defineInitializer<JaxDType>(
    (key, shape, dtype): JaxArray<JaxDType> => {
      expectKey(key);
      const array = allocate(shape, expectDType<JaxDType>(dtype ?? "float32", dtypes));
      const encode = encoders[array.dtype];
      array.data.fill(encode ? encode(value) : value);
      return array;
    },
    () => constantLaw(Math.fround(value)),
  );
}

/**
 * All elements zero; it is an initializer itself, not a function that makes one, as in JAX.
 *
 * @example
 * zeros(key(0), [2]).data; // => Float32Array(2) [ 0, 0 ]
 */
export const zeros: JaxInitializer<JaxDType> = filled(0);

/**
 * All elements one; it is an initializer itself, not a function that makes one, as in JAX.
 *
 * @example
 * ones(key(0), [2]).data; // => Float32Array(2) [ 1, 1 ]
 */
export const ones: JaxInitializer<JaxDType> = filled(1);

/**
 * All elements `value`.
 *
 * @throws TypeError or RangeError for what is not a number.
 * @example
 * constant({ value: -7 })(key(0), [2]).data; // => Float32Array(2) [ -7, -7 ]
 */
export function constant(options: ConstantOptions): JaxInitializer<JaxDType> {
  expectOptions("constant", options, ["value"]);
  return filled(expectNumberOrNaN("value", options.value));
}

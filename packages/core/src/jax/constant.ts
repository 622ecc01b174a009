// jax.nn.initializers whose values are one number: zeros, ones, constant.
// Source: jax/_src/nn/initializers.py (zeros, ones, constant), JAX 0.10.2.

import { expectNumberOrNaN } from "@fanin/tensor/arguments";
import { defaultsOf, type OptionsOf, type RequiredParameter, readOptions } from "../parameters/parameters.ts";
import { constant as constantDistribution } from "../random/distribution.ts";
import { allocate, expectDType, type JaxArray, type JaxDType } from "./array.ts";
import { type JaxFactory, type JaxInitializer, makeInitializer } from "./initializer.ts";
import { expectBits, JaxSource } from "./random.ts";

const parameters = {
  /** The value of every element. */
  value: { expect: expectNumberOrNaN } as RequiredParameter<number>,
};

/** Options of {@link constant}. */
export interface ConstantOptions extends OptionsOf<typeof parameters> {}

const dtypes: readonly JaxDType[] = ["float32", "float64", "float16", "bfloat16", "int32", "uint32"];

function filled(value: number): JaxInitializer<JaxDType> {
  return makeInitializer<JaxDType>(
    (key, shape, dtype) => {
      const bits = expectBits(key, shape, {});
      const array: JaxArray<JaxDType> = allocate(shape, expectDType<JaxDType>(dtype ?? "float32", dtypes));
      new JaxSource(bits, array.dtype).constant(array.data, value);
      return array;
    },
    () => constantDistribution(Math.fround(value)),
    false,
  );
}

/**
 * All elements zero; as in JAX it is an initializer itself, not a function that makes one.
 *
 * @example
 * zeros(key(0), [2]).data; // => Float32Array(2) [ 0, 0 ]
 */
export const zeros: JaxInitializer<JaxDType> = filled(0);
/**
 * All elements one; as in JAX it is an initializer itself, not a function that makes one.
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
export const constant: JaxFactory<ConstantOptions, JaxDType> = Object.assign(
  (options: ConstantOptions) => filled(readOptions("constant", parameters, options ?? {}).value),
  { defaults: defaultsOf(parameters) },
);

// The initializers that draw nothing but copy a value: Zeros, Ones, Constant.
// Source: keras/src/initializers/constant_initializers.py 3.15.1.

import { elementsOf } from "@fanin/tensor";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { constant as constantDistribution, discrete } from "../random/distribution.ts";
import { type ArrayValue, broadcastTo, encodeArray, expectArrayValue, type NumberArray } from "./array-value.ts";
import { numberCasts } from "./framework-number.ts";
import { defineConstant, fillConstant, type InitializerFactory, type StreamOptions } from "./initializer.ts";

const parameters = {
  /** The value of every element, or an array of values that broadcasts to the shape. Defaults to 0. */
  value: {
    default: { shape: [], values: [0], form: "list", dtype: "float32" },
    expect: expectArrayValue,
    write: encodeArray,
  } as Parameter<NumberArray, ArrayValue>,
};

/** Options of {@link constant}. */
export interface ConstantOptions extends OptionsOf<typeof parameters>, StreamOptions {}

/**
 * All elements zero, in any dtype.
 *
 * @example
 * zeros()([2, 2]).data; // => Float32Array(4) [ 0, 0, 0, 0 ]
 */
export const zeros: InitializerFactory<Record<never, never>> = defineConstant("Zeros", {
  aliases: ["zero"],
  parameters: {},
  distribution: () => constantDistribution(0),
  fill: (out, _slice, _shape, _parameters, dtype) => fillConstant(out, dtype, 0),
});

/**
 * All elements one, in any dtype.
 *
 * @example
 * ones()([3]).data; // => Float32Array(3) [ 1, 1, 1 ]
 */
export const ones: InitializerFactory<Record<never, never>> = defineConstant("Ones", {
  aliases: ["one"],
  parameters: {},
  distribution: () => constantDistribution(1),
  fill: (out, _slice, _shape, _parameters, dtype) => fillConstant(out, dtype, 1),
});

/**
 * All elements `value`, cast to the dtype as the framework of `stream` casts it (2.5 is 2 in int32 and 1 in bool); an array
 * is repeated along the dimensions that it lacks or has as 1, as NumPy broadcasts. TensorFlow makes a float32 of a number
 * that is not whole, even where float64 is asked for: 0.1 is 0.10000000149011612 there.
 *
 * @throws RangeError where an array does not broadcast to the shape, or the framework refuses a value for the dtype.
 * @example
 * constant({ value: 0.5 })([2]).data; // => Float32Array(2) [ 0.5, 0.5 ]
 * constant({ value: [1, 2] })([2, 2]).data; // => Float32Array(4) [ 1, 2, 1, 2 ]
 */
export const constant: InitializerFactory<ConstantOptions> = defineConstant("Constant", {
  isFramework: true,
  parameters,
  expectShape: (shape, { value }, dtype, stream) => {
    broadcastTo(value.shape, shape);
    for (const number of value.values) numberCasts[stream].constant(dtype, number);
  },
  distribution: (_shape, { value }) => discrete(value.values.map(Math.fround)),
  fill: (out, { offset }, shape, { value }, dtype, stream) => {
    const elements = value.values.map((number) => numberCasts[stream].constant(dtype, number));
    const indexOf = broadcastTo(value.shape, shape);
    const target = elementsOf(out);
    if (elements.length === 1) target.fill(elements[0] as number | bigint);
    else for (let i = 0; i < out.length; i++) target[i] = elements[indexOf(offset + i)] as number | bigint;
  },
});

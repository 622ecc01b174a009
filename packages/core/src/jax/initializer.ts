// A JAX initializer: a function of a key and a shape, which also has the distribution of its values.
// Source: jax/_src/nn/initializers.py (Initializer), JAX 0.10.2.

import { expectShape, type Shape } from "@fanin/tensor";
import { defaultsOf, type OptionsOf, readOptions, type ValuesOf } from "../parameters/parameters.ts";
import type { Distribution, DrawnDistribution } from "../random/distribution.ts";
import type { ThreefryBits } from "../random/threefry.ts";
import { roundToHalf } from "../random/threefry-half.ts";
import { allocate, expectDType, type JaxArray, type JaxDType } from "./array.ts";
import type { Key, LayoutOptions } from "./key.ts";
import { drawArray, expectBits, expectFloatType, type FloatType } from "./random.ts";

/** Options of one call of an initializer. */
export interface CallOptions<D extends JaxDType> {
  /** Defaults to `float32`. */
  readonly dtype?: D | undefined;
}

/** Turns a key and a shape into values; `T` are the element types that it has. */
export interface JaxInitializer<T extends JaxDType> {
  /**
   * The values for `shape`: the same for the same key and shape.
   *
   * @throws TypeError or RangeError for what is not a key, a shape, or an element type of this initializer.
   */
  <D extends T = T & "float32">(key: Key, shape: Shape, options?: CallOptions<D>): JaxArray<D>;
  /** Whether the values depend on the key. */
  readonly isRandom: boolean;
  /** What the values for `shape` look like. */
  distribution(shape: Shape): Distribution;
}

/** Makes the initializers of one function of jax.nn.initializers. */
export interface JaxFactory<O, T extends JaxDType> {
  (...options: Record<never, never> extends O ? [options?: O] : [options: O]): JaxInitializer<T>;
  /** The options in JAX's order with their defaults; undefined for one that has none. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** How to fill an array that is not empty, for an initializer whose values are not one distribution. */
export type FillArray<V> = (array: JaxArray, values: V, bits: ThreefryBits) => void;

/** Rounds to an element type, as JAX computes the parameters of a distribution in the type of the array. */
export type Round = (value: number) => number;

/** Attaches what a caller may ask to the function that draws. */
export function makeInitializer<T extends JaxDType>(
  draw: (key: Key, shape: Shape, dtype: T | undefined) => JaxArray<JaxDType>,
  distribution: (shape: Shape) => Distribution,
  isRandom: boolean,
): JaxInitializer<T> {
  const initializer = <D extends T = T & "float32">(key: Key, shape: Shape, options: CallOptions<D> = {}) =>
    draw(key, shape, options.dtype) as JaxArray<JaxDType> as JaxArray<D>;
  return Object.assign(initializer, { distribution, isRandom });
}

/** Defines a function of jax.nn.initializers whose values are one distribution; its parameters are computed with `round`. */
export function defineDistribution<P extends LayoutParameters, O = OptionsOf<P>>(
  name: string,
  parameters: P,
  distribution: (shape: Shape, values: ValuesOf<P>, round: Round) => DrawnDistribution,
): JaxFactory<O, FloatType> {
  const factory = (options: object = {}): JaxInitializer<FloatType> => {
    const values = readOptions(name, parameters, options);
    return makeInitializer<FloatType>(
      (key, shape, given) => {
        const bits = expectBits(key, shape, values as LayoutOptions);
        const dtype = expectFloatType(given);
        const round = dtype === "float32" ? Math.fround : (value: number) => roundToHalf(dtype, value);
        return drawArray(bits, shape, dtype, distribution(shape, values, round));
      },
      (shape) => distribution(expectShape(shape), values, (value) => value),
      true,
    );
  };
  return Object.assign(factory, { defaults: defaultsOf(parameters) }) as unknown as JaxFactory<O, FloatType>;
}

/** Every function that draws has the option of the layout. */
interface LayoutParameters {
  readonly partitionable: object;
}

/** Defines a function of jax.nn.initializers that fills float32 arrays its own way. */
export function defineFill<P extends LayoutParameters, O = OptionsOf<P>>(
  name: string,
  parameters: P,
  distribution: (shape: Shape, values: ValuesOf<P>) => Distribution,
  fill: FillArray<ValuesOf<P>>,
): JaxFactory<O, "float32"> {
  const factory = (options: object = {}): JaxInitializer<"float32"> => {
    const values = readOptions(name, parameters, options);
    return makeInitializer<"float32">(
      (key, shape, dtype) => {
        const bits = expectBits(key, shape, values as LayoutOptions);
        distribution(shape, values); // refuses a shape that the function does not take
        const array = allocate(shape, expectDType(dtype ?? "float32", ["float32"]));
        if (array.data.length > 0) fill(array, values, bits);
        return array;
      },
      (shape) => distribution(expectShape(shape), values),
      true,
    );
  };
  return Object.assign(factory, { defaults: defaultsOf(parameters) }) as unknown as JaxFactory<O, "float32">;
}

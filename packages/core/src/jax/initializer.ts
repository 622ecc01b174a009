// What a JAX initializer is: a function of a key and a shape, which also knows the law of its values.
// Source: jax/_src/nn/initializers.py (Initializer), JAX 0.10.2.

import type { Shape } from "@fanin/tensor";
import { suggestion } from "@fanin/tensor/arguments";
import type { Law } from "../random/law.ts";
import type { JaxArray, JaxDType } from "./array.ts";
import type { Key } from "./key.ts";

/** Options of one call of an initializer. */
export interface CallOptions<D extends JaxDType> {
  /** `float32` unless said. */
  readonly dtype?: D | undefined;
}

/** Turns a key and a shape into values; `T` are the element types it can give. */
export interface JaxInitializer<T extends JaxDType> {
  /**
   * The values for `shape`: the same for the same key and shape.
   *
   * @throws TypeError or RangeError for what is not a key, a shape, or an element type of this initializer.
   */
  <D extends T = T & "float32">(key: Key, shape: Shape, options?: CallOptions<D>): JaxArray<D>;
  /** What the values for `shape` should look like. */
  law(shape: Shape): Law;
}

/** Attaches a law to a function of key, shape and options. */
export function defineInitializer<T extends JaxDType>(
  draw: (key: Key, shape: Shape, dtype: T | undefined) => JaxArray<T>,
  law: (shape: Shape) => Law,
): JaxInitializer<T> {
  const initializer = <D extends T = T & "float32">(key: Key, shape: Shape, options: CallOptions<D> = {}) =>
    draw(key, shape, options.dtype) as JaxArray<JaxDType> as JaxArray<D>;
  return Object.assign(initializer, { law });
}

/** Refuses options that `name` does not have. */
export function expectOptions(name: string, options: object, known: readonly string[]): void {
  for (const option of Object.keys(options)) {
    if (!known.includes(option)) {
      throw new TypeError(
        `${name}: unknown option ${JSON.stringify(option)}; expected ${known.join(", ")}${suggestion(option, known)}`,
      );
    }
  }
}

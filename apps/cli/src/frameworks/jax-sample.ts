// jax.nn.initializers with jax.random.key(seed): every function with JAX's names of function and arguments.
// Source: jax/_src/nn/initializers.py, JAX 0.10.2.

import { type AxisOptions, computeFans, initializers, type JaxDType, type JaxInitializer, key } from "@fanin/core/jax";
import type { Shape } from "@fanin/tensor";
import { camelCase, snakeCase } from "@fanin/tensor/arguments";
import { argumentsOf, completeArguments, findByName, type NamedArguments } from "./named-arguments.ts";
import type { Sample, SampleRequest } from "./sample-source.ts";

/** A function of jax.nn.initializers and its arguments as JAX names them. */
interface JaxEntry {
  readonly defaults: NamedArguments;
  make(options: NamedArguments): JaxInitializer<JaxDType>;
}

/** zeros and ones are initializers themselves, the others make them. */
type JaxFunction =
  | JaxInitializer<JaxDType>
  | (JaxEntry["make"] & { readonly defaults: Readonly<Record<string, unknown>> });

function entryOf(value: JaxFunction): JaxEntry {
  return "defaults" in value
    ? { defaults: argumentsOf(value.defaults), make: value }
    : { defaults: {}, make: () => value };
}

/** Every function by JAX's name. */
export const jaxFunctions: Readonly<Record<string, JaxEntry>> = Object.fromEntries(
  Object.entries(initializers as unknown as Readonly<Record<string, JaxFunction>>).map(([name, value]) => [
    snakeCase(name),
    entryOf(value),
  ]),
);

/** Computes the fans along the given axes; null if the shape has none. */
function fansOf(shape: Shape, options: AxisOptions): { fanIn: number; fanOut: number } | null {
  try {
    return computeFans(shape, options);
  } catch {
    return null;
  }
}

/** Draws as JAX does from `jax.random.key(seed)`. */
export function jaxSample({ name, config, shape, seed, dtype }: SampleRequest): Sample {
  const chosen = findByName("jax.nn.initializers", name, jaxFunctions);
  const complete = completeArguments(name, config, chosen.defaults);
  const options = Object.fromEntries(Object.entries(complete).map(([option, value]) => [camelCase(option), value]));
  const initializer = chosen.make(options);
  const array = initializer(key(seed), shape, { dtype: (dtype ?? "float32") as JaxDType });
  return {
    initializer: name,
    config: complete,
    stream: initializer.isRandom ? "jax" : null,
    dtype: array.dtype,
    data: array.data,
    distribution: initializer.distribution(shape),
    fans: fansOf(shape, options as AxisOptions),
  };
}

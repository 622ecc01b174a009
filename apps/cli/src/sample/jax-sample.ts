// jax.nn.initializers with jax.random.key(seed): every function with JAX's names of function and arguments.
// Source: jax/_src/nn/initializers.py, JAX 0.10.2.

import { type AxisOptions, computeFans, initializers, type JaxDType, type JaxInitializer, key } from "@fanin/core/jax";
import type { Shape } from "@fanin/tensor";
import { completeArguments, findByName, type NamedArguments, required } from "./named-arguments.ts";
import type { Sample, SampleRequest } from "./sample-source.ts";

/** Arguments that the function itself checks. */
type Options = Readonly<Record<string, never>>;

/** A function of jax.nn.initializers. */
interface JaxFunction {
  readonly defaults: NamedArguments;
  readonly isConstant?: boolean;
  make(options: Options): JaxInitializer<JaxDType>;
}

/** Common options of the draws; the second layout is that of JAX before 0.5. */
const drawn: NamedArguments = { partitionable: true };
const scaled: NamedArguments = { in_axis: -2, out_axis: -1, batch_axis: [], ...drawn };
const orthonormal: NamedArguments = { scale: 1, column_axis: -1, ...drawn };

/** Makes a function with the options `defaults`; the function itself checks the dtype. */
function entry(defaults: NamedArguments, make: (options: never) => unknown): JaxFunction {
  return { defaults, make: make as (options: Options) => JaxInitializer<JaxDType> };
}

/** Every function by JAX's name, with JAX's default arguments. */
export const jaxFunctions: Readonly<Record<string, JaxFunction>> = {
  constant: { ...entry({ value: required }, initializers.constant), isConstant: true },
  zeros: { ...entry({}, () => initializers.zeros), isConstant: true },
  ones: { ...entry({}, () => initializers.ones), isConstant: true },
  uniform: entry({ scale: 0.01, ...drawn }, initializers.uniform),
  normal: entry({ stddev: 0.01, ...drawn }, initializers.normal),
  truncated_normal: entry({ stddev: 0.01, lower: -2, upper: 2, ...drawn }, initializers.truncatedNormal),
  variance_scaling: entry(
    { scale: required, mode: required, distribution: required, ...scaled },
    initializers.varianceScaling,
  ),
  glorot_uniform: entry(scaled, initializers.glorotUniform),
  glorot_normal: entry(scaled, initializers.glorotNormal),
  lecun_uniform: entry(scaled, initializers.lecunUniform),
  lecun_normal: entry(scaled, initializers.lecunNormal),
  he_uniform: entry(scaled, initializers.heUniform),
  he_normal: entry(scaled, initializers.heNormal),
  xavier_uniform: entry(scaled, initializers.xavierUniform),
  xavier_normal: entry(scaled, initializers.xavierNormal),
  kaiming_uniform: entry(scaled, initializers.kaimingUniform),
  kaiming_normal: entry(scaled, initializers.kaimingNormal),
  orthogonal: entry(orthonormal, initializers.orthogonal),
  delta_orthogonal: entry(orthonormal, initializers.deltaOrthogonal),
};

/** Converts `in_axis` to the name of the option, `inAxis`. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

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
  const initializer = chosen.make(options as Options);
  const array = initializer(key(seed), shape, { dtype: (dtype ?? "float32") as JaxDType });
  return {
    initializer: name,
    config: complete,
    stream: chosen.isConstant ? null : "jax",
    dtype: array.dtype,
    data: array.data,
    law: initializer.law(shape),
    fans: fansOf(shape, options as AxisOptions),
  };
}

// torch.nn.init after torch.manual_seed(seed): every function by torch's name, with or without its underscore.
// Source: torch/nn/init.py, PyTorch 2.13; shapes are torch's, (out, in, ...).

import * as torch from "@fanin/core/torch";
import type { FloatDType, Shape } from "@fanin/tensor";
import { snakeCase } from "@fanin/tensor/arguments";
import { argumentsOf, completeArguments, findByName, type NamedArguments } from "./named-arguments.ts";
import type { Sample, SampleRequest } from "./sample-source.ts";

/** Arguments that the function itself checks. */
type TorchFunction = torch.TorchInitializer<Readonly<Record<string, unknown>>>;

/** A function of torch.nn.init and its arguments as torch names them. */
interface TorchEntry {
  readonly defaults: NamedArguments;
  readonly initializer: TorchFunction;
}

function isInitializer(value: unknown): value is TorchFunction {
  return typeof value === "function" && "distribution" in value;
}

/** Every function by torch's name without the underscore. */
export const torchFunctions: Readonly<Record<string, TorchEntry>> = Object.fromEntries(
  Object.entries(torch as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    isInitializer(value) ? [[snakeCase(name), { defaults: argumentsOf(value.defaults), initializer: value }]] : [],
  ),
);

/** Draws as torch does after `torch.manual_seed(seed)`. */
export function torchSample({ name, config, shape, seed, dtype }: SampleRequest): Sample {
  const key = name.replace(/_$/, "");
  const { defaults, initializer } = findByName("torch.nn.init", key, torchFunctions);
  const options = completeArguments(name, config, defaults);
  if (dtype !== undefined && dtype !== "float32") {
    throw new RangeError(`dtype: expected float32 for the stream torch, got ${dtype}`);
  }
  torch.manualSeed(seed);
  const draw = initializer as (shape: Shape, options: NamedArguments) => torch.Tensor<FloatDType>;
  const { data } = draw(shape, options);
  return {
    initializer: `${key}_`,
    config: options,
    stream: initializer.isRandom ? "torch" : null,
    dtype: "float32",
    data: data as Float32Array<ArrayBuffer>,
    distribution: initializer.distribution(shape, options),
    fans: shape.length < 2 ? null : torch.computeTorchFans(shape),
  };
}

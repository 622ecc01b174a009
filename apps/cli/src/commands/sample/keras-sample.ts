// Samples Keras's initializers, and others with the same interface, from one of the four Keras streams.

import { computeFans, get, type Initializer, streamNames } from "@fanin/core";
import type { DType, TensorData } from "@fanin/tensor";
import { expectOneOf } from "@fanin/tensor/arguments";
import { usageError } from "../../exit-codes.ts";
import type { Sample, SampleRequest } from "../../frameworks/sample-source.ts";

/** Makes the requested initializer, with the seed in its config. */
function initializerOf({ name, config, seed, isSeedGiven, stream: streamName }: SampleRequest): Initializer {
  const stream = expectOneOf("stream", streamName, streamNames);
  const unseeded = get({ class_name: name, config }, { stream });
  if ("seed" in config && isSeedGiven) throw usageError("--seed: not allowed with a seed in the config");
  if ("seed" in config || !("seed" in unseeded.getConfig())) return unseeded;
  return get({ class_name: name, config: { ...config, seed } }, { stream });
}

/** Draws from a Keras stream. */
export function kerasSample(request: SampleRequest): Sample {
  const initializer = initializerOf(request);
  const { dtype, data } = initializer(request.shape, { dtype: (request.dtype ?? "float32") as DType });
  return {
    initializer: initializer.className,
    config: initializer.getConfig(),
    // A constant needs no random numbers, although frameworks may cast it differently.
    stream: "seed" in initializer.getConfig() ? initializer.stream : null,
    dtype,
    data: data as TensorData,
    distribution: initializer.distribution(request.shape),
    fans: computeFans(request.shape),
  };
}

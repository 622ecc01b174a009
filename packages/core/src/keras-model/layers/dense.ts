// Dense and Embedding: one matrix, and a bias.
// Source: keras/src/layers/core/dense.py and embedding.py 3.15.1.

import { KerasModelError } from "../keras-model-error.ts";
import { inputOf, type LayerDefinition } from "../layer.ts";
import { formatPartial } from "../partial-shape.ts";

/** kernel (in, units), bias (units). */
export const dense: LayerDefinition = ({ config, initializer, weight }) => {
  config.refuse("lora_rank", "quantization_config");
  const units = config.integer("units");
  const useBias = config.boolean("use_bias", true);
  const kernel = initializer("kernel_initializer", "glorot_uniform");
  const bias = initializer("bias_initializer", "zeros");
  return {
    build(inputs) {
      const shape = inputOf(inputs);
      if (shape.length < 2) {
        const message = `input: expected 2 dimensions or more, got ${formatPartial(shape)}`;
        throw new KerasModelError("E_MODEL_SHAPE", config.where, message);
      }
      const plans = [weight("kernel", [shape.at(-1) ?? null, units], kernel)];
      return useBias ? [...plans, weight("bias", [units], bias)] : plans;
    },
    outputs: (inputs) => [[...inputOf(inputs).slice(0, -1), units]],
  };
};

/** embeddings (input_dim, output_dim), whatever the input. */
export const embedding: LayerDefinition = ({ config, initializer, weight }) => {
  config.refuse("lora_rank", "quantization_config");
  const inputDim = config.integer("input_dim");
  const outputDim = config.integer("output_dim");
  const embeddings = initializer("embeddings_initializer", "uniform");
  return {
    build: () => [weight("embeddings", [inputDim, outputDim], embeddings)],
    outputs: (inputs) => [[...inputOf(inputs), outputDim]],
  };
};

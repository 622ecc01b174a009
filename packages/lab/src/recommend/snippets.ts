// The code for a recommended initializer in five libraries, as a table of templates.
// Source: the APIs of Keras 3.15, PyTorch 2.13, JAX 0.10, tfjs 4.22 and @fanin/core.

import type { MeanFieldActivation } from "../signal/activation-functions.ts";
import type { Choice } from "./choice.ts";

/** Code for one layer of `width` inputs and units. */
export interface Snippets {
  readonly keras: string;
  readonly torch: string;
  readonly jax: string;
  readonly tfjs: string;
  readonly fanin: string;
}

interface Names {
  readonly keras: string;
  /** A statement on `layer.weight`. */
  readonly torch: string;
  readonly jax: string;
  /** The argument of kernelInitializer, and a remark. */
  readonly tfjs: string;
  readonly tfjsNote?: string;
  /** The exported name and its options. */
  readonly fanin: readonly [name: string, options: string];
}

const rounded = (value: number): number => Number(value.toPrecision(6));

const names: Readonly<Record<Choice["kind"], (choice: Choice) => Names>> = {
  glorot_uniform: () => ({
    keras: "GlorotUniform(seed=0)",
    torch: "torch.nn.init.xavier_uniform_(layer.weight)",
    jax: "glorot_uniform()",
    tfjs: "glorotUniform({ seed: 1 })",
    fanin: ["glorotUniform", "{ seed: 0 }"],
  }),
  he_normal: () => ({
    keras: "HeNormal(seed=0)",
    torch: 'torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")',
    jax: "he_normal()",
    tfjs: "heUniform({ seed: 1 })",
    tfjsNote: "heNormal of tfjs 4 has 77 % of the correct variance; heUniform is correct",
    fanin: ["heNormal", "{ seed: 0 }"],
  }),
  lecun_normal: () => ({
    keras: "LecunNormal(seed=0)",
    torch: 'torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="linear")',
    jax: "lecun_normal()",
    tfjs: 'varianceScaling({ scale: 1, mode: "fanIn", distribution: "uniform", seed: 1 })',
    tfjsNote: "leCunNormal of tfjs 4 has 77 % of the correct variance",
    fanin: ["lecunNormal", "{ seed: 0 }"],
  }),
  orthogonal: ({ gain }) => ({
    keras: `Orthogonal(gain=${rounded(gain)}, seed=0)`,
    torch: `torch.nn.init.orthogonal_(layer.weight, gain=${rounded(gain)})`,
    jax: `orthogonal(scale=${rounded(gain)})`,
    tfjs: `orthogonal({ gain: ${rounded(gain)}, seed: 1 })`,
    tfjsNote: "this takes tfjs seconds for 256 units; draw the kernel with @fanin/core instead",
    fanin: ["orthogonal", `{ gain: ${rounded(gain)}, seed: 0 }`],
  }),
  siren_uniform: () => ({
    keras: "RandomUniform(-(6 / width) ** 0.5 / 30, (6 / width) ** 0.5 / 30, seed=0)",
    torch: "torch.nn.init.uniform_(layer.weight, -(6 / width) ** 0.5 / 30, (6 / width) ** 0.5 / 30)",
    jax: 'variance_scaling(2 / 30**2, "fan_in", "uniform")',
    tfjs: 'varianceScaling({ scale: 2 / 30 ** 2, mode: "fanIn", distribution: "uniform", seed: 1 })',
    fanin: ["sirenUniform", "{ seed: 0 }"],
  }),
  variance_scaling: ({ gain }) => ({
    keras: `VarianceScaling(${rounded(gain ** 2)}, "fan_in", "truncated_normal", seed=0)`,
    torch: `torch.nn.init.normal_(layer.weight, std=(${rounded(gain ** 2)} / width) ** 0.5)`,
    jax: `variance_scaling(${rounded(gain ** 2)}, "fan_in", "truncated_normal")`,
    tfjs: `varianceScaling({ scale: ${rounded(gain ** 2)}, mode: "fanIn", distribution: "uniform", seed: 1 })`,
    tfjsNote: "with its default distribution tfjs 4 gives 77 % of the variance",
    fanin: ["varianceScaling", `{ scale: ${rounded(gain ** 2)}, seed: 0 }`],
  }),
};

/** The names of tfjs 4 that differ from Keras's; null if tfjs has no such activation by name. */
const tfjsActivations: Readonly<Partial<Record<MeanFieldActivation, string | null>>> = {
  hard_sigmoid: "hardSigmoid",
  hard_silu: null,
  leaky_relu: null,
  silu: "swish",
  sin: null,
};

const lines = (...parts: readonly (string | false)[]): string => parts.filter((part) => part !== false).join("\n");

/** Code for one hidden layer. */
export function snippetsFor(choice: Choice, activation: MeanFieldActivation, width: number): Snippets {
  const { keras, torch, jax, tfjs, tfjsNote, fanin } = names[choice.kind](choice);
  const isZeroEnd = choice.endsInZeros === true;
  const usesWidth = `${keras} ${torch}`.includes("width");
  const kerasActivation = activation === "sin" ? "lambda x: keras.ops.sin(30 * x)" : `"${activation}"`;
  const byName = tfjsActivations[activation] === undefined ? activation : tfjsActivations[activation];
  const tfjsActivation = byName === null ? "" : `, activation: "${byName}"`;
  const faninNames = isZeroEnd ? `${fanin[0]}, zeros` : fanin[0];
  return {
    keras: lines(
      "import keras",
      keras.includes("width") && `width = ${width}`,
      `layer = keras.layers.Dense(${width}, activation=${kerasActivation}, kernel_initializer=keras.initializers.${keras})`,
      isZeroEnd && `branch_end = keras.layers.Dense(${width}, kernel_initializer="zeros")`,
    ),
    torch: lines(
      "import torch",
      usesWidth && `width = ${width}`,
      `layer = torch.nn.Linear(${width}, ${width})`,
      torch,
      "torch.nn.init.zeros_(layer.bias)",
      isZeroEnd && `branch_end = torch.nn.Linear(${width}, ${width})`,
      isZeroEnd && "torch.nn.init.zeros_(branch_end.weight)",
    ),
    jax: lines(
      "import jax",
      `kernel = jax.nn.initializers.${jax}(jax.random.key(0), (${width}, ${width}))`,
      isZeroEnd && `branch_end = jax.nn.initializers.zeros(jax.random.key(0), (${width}, ${width}))`,
    ),
    tfjs: lines(
      'import * as tf from "@tensorflow/tfjs";',
      tfjsNote !== undefined && `// ${tfjsNote}`,
      byName === null && `// tfjs has no ${activation} by name: apply it to the layer's output`,
      `const layer = tf.layers.dense({ units: ${width}${tfjsActivation}, kernelInitializer: tf.initializers.${tfjs} });`,
      isZeroEnd && `const branchEnd = tf.layers.dense({ units: ${width}, kernelInitializer: "zeros" });`,
    ),
    fanin: lines(
      `import { ${faninNames} } from "@fanin/core";`,
      `const kernel = ${fanin[0]}(${fanin[1]})([${width}, ${width}]);`,
      isZeroEnd && `const branchEnd = zeros()([${width}, ${width}]);`,
    ),
  };
}

// `fanin recommend`: recommends an initializer for a network, with reason, depth limit and code for five libraries.

import { meanFieldActivations, type Recommendation, type RecommendOptions, recommend } from "@fanin/lab";
import { expectOneOf } from "@fanin/tensor/arguments";
import type { Command, Invocation } from "../command.ts";
import { type ExitCode, exitCodes, usageError } from "../exit-codes.ts";
import { activationOption, normOption } from "../network-options.ts";
import { readInteger, readLayers, readNumber } from "../read-values.ts";
import { fromUser } from "../user-arguments.ts";

const libraries = ["keras", "torch", "jax", "tfjs", "fanin"] as const;

export const recommendCommand: Command = {
  summary: "Recommend an initializer for a network, with gain, depth limit, reason and code.",
  usage: "[options]",
  examples: [
    "fanin recommend --activation relu --depth 30 --width 256",
    "fanin recommend --activation tanh --layers 784,300x60,10 --for torch",
    "fanin recommend --net vgg-b --weights-std 0.01",
  ],
  positionals: [],
  options: {
    activation: { ...activationOption, choices: meanFieldActivations },
    depth: { value: "N", help: "hidden layers", default: "1" },
    width: { value: "N", help: "units of a hidden layer", default: "128" },
    layers: { value: "LIST", help: "sizes, such as 784,64x30,10, instead of --depth and --width" },
    norm: normOption,
    residual: { help: "add layers to their input" },
    optimizer: {
      value: "NAME",
      help: "adam, adamw, momentum, rmsprop or sgd",
      choices: ["adam", "adamw", "momentum", "rmsprop", "sgd"],
    },
    for: { value: "LIBRARY", help: `print only the code for one library: ${libraries.join(", ")}`, choices: libraries },
    net: { value: "NAME", help: "a network of the literature: vgg-b", choices: ["vgg-b"] },
    "weights-std": { value: "X", help: "with --net: a fixed standard deviation to evaluate", default: "0.01" },
  },
  run,
};

/** Reads depth and width, from --layers or from their own options. */
function sizes({ option }: Invocation): { depth: number | undefined; width: number | undefined } {
  const layers = readLayers(option("layers"));
  const [depth, width] = [readInteger("depth", option("depth")), readInteger("width", option("width"))];
  if (!layers) return { depth, width };
  if (depth !== undefined || width !== undefined) throw usageError("--layers: not allowed with --depth or --width");
  const hidden = layers.slice(1, -1);
  if (hidden.length === 0) throw usageError("--layers: expected at least one hidden layer, such as 784,128,10");
  // The narrowest layer limits the depth.
  return { depth: hidden.length, width: Math.min(...hidden) };
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const { option, isSet } = invocation;
  const library = option("for");
  const only = library === undefined ? null : fromUser(() => expectOneOf("--for", library, libraries));
  if (option("weights-std") !== undefined && option("net") === undefined) {
    throw usageError("--weights-std: expected --net as well, got none");
  }
  const network = {
    activation: (option("activation") ?? "relu") as RecommendOptions["activation"],
    ...sizes(invocation),
    norm: option("norm") as RecommendOptions["norm"],
    residual: isSet("residual"),
    optimizer: option("optimizer") as RecommendOptions["optimizer"],
    net: option("net") as RecommendOptions["net"],
    weightsStddev: readNumber("weights-std", option("weights-std")),
  };
  const result = fromUser(() => recommend(network));
  if (isSet("json")) invocation.stdout.write(`${JSON.stringify(result)}\n`);
  else invocation.stdout.write(describe(result, only));
  return exitCodes.fine;
}

/** Formats a probability in percent, never as 0 or 100. */
function percent(chance: number): string {
  const whole = Math.round(100 * chance);
  if (whole >= 100) return "over 99 %";
  return whole <= 0 ? "under 1 %" : `${whole} %`;
}

const limits = {
  correlation: "six correlation lengths of mean-field theory",
  gradient: "beyond, the gradient changes by a factor of 100",
  width: "beyond, the width's fluctuations decide (5L/n = 4)",
} as const;

function describe(result: Recommendation, only: keyof Recommendation["code"] | null): string {
  const { initializer, gain, forwardGain, chi1, maxDepth, limitedBy, reason, notes, confidence, alternatives } = result;
  const depth =
    maxDepth === null || limitedBy === null
      ? "not limited by the theory"
      : `about ${maxDepth} hidden layers (${limits[limitedBy]})`;
  const lines = [
    `${initializer}`,
    `  gain        ${gain.toFixed(4)}  (the forward variance is kept by ${forwardGain.toFixed(4)}; a squared gradient then ×${chi1.toFixed(3)} per layer)`,
    `  depth       ${depth}`,
    `  why         ${reason}`,
    ...notes.map((note) => `  note        ${note}`),
    `  confidence  ${percent(confidence)} that signal and gradient stay within a factor of 100`,
    ...(alternatives.length > 0 ? [`  or          ${alternatives.join(", ")}`] : []),
    ...vggLines(result),
  ];
  for (const [library, code] of Object.entries(result.code)) {
    if (only !== null && library !== only) continue;
    lines.push("", `${library}:`, ...code.split("\n").map((line: string) => `  ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

function vggLines({ vgg }: Recommendation): string[] {
  if (!vgg) return [];
  const stds = [...new Map(vgg.layers.map(({ filters, stddev }) => [filters, stddev])).entries()];
  return [
    "",
    "VGG-B (He et al. 2015)",
    `  derived     ${stds.map(([filters, stddev]) => `${stddev.toFixed(3)} for ${filters}`).join(", ")} filters`,
    `  std ${vgg.weightsStddev}    the gradient from conv10 to conv2 is ${vgg.factor < 1 ? `1/${Math.round(vgg.diminishedBy)}` : `${(1 / vgg.diminishedBy).toPrecision(3)}`} of the derived one`,
  ];
}

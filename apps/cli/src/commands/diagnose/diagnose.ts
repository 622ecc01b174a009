// `fanin diagnose`: finds faults in a described network, or in the weights of a file.

import { DEFAULT_STREAM, streamNames } from "@fanin/core";
import {
  diagnose,
  hasFindingAt,
  type InputStatistics,
  type NetworkDescription,
  type NetworkDiagnosis,
  resolveActivation,
  type Severity,
  type WeightsDiagnosis,
} from "@fanin/lab";
import { layouts, type WeightsOptions } from "@fanin/lab/weights";
import { expectOneOf } from "@fanin/tensor/arguments";
import { type Command, type Invocation, seedOption } from "../../command.ts";
import { loadDataset } from "../../datasets/load-dataset.ts";
import { type ExitCode, exitCodes, usageError } from "../../exit-codes.ts";
import {
  activationOption,
  initOption,
  normOption,
  optimizerOption,
  outputInitOption,
  streamOption,
} from "../../network-options.ts";
import { levels, readChoice, readInteger, readLayers, readLevel, readNumber } from "../../read-values.ts";
import { fromUser, fromUserLater } from "../../user-arguments.ts";
import { leftOutText } from "../../values/left-out.ts";
import { judgeFile } from "../../weights/judge-file.ts";
import { networkText } from "./network-text.ts";
import { writeReport } from "./report-folder.ts";
import { weightsText } from "./weights-text.ts";

const networkOnly = [
  "init",
  "output-init",
  "bias-std",
  "optimizer",
  "norm",
  "batch",
  "stream",
  "data",
  "input-std",
  "seed",
];
const weightsOnly = ["layout"];

export const diagnoseCommand: Command = {
  summary: "Find faults in a network or a weight file, with their place, size, cause and fix.",
  usage: "[WEIGHTS] [options]",
  examples: [
    "fanin diagnose --layers 784,64x30,10 --activation relu --init glorot_uniform",
    "fanin diagnose --layers 784,300x60,10 --activation tanh --init 'random_normal(stddev=1)' --json",
    "fanin diagnose model.safetensors --activation relu --fail-on warning",
    "fanin diagnose --layers 784,64x30,10 --init he_normal --out diagnosis",
  ],
  positionals: ["[weights]"],
  findings: "findings at or above --fail-on",
  options: {
    seed: seedOption,
    layers: {
      value: "LIST",
      help: "sizes, such as 784,64x30,10; for a file, the expected sizes of its kernels",
      default: "784,128,10",
    },
    activation: { ...activationOption, default: "relu; for a file, unknown" },
    init: initOption,
    "output-init": outputInitOption,
    "bias-std": { value: "X", help: "standard deviation of normal biases", default: "0" },
    optimizer: optimizerOption,
    norm: normOption,
    residual: { help: "add hidden layers to their input" },
    "input-std": { value: "X", help: "standard deviation of the input; its mean is 0", default: "1" },
    data: { value: "DIR|procedural", help: "a data set that gives the mean and spread of the input" },
    batch: { value: "N", help: "number of inputs", default: "128" },
    stream: streamOption,
    layout: {
      value: "NAME",
      help: "layout of all kernels of a file: keras (in, out) or torch (out, in)",
      default: "inferred from shapes, biases, metadata and names",
      choices: layouts,
    },
    "fail-on": {
      value: "LEVEL",
      help: "exit with 1 for findings of at least this level: error, warning or never",
      default: "error",
      choices: levels,
    },
    out: { value: "DIR", help: "write report.html and diagnosis.json to this folder" },
    force: { help: "overwrite an existing report" },
    ascii: { help: "print only ASCII characters" },
  },
  run,
};

/** Returns the given deviation, or mean and deviation of the training images, scaled to 0 to 1 as in training. */
async function inputOf({ option }: Invocation): Promise<InputStatistics | undefined> {
  const data = option("data");
  const standardDeviation = readNumber("input-std", option("input-std"));
  if (data === undefined) return standardDeviation === undefined ? undefined : { mean: 0, standardDeviation };
  if (standardDeviation !== undefined) throw usageError("--input-std: not allowed with --data, which determines it");
  const { images } = (await loadDataset(data)).train;
  let [sum, squares] = [0, 0];
  for (const pixel of images) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const mean = sum / images.length;
  return { mean: mean / 255, standardDeviation: Math.sqrt(Math.max(0, squares / images.length - mean * mean)) / 255 };
}

async function networkOf(invocation: Invocation): Promise<NetworkDescription> {
  const { option, isSet } = invocation;
  return {
    layers: readLayers(option("layers")) ?? [784, 128, 10],
    activation: resolveActivation(option("activation") ?? "relu") as NetworkDescription["activation"],
    initializer: option("init") ?? "glorot_uniform",
    outputInitializer: option("output-init"),
    biasStddev: readNumber("bias-std", option("bias-std")),
    optimizer: option("optimizer") as NetworkDescription["optimizer"],
    norm: option("norm") as NetworkDescription["norm"],
    residual: isSet("residual"),
    input: await inputOf(invocation),
  };
}

function refuse({ option }: Invocation, names: readonly string[], subject: string): void {
  const wrong = names.find((name) => option(name) !== undefined);
  if (wrong !== undefined) throw usageError(`--${wrong}: not allowed with ${subject}`);
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const { option, isSet, positionals, stdout, environment } = invocation;
  if (isSet("force") && option("out") === undefined) throw usageError("--force: expected --out as well");
  const level = readLevel(option("fail-on"));
  const color = !isSet("no-color") && stdout.isTTY === true && !environment["NO_COLOR"];
  const style = { color, ascii: isSet("ascii") };
  const [file] = positionals;
  const seed = readInteger("seed", option("seed")) ?? 0;
  if (file === undefined) {
    refuse(invocation, weightsOnly, "a network, only with a weight file");
    const stream = fromUser(() => expectOneOf("stream", option("stream") ?? DEFAULT_STREAM, streamNames));
    const batch = readInteger("batch", option("batch"));
    const network = await networkOf(invocation);
    const diagnosis = fromUser(() => diagnose(network, { seed, stream, batch }));
    await tell(invocation, diagnosis, diagnosis, networkText(diagnosis, style));
    return codeOf(diagnosis.findings, level);
  }
  refuse(invocation, networkOnly, "a weight file, only with a network");
  const expected = {
    layout: readChoice("layout", option("layout"), layouts),
    layers: readLayers(option("layers")),
    activation: resolveActivation(option("activation")) as WeightsOptions["activation"],
    residual: isSet("residual") ? true : undefined,
  };
  const { diagnosis, skipped } = await fromUserLater(() => judgeFile(file, expected));
  const text = `${weightsText(diagnosis, style)}${leftOutText(skipped)}`;
  await tell(invocation, diagnosis, { ...diagnosis, skipped, seed }, text);
  return codeOf(diagnosis.findings, level);
}

/** Writes the report with --out; prints JSON or text. */
async function tell(
  invocation: Invocation,
  diagnosis: NetworkDiagnosis | WeightsDiagnosis,
  result: object,
  text: string,
): Promise<void> {
  const { option, isSet, stdout, stderr } = invocation;
  const json = `${JSON.stringify(result)}\n`;
  const folder = option("out");
  const report = folder === undefined ? undefined : await writeReport(folder, diagnosis, json, invocation);
  stdout.write(isSet("json") ? json : text);
  if (report !== undefined) (isSet("json") ? stderr : stdout).write(`report: ${report}\n`);
}

function codeOf(findings: Parameters<typeof hasFindingAt>[0], level: Severity | "never"): ExitCode {
  return level !== "never" && hasFindingAt(findings, level) ? exitCodes.findings : exitCodes.fine;
}

// `fanin sample`: describes and hashes the values of an initializer for a shape, and writes them with --out.

import { DEFAULT_STREAM, type Distribution, parseInitializer } from "@fanin/core";
import { blocksHistogram } from "@fanin/figures";
import { boundedJson, type TensorInput } from "@fanin/formats";
import { formatShape, type Shape, sizeOf } from "@fanin/tensor";
import { describeBriefly, describeValue } from "@fanin/tensor/arguments";
import { type Command, type Invocation, seedOption } from "../../command.ts";
import { type ExitCode, exitCodes, usageError } from "../../exit-codes.ts";
import type { Sample } from "../../frameworks/sample-source.ts";
import { printResult, seedValue } from "../../print-result.ts";
import { readSeed, readShape } from "../../read-values.ts";
import { byteSize } from "../../terminal/byte-size.ts";
import { fromUser } from "../../user-arguments.ts";
import { hashOf } from "../../values/hash-of.ts";
import { layoutMetadata } from "../../values/layout-metadata.ts";
import { type RealValues, realValues } from "../../values/real-values.ts";
import { ValueHistogram, ValueStatistics } from "../../values/value-statistics.ts";
import { readFormat, writeOutput } from "../../write-output.ts";
import { sampleNames, sampleParameters, sampleSource, sampleStreams } from "./sample-sources.ts";

const HEAD = 8;
const BINS = 10;
const MAX_ELEMENTS = 2 ** 31 - 1; // of an array
const floatTypes: readonly string[] = ["float32", "float64", "float16", "bfloat16"];

export const sampleCommand: Command = {
  summary: "Show, hash or write the values of an initializer for a shape.",
  usage: "<initializer> <shape> [options]",
  examples: [
    "fanin sample he_normal 784x128 --seed 42",
    "fanin sample 'random_normal(stddev=1)' 3x3x64x128 --stream keras/jax --dtype bfloat16 --json",
    `fanin sample variance_scaling 784x128 --config '{"scale":2,"mode":"fan_out"}' --out w.npy`,
    "fanin sample 'kaiming_uniform(a=2.23606797749979)' 128x784 --stream torch",
    "fanin sample 'he_normal(in_axis=1,out_axis=0)' 128x784 --stream jax",
  ],
  positionals: ["initializer", "shape"],
  choices: { initializer: sampleNames() },
  options: {
    seed: seedOption,
    config: { value: "JSON", help: "arguments of the initializer, with the names of its framework" },
    stream: {
      value: "NAME",
      help: "random number stream: keras/..., torch or jax",
      default: DEFAULT_STREAM,
      choices: sampleStreams,
    },
    dtype: { value: "NAME", help: "element type", default: "float32", choices: floatTypes },
    out: { value: "FILE", help: "write the tensor to a .npy, .npz or .safetensors file" },
    force: { help: "overwrite the output file" },
  },
  run,
};

function readConfig(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = boundedJson(text);
  } catch (error) {
    throw usageError(
      `--config: expected JSON, got ${describeBriefly(text)} (${error instanceof Error ? error.message : error})`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw usageError(`--config: expected an object, got ${describeValue(value)}`);
  }
  return value as Record<string, unknown>;
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const { option } = invocation;
  const [text = "", shapeText = ""] = invocation.positionals;
  const shape = readShape(shapeText);
  if (sizeOf(shape) > MAX_ELEMENTS) {
    const what = `shape: ${shapeText} holds ${sizeOf(shape)} values, expected at most ${MAX_ELEMENTS}`;
    throw usageError(`${what}; fanin materialize writes tensors of any size`);
  }
  const out = option("out");
  if (out !== undefined) readFormat("--out", out);
  const stream = option("stream") ?? DEFAULT_STREAM;
  const { class_name: name, config } = fromUser(() => parseInitializer(text, sampleParameters(stream)));
  const seed = readSeed(option("seed"));
  const request = {
    name,
    config: { ...config, ...readConfig(option("config")) },
    shape,
    seed,
    isSeedGiven: option("seed") !== undefined,
    dtype: option("dtype"),
    stream,
  };
  // Name, options, shape and dtype all come from the user.
  const sample = fromUser(() => sampleSource(stream)(request));
  const { distribution, dtype } = sample;
  const hash = hashOf(sample.data);
  const values = realValues(dtype, sample.data);
  const found = new ValueStatistics();
  found.add(values);
  if (out !== undefined) await write(out, sample, shape, invocation.isSet("force"));
  if (invocation.isSet("json")) {
    printResult(invocation, {
      initializer: sample.initializer,
      config: sample.config,
      shape,
      dtype,
      seed: seedValue(seed),
      stream: sample.stream,
      sha256: hash,
      mean: found.mean,
      std: found.standardDeviation,
      min: found.hasRange ? found.min : null,
      max: found.hasRange ? found.max : null,
      distribution: {
        mean: distribution.mean,
        std: Math.sqrt(distribution.variance),
        support: distribution.support.map((end) => (Number.isFinite(end) ? end : null)),
      },
      head: Array.from(values.subarray(0, HEAD)),
      ...(out === undefined ? {} : { out }),
    });
  } else invocation.stdout.write(describe(text, shape, sample, values, found, seed, hash));
  if (out !== undefined && !invocation.isSet("quiet")) invocation.stderr.write(`wrote ${out}\n`);
  return exitCodes.fine;
}

async function write(path: string, sample: Sample, shape: Shape, force: boolean): Promise<void> {
  const { initializer: name, dtype, data, stream } = sample;
  // PyTorch's functions take shapes in PyTorch's layout.
  const metadata = stream === "torch" ? layoutMetadata(new Map(), "torch", [name]) : {};
  await writeOutput("--out", path, [{ name, shape, dtype, data } as TensorInput], { force, metadata });
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function describe(
  text: string,
  shape: Shape,
  sample: Sample,
  values: RealValues,
  found: ValueStatistics,
  seed: number | bigint,
  hash: string,
): string {
  const { data, dtype, stream } = sample;
  const head = `${text}  ${formatShape(shape)} ${dtype} n=${data.length} (${byteSize(data.byteLength)})`;
  const source = stream === null ? "no random numbers" : `seed ${seed}  stream ${stream}`;
  return `${head}\n${valuesLine(values, found)}\n${distributionLine(sample)}\nsha256 ${hash}  ${source}\n`;
}

function valuesLine(values: RealValues, found: ValueStatistics): string {
  const { count, nan, positiveInfinity, negativeInfinity, min, max, mean, standardDeviation } = found;
  if (count === 0) return "no values";
  const infinite = positiveInfinity + negativeInfinity;
  const loud = `${nan > 0 ? `  NaN! ${nan}` : ""}${infinite > 0 ? `  Inf! ${infinite}` : ""}`;
  if (!found.hasRange) return loud.trim();
  let bars = "all equal";
  if (max > min) {
    const histogram = new ValueHistogram(min, max, BINS);
    histogram.add(values);
    bars = blocksHistogram(histogram.counts);
  }
  return `x∈[${short(min)} |${bars}| ${short(max)}]  μ=${short(mean)}  σ=${short(standardDeviation)}${loud}`;
}

function distributionLine({
  distribution,
  fans,
}: {
  readonly distribution: Distribution;
  readonly fans: Sample["fans"];
}): string {
  const [low, high] = distribution.support;
  const support = Number.isFinite(high - low) && high > low ? `, within [${short(low)}, ${short(high)}]` : "";
  const counted = fans === null ? "" : `  (fan_in ${fans.fanIn}, fan_out ${fans.fanOut})`;
  return `distribution: μ ${short(distribution.mean)}, σ ${short(Math.sqrt(distribution.variance))}${support}${counted}`;
}

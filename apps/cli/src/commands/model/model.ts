// `fanin model`: writes every initial weight of a Keras model, from model.to_json() and a seed, to one file. With --script,
// prints the Python that writes a JSON with every seed.

import { DEFAULT_STREAM, streamNames } from "@fanin/core";
import {
  KerasModelError,
  type KerasModelWarning,
  type KerasWeight,
  type KerasWeightList,
  type KerasWeightsOptions,
  kerasWeights,
} from "@fanin/core/keras-model";
import { expectJsonBounds, MalformedFileError, nodeLimits } from "@fanin/formats";
import { fileSource } from "@fanin/formats/node";
import { formatShape } from "@fanin/tensor";
import { expectOneOf } from "@fanin/tensor/arguments";
import { type Command, type Invocation, seedOption } from "../../command.ts";
import { CommandError, type ExitCode, exitCodes, usageError } from "../../exit-codes.ts";
import { readChoice, readSeed } from "../../read-values.ts";
import { printable } from "../../terminal/printable.ts";
import { table } from "../../terminal/table.ts";
import { fromUser } from "../../user-arguments.ts";
import { hashOf } from "../../values/hash-of.ts";
import { writeOutput } from "../../write-output.ts";
import { seedScript } from "./seed-script.ts";

/** Maximum length of an architecture; a longer file is one given by mistake. */
const MAX_SECONDS = 64 * 2 ** 20;

/** Maximum length of a warning. */
const WIDEST = 2000;

/** Formats that store many tensors by name. */
const EXTENSIONS = [".safetensors", ".npz"];

const ORDERS = ["code", "json"] as const;

export const modelCommand: Command = {
  summary: "Write every weight that Keras would give a model after set_random_seed.",
  usage: "<keras.json> --seed N --out FILE.safetensors [options] | --script",
  examples: [
    "fanin model model.json --seed 42 --out weights.safetensors",
    "fanin model model.json --seed 42 --stream keras/jax --out weights.npz --json",
    "fanin model --script > fanin_model.py",
  ],
  positionals: ["[keras.json]"],
  options: {
    seed: seedOption,
    stream: { value: "NAME", help: "random number stream: the backend of Keras", default: DEFAULT_STREAM },
    order: {
      value: "ORDER",
      help: "order in which layers draw: code, as names in the JSON show, or json, as in model_from_json",
      default: "code",
      choices: ORDERS,
    },
    script: { help: "print a Python script that writes the JSON of a built model with the seed of every weight" },
    out: { value: "FILE", help: "output file (.safetensors or .npz), with weights named <layer>/<weight>" },
    force: { help: "overwrite the output file" },
  },
  run,
};

/** Reads the JSON of the model, of a bounded length. */
async function readModel(path: string): Promise<string> {
  const file = await fileSource(path);
  try {
    if (file.size > MAX_SECONDS) {
      const got = `${file.size} bytes`;
      throw new MalformedFileError("E_JSON_SYNTAX", { file: path, expected: "at most 64 MiB of JSON", got });
    }
    const bytes = await file.read(0, file.size);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new MalformedFileError("E_JSON_UTF8", { file: path, expected: "UTF-8 text", got: "other bytes", cause });
    }
  } finally {
    await file.close();
  }
}

/** Computes the weights; errors of the model name the file. */
function weightsOf(path: string, text: string, options: KerasWeightsOptions): KerasWeightList<KerasWeight> {
  expectJsonBounds(text, { ...nodeLimits, file: path });
  try {
    return kerasWeights(text, options);
  } catch (cause) {
    if (!(cause instanceof KerasModelError)) throw cause;
    throw new CommandError(exitCodes.malformed, `${path}: ${cause.message}`, { cause });
  }
}

/** Checks the output file before anything is read: formats of one tensor are rejected. */
function readOut(invocation: Invocation): string {
  const out = invocation.option("out");
  if (out === undefined) throw usageError("expected --out FILE.safetensors; see fanin model --help");
  if (EXTENSIONS.some((extension) => out.endsWith(extension))) return out;
  throw usageError(`--out: expected a name ending in ${EXTENSIONS.join(" or ")}, got ${JSON.stringify(out)}`);
}

async function run(invocation: Invocation): Promise<ExitCode> {
  if (invocation.isSet("script")) {
    invocation.stdout.write(seedScript);
    return exitCodes.fine;
  }
  const [path] = invocation.positionals;
  if (path === undefined) throw usageError("expected <keras.json>; see fanin model --help");
  const out = readOut(invocation);
  const seed = readSeed(invocation.option("seed"));
  const stream = fromUser(() => expectOneOf("stream", invocation.option("stream") ?? DEFAULT_STREAM, streamNames));
  const order = readChoice("order", invocation.option("order"), ORDERS) ?? "code";
  const weights = weightsOf(path, await readModel(path), { seed, stream, order });
  await write(out, weights, { seed, stream, force: invocation.isSet("force") });
  const tensors = weights.map(summaryOf);
  const parameters = weights.reduce((sum, { data }) => sum + data.length, 0);
  const shownSeed = typeof seed === "bigint" ? String(seed) : seed;
  if (invocation.isSet("json")) {
    invocation.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, model: path, seed: shownSeed, stream, order, parameters, out, warnings: weights.warnings, tensors })}\n`,
    );
  } else {
    const rows = tensors.map(({ name, shape, dtype, sha256: hash }) => [name, formatShape(shape), dtype, hash]);
    invocation.stdout.write(`${table(["weight", "shape", "dtype", "sha256"], rows)}`);
    invocation.stdout.write(`${parameters} parameters  seed ${shownSeed}  stream ${stream}\n`);
  }
  printWarnings(weights.warnings, invocation);
  if (!invocation.isSet("quiet")) invocation.stderr.write(`wrote ${out}\n`);
  return exitCodes.fine;
}

/** Prints what the JSON leaves open. Drawing seeds in order, as for most models, is only a note. */
function printWarnings(warnings: readonly KerasModelWarning[], { stderr, isSet }: Invocation): void {
  for (const { code, message } of warnings) {
    const isNote = code === "W_MODEL_SEEDS";
    if (isNote && isSet("quiet")) continue;
    const advice = isNote ? "; to record the seeds, write the JSON with the script of fanin model --script" : "";
    stderr.write(`${isNote ? "note" : "warning"}: ${printable(message, WIDEST)}${advice} (${code})\n`);
  }
}

function summaryOf({ name, shape, dtype, data }: KerasWeight) {
  return { name, shape, dtype, sha256: hashOf(data) };
}

interface WriteChoices {
  readonly seed: number | bigint;
  readonly stream: string;
  readonly force: boolean;
}

async function write(
  path: string,
  weights: readonly KerasWeight[],
  { seed, stream, force }: WriteChoices,
): Promise<void> {
  const metadata = { seed: String(seed), stream };
  await writeOutput("--out", path, weights, { force, metadata });
}

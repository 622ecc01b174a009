// `fanin model`: every weight of a Keras model as it is before training, from model.to_json() and a seed, in one file; with
// --script the Python that writes a JSON in which every seed stands.

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
import { type Command, type Invocation, seedOption } from "../command.ts";
import { CommandError, type ExitCode, exitCodes, usageError } from "../exit-codes.ts";
import { seedScript } from "../model/seed-script.ts";
import { readChoice, readSeed } from "../read-values.ts";
import { printable } from "../terminal/printable.ts";
import { table } from "../terminal/table.ts";
import { fromUser } from "../user-arguments.ts";
import { hashOf } from "../values/hash-of.ts";
import { writeOutput } from "../write-output.ts";

/** No architecture is longer; what is, is another file by mistake. */
const LONGEST = 64 * 2 ** 20;

/** The longest warning. */
const WIDEST = 2000;

/** Formats that hold many tensors by name. */
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
    stream: { value: "NAME", help: "where random numbers come from: the backend of Keras", default: DEFAULT_STREAM },
    order: {
      value: "ORDER",
      help: "which layers draw first: code, as names in the JSON prove, or json, as model_from_json makes them",
      default: "code",
      choices: ORDERS,
    },
    script: { help: "print Python that writes the JSON of a built model with the seed of every weight, and stop" },
    out: { value: "FILE", help: "the file to write: .safetensors or .npz, weights named <layer>/<weight>" },
    force: { help: "overwrite the file of --out" },
  },
  run,
};

/** The text of the model's JSON, of a bounded length. */
async function readModel(path: string): Promise<string> {
  const file = await fileSource(path);
  try {
    if (file.size > LONGEST) {
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

/** The weights; what is wrong with the model is said with the file's name. */
function weightsOf(path: string, text: string, options: KerasWeightsOptions): KerasWeightList<KerasWeight> {
  expectJsonBounds(text, { ...nodeLimits, file: path });
  try {
    return kerasWeights(text, options);
  } catch (cause) {
    if (!(cause instanceof KerasModelError)) throw cause;
    throw new CommandError(exitCodes.malformed, `${path}: ${cause.message}`, { cause });
  }
}

/** The file to write; a format of one tensor is refused before anything is read. */
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

/** What the JSON leaves open; that seeds are drawn in order at all, which is so of most models, is no more than a note. */
function printWarnings(warnings: readonly KerasModelWarning[], { stderr, isSet }: Invocation): void {
  for (const { code, message } of warnings) {
    const isNote = code === "W_MODEL_SEEDS";
    if (isNote && isSet("quiet")) continue;
    const advice = isNote ? "; to be sure, write the JSON with the script of fanin model --script" : "";
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

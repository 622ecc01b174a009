// What defines a sweep, and how it is read: every mistake is told by its place in the spec, with the nearest word.
// The published form is apps/cli/schemas/sweep-spec.json; a test holds the two together.

import { get, parseInitializer, streamNames } from "@fanin/core";
import { textLimits } from "@fanin/formats";
import {
  type ActivationName,
  activations,
  defaultConfig,
  type OptimizerName,
  optimizers,
  resolveActivation,
} from "@fanin/lab";
import {
  describeBriefly,
  describeValue,
  expectInteger,
  expectNumber,
  expectOneOf,
  suggestion,
} from "@fanin/tensor/arguments";

/** Everything that a sweep depends on beside the bytes of its data, defaults filled in. */
export interface SweepSpec {
  /** `procedural`, the name of a fetched data set, or a folder. */
  readonly data: string;
  /** How many examples of each part are taken, the first ones; null for all. */
  readonly examples: { readonly train: number | null; readonly test: number | null };
  /** Of the hidden layers. */
  readonly initializers: readonly string[];
  /** Numbers of hidden layers. */
  readonly depths: readonly number[];
  /** Units of each hidden layer. */
  readonly widths: readonly number[];
  readonly activations: readonly ActivationName[];
  readonly optimizers: readonly OptimizerName[];
  /** Null for the one that Keras gives to each optimizer. */
  readonly learningRates: readonly number[] | null;
  readonly seeds: readonly number[];
  readonly epochs: number;
  readonly batch: number;
  readonly validationSplit: number;
  readonly outputInitializer: string;
  readonly stream: string;
  /** The initializer that the others are compared with. */
  readonly reference: string;
  readonly target: number | null;
}

/** The most runs of one sweep: beyond it a number is a slip of the finger. */
export const MAX_RUNS = 100_000;
const MAX_DEPTH = textLimits.layers;
const MAX_SIZE = 2 ** 24;
const MAX_SEED = 2 ** 32 - 1;

type Fields = Readonly<Record<string, unknown>>;

/** The names that a spec may have, at its top. */
export const specFields: readonly (keyof SweepSpec)[] = [
  "data",
  "examples",
  "initializers",
  "depths",
  "widths",
  "activations",
  "optimizers",
  "learningRates",
  "seeds",
  "epochs",
  "batch",
  "validationSplit",
  "outputInitializer",
  "stream",
  "reference",
  "target",
];

function expectFields(path: string, value: unknown, names: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${path || "the spec"}: expected an object, got ${describeValue(value)}`);
  }
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    const where = path ? `${path}.${name}` : name;
    throw new RangeError(`${where}: expected one of ${names.join(", ")}${suggestion(name, names)}`);
  }
  return value as Fields;
}

/** A list of one or more, each read by `read` with its own path, none twice. */
function expectEach<T>(path: string, value: unknown, read: (path: string, item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new TypeError(`${path}: expected a list, got ${describeValue(value)}`);
  if (value.length === 0) throw new RangeError(`${path}: expected at least one, got none`);
  if (value.length > MAX_RUNS) throw new RangeError(`${path}: expected at most ${MAX_RUNS}, got ${value.length}`);
  const places = new Map<T, number>();
  return value.map((given, i) => {
    const item = read(`${path}[${i}]`, given);
    const first = places.get(item);
    if (first !== undefined) {
      throw new RangeError(`${path}[${i}]: ${describeBriefly(item)} is in ${path}[${first}] already`);
    }
    places.set(item, i);
    return item;
  });
}

function expectInitializer(path: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${path}: expected text, got ${describeValue(value)}`);
  try {
    get(parseInitializer(value));
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError(`${path}: ${error.message}`, { cause: error });
    if (error instanceof RangeError) throw new RangeError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
  return value;
}

function expectText(path: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${path}: expected text, got ${describeValue(value)}`);
  if (value === "") throw new RangeError(`${path}: expected a name or a folder, got ""`);
  return value;
}

function expectLearningRate(path: string, value: unknown): number {
  const rate = expectNumber(path, value);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new RangeError(`${path}: expected a positive number, got ${rate}`);
}

/** A list of seeds, or how many, from `first` on. */
function readSeeds(value: unknown, first: number | undefined): number[] {
  if (typeof value === "number") {
    const count = expectInteger("seeds", value, 1, MAX_RUNS);
    return Array.from({ length: count }, (_, i) => expectInteger("seeds", (first ?? 0) + i, 0, MAX_SEED));
  }
  if (first !== undefined) {
    throw new RangeError("seeds: expected their number where --seed gives the first of them, got a list");
  }
  return expectEach("seeds", value, (path, seed) => expectInteger(path, seed, 0, MAX_SEED));
}

/**
 * A full spec from what a file has: defaults filled in, every field checked.
 *
 * @param firstSeed the first seed, where `seeds` is a number.
 * @throws TypeError or RangeError that names the place in the spec, what was expected and what came.
 * @example
 * sweepSpec({ initializers: ["he_normal", "glorot_normal"], depths: [2, 8, 32], learningRates: [0.01, 0.1], seeds: 5 });
 */
export function sweepSpec(given: unknown, firstSeed?: number): SweepSpec {
  const fields = expectFields("", given, specFields);
  const present = <T>(name: keyof SweepSpec, otherwise: T): unknown => fields[name] ?? otherwise;
  const integers = (name: keyof SweepSpec, otherwise: number[], high: number): number[] =>
    expectEach(name, present(name, otherwise), (path, item) => expectInteger(path, item, 1, high));
  if (fields["initializers"] === undefined) throw new RangeError("initializers: expected a list, got nothing");
  const initializers = expectEach("initializers", fields["initializers"], expectInitializer);
  const examples = expectFields("examples", present("examples", {}), ["train", "test"]);
  const count = (part: "train" | "test"): number | null => {
    const value = examples[part] ?? null;
    return value === null ? null : expectInteger(`examples.${part}`, value, 1, MAX_SIZE);
  };
  const rates = fields["learningRates"] ?? null;
  const split = expectNumber("validationSplit", present("validationSplit", defaultConfig.validationSplit));
  if (!(split >= 0 && split < 1)) {
    throw new RangeError(`validationSplit: expected a number from 0 up to, not including, 1, got ${split}`);
  }
  const target = fields["target"] ?? null;
  if (target !== null && !(expectNumber("target", target) > 0 && (target as number) <= 1)) {
    throw new RangeError(`target: expected an accuracy above 0 and up to 1, got ${target}`);
  }
  const spec: SweepSpec = {
    data: expectText("data", present("data", "procedural")),
    examples: { train: count("train"), test: count("test") },
    initializers,
    depths: integers("depths", [1], MAX_DEPTH),
    widths: integers("widths", [128], MAX_SIZE),
    activations: expectEach("activations", present("activations", [defaultConfig.activation]), (path, item) =>
      expectOneOf(path, resolveActivation(item), Object.keys(activations) as ActivationName[]),
    ),
    optimizers: expectEach("optimizers", present("optimizers", [defaultConfig.optimizer]), (path, item) =>
      expectOneOf(path, item, Object.keys(optimizers) as OptimizerName[]),
    ),
    learningRates: rates === null ? null : expectEach("learningRates", rates, expectLearningRate),
    seeds: readSeeds(present("seeds", defaultConfig.seeds.length), firstSeed),
    epochs: expectInteger("epochs", present("epochs", defaultConfig.epochs), 1, MAX_SIZE),
    batch: expectInteger("batch", present("batch", defaultConfig.batch), 1, MAX_SIZE),
    validationSplit: split,
    outputInitializer: expectInitializer(
      "outputInitializer",
      present("outputInitializer", defaultConfig.outputInitializer),
    ),
    stream: expectStream(present("stream", defaultConfig.stream)),
    reference: expectOneOf("reference", present("reference", initializers[0]), initializers),
    target: target as number | null,
  };
  const lists = [spec.initializers, spec.depths, spec.widths, spec.activations, spec.optimizers, spec.seeds];
  const runs = lists.reduce((product, { length }) => product * length, spec.learningRates?.length ?? 1);
  if (runs > MAX_RUNS) throw new RangeError(`the spec: expected up to ${MAX_RUNS} runs, got ${runs}`);
  return spec;
}

function expectStream(value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`stream: expected text, got ${describeValue(value)}`);
  return expectOneOf("stream", value, streamNames);
}

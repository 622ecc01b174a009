// The parameters of a sweep and their checks: an error names the place in the spec and the nearest word.
// The published schema is apps/cli/schemas/sweep-spec.json; a test keeps the two consistent.

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

/** All parameters of a sweep besides the bytes of its data, with defaults filled in. */
export interface SweepSpec {
  /** `procedural`, the name of a fetched data set, or a folder. */
  readonly data: string;
  /** The number of examples of each part, taken from the start; null for all. */
  readonly examples: { readonly train: number | null; readonly test: number | null };
  /** The initializers of the hidden layers. */
  readonly initializers: readonly string[];
  /** Numbers of hidden layers. */
  readonly depths: readonly number[];
  /** Units of each hidden layer. */
  readonly widths: readonly number[];
  readonly activations: readonly ActivationName[];
  readonly optimizers: readonly OptimizerName[];
  /** Null for Keras's default of each optimizer. */
  readonly learningRates: readonly number[] | null;
  readonly seeds: readonly number[];
  readonly epochs: number;
  readonly batch: number;
  readonly validationSplit: number;
  readonly outputInitializer: string;
  readonly stream: string;
  /** The initializer to compare the others with. */
  readonly reference: string;
  readonly target: number | null;
}

/** The greatest number of runs of a sweep; a larger number is a typing mistake. */
export const MAX_RUNS = 100_000;
const MAX_DEPTH = textLimits.layers;
const MAX_SIZE = 2 ** 24;
const MAX_SEED = 2 ** 32 - 1;

type Fields = Readonly<Record<string, unknown>>;

/** The keys at the top level of a spec. */
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

/** A non-empty list without duplicates; `read` reads each item with its path. */
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

/** A list of seeds, or a number of seeds from `first` on. */
function readSeeds(value: unknown, first: number | undefined): number[] {
  if (typeof value === "number") {
    const count = expectInteger("seeds", value, 1, MAX_RUNS);
    return Array.from({ length: count }, (_, i) => expectInteger("seeds", (first ?? 0) + i, 0, MAX_SEED));
  }
  if (first !== undefined) {
    throw new RangeError("seeds: expected a number of seeds because --seed gives the first, got a list");
  }
  return expectEach("seeds", value, (path, seed) => expectInteger(path, seed, 0, MAX_SEED));
}

/**
 * Checks every field of a spec and fills in the defaults.
 *
 * @param firstSeed The first seed if `seeds` is a number.
 * @throws TypeError or RangeError that names the place in the spec, the expected value and the value received.
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

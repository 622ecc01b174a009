// Reads the JSON of a specification into a plan: a list of tensors, a Keras model, or a transformer's config.

import { DEFAULT_STREAM, type StreamName, streamNames } from "@fanin/core";
import { KerasModelError, kerasWeightPlans } from "@fanin/core/keras-model";
import { boundedJson, MalformedFileError, nodeLimits } from "@fanin/formats";
import { FLOAT_DTYPES, type FloatDType } from "@fanin/tensor";
import { describeBriefly } from "@fanin/tensor/arguments";
import { type SeedRule, SeedSource, seedRules } from "./seed-rule.ts";
import { WeightsSpecError } from "./spec-error.ts";
import { isObject, type JsonObject, SpecReader } from "./spec-reader.ts";
import { readTensorList } from "./tensor-list.ts";
import type { WeightsPlan } from "./tensor-plan.ts";
import { isTransformerConfig, transformerTensors } from "./transformer.ts";
import { configDType } from "./transformer-config.ts";

/** Defaults that the caller gives. They must agree with the specification. */
export interface SpecDefaults {
  readonly seed?: number | bigint | undefined;
  readonly stream?: StreamName | undefined;
  readonly dtype?: FloatDType | undefined;
  /** Reads a file that the specification names, relative to the specification. */
  readonly readFile?: ((path: string) => string) | undefined;
}

const COMMON_KEYS = ["$schema", "seed", "seedRule", "stream", "dtype", "metadata"];
const FORMS = ["tensors", "keras", "transformer"] as const;
const TRANSFORMER_KEYS = ["config", "naming", "initializers"];

function parseJson(path: string, text: string): unknown {
  try {
    return boundedJson(text, nodeLimits);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isBound = cause instanceof MalformedFileError;
    throw new WeightsSpecError(path, isBound ? reason : `expected JSON, got ${reason}`, { cause });
  }
}

/** The common value of the specification and the caller. */
function agreed<T>(name: string, inSpec: T | undefined, given: T | undefined, fallback: T): T {
  if (inSpec !== undefined && given !== undefined && inSpec !== given) {
    throw new RangeError(`--${name}: the specification says ${String(inSpec)}, got ${String(given)}`);
  }
  return inSpec ?? given ?? fallback;
}

function isKerasModel(value: JsonObject): boolean {
  return typeof (value["class_name"] ?? value["className"]) === "string" && isObject(value["config"]);
}

/** An object, or the name of a file that holds it. */
function objectOrFile(spec: SpecReader, key: string, { readFile }: SpecDefaults): { text: string; value: unknown } {
  const value = spec.get(key);
  if (typeof value !== "string") return { text: JSON.stringify(value), value };
  if (!readFile) return spec.fail(key, "an object");
  const text = readFile(value);
  return { text, value: parseJson(`${spec.at(key)}: ${value}`, text) };
}

function kerasPlan(path: string, text: string, seed: number | bigint, stream: StreamName) {
  try {
    const plans = kerasWeightPlans(text, { seed, stream });
    if (plans.length === 0) throw new WeightsSpecError(path, "expected a model with weights, got one without");
    return plans.map(({ name, shape, dtype, randomAccess }, index) => ({
      ...{ name, shape, dtype, randomAccess },
      source: { kind: "keras", index } as const,
    }));
  } catch (cause) {
    if (!(cause instanceof KerasModelError)) throw cause;
    throw new WeightsSpecError(path, cause.message, { cause });
  }
}

/**
 * Reads the plan of a specification: an object with `tensors`, `keras` or `transformer`, the output of `model.to_json()`,
 * or Hugging Face's `config.json`.
 *
 * @throws WeightsSpecError with the path in the specification; RangeError if it disagrees with `defaults`.
 * @example
 * readWeightsSpec('{ "seed": 7, "tensors": [{ "name": "w", "shape": [784, 128], "initializer": "he_normal" }] }');
 */
export function readWeightsSpec(text: string, defaults: SpecDefaults = {}): WeightsPlan {
  const value = parseJson("spec", text);
  if (!isObject(value)) throw new WeightsSpecError("spec", `expected an object, got ${describeBriefly(value)}`);
  if (isKerasModel(value)) return readForm(new SpecReader("", {}), "keras", { text, value }, defaults);
  if (isTransformerConfig(value)) return readForm(new SpecReader("", {}), "transformer", { text, value }, defaults);
  const spec = new SpecReader("", value);
  spec.expectKeys([...COMMON_KEYS, ...FORMS]);
  const present = FORMS.filter((form) => spec.get(form) !== undefined);
  const [form] = present;
  if (form === undefined || present.length > 1) {
    const got = present.length === 0 ? "none" : present.join(" and ");
    throw new WeightsSpecError("spec", `expected one of ${FORMS.join(", ")}, got ${got}`);
  }
  return readForm(spec, form, undefined, defaults);
}

/** Reads one form; `bare` is the file itself if it is a model instead of a specification. */
function readForm(
  spec: SpecReader,
  form: (typeof FORMS)[number],
  bare: { readonly text: string; readonly value: unknown } | undefined,
  defaults: SpecDefaults,
): WeightsPlan {
  const seed = agreed("seed", spec.seed("seed"), defaults.seed, 0 as number | bigint);
  const stream = agreed("stream", spec.choice("stream", streamNames), defaults.stream, DEFAULT_STREAM);
  const rule: SeedRule = spec.choice("seedRule", seedRules) ?? "name";
  const seeds = new SeedSource(seed, rule);
  const metadata = spec.strings("metadata");
  const dtypeOf = (fallback: FloatDType): FloatDType =>
    agreed("dtype", spec.choice("dtype", FLOAT_DTYPES), defaults.dtype, fallback);
  // Hugging Face's loader refuses a file without the name of its layout.
  const plan = { seed, keras: null, metadata: metadata ?? { format: "pt" } };
  if (form === "tensors") {
    const common = { dtype: dtypeOf("float32"), stream, streams: streamNames, seeds };
    return { ...plan, tensors: readTensorList(spec.get("tensors"), common) };
  }
  if (form === "keras") {
    if (spec.get("seedRule") !== undefined) spec.fail("seedRule", "nothing beside keras: a model draws its own seeds");
    if (spec.get("dtype") !== undefined) spec.fail("dtype", "nothing beside keras: the layers say their dtypes");
    if (defaults.dtype !== undefined) throw new RangeError("--dtype: a Keras model says its own dtypes");
    const { text } = bare ?? objectOrFile(spec, "keras", defaults);
    return {
      seed,
      tensors: kerasPlan(bare ? "spec" : "keras", text, seed, stream),
      keras: { json: text, seed, stream },
      metadata: metadata ?? { seed: String(seed), stream },
    };
  }
  const inner = new SpecReader("transformer", bare ? { config: bare.value } : spec.get("transformer"));
  inner.expectKeys(TRANSFORMER_KEYS);
  const { value } = bare ?? objectOrFile(inner, "config", defaults);
  const path = bare ? "" : "transformer.config";
  const initializers = inner.get("initializers") ?? {};
  if (!isObject(initializers)) return inner.fail("initializers", "an object of initializers");
  const choices = { path, within: bare ? "" : "transformer", naming: inner.strings("naming") ?? {}, initializers };
  const dtype = dtypeOf(configDType(path, value) ?? "float32");
  return { ...plan, tensors: transformerTensors(value, { ...choices, dtype, stream, seeds }) };
}

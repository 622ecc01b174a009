// Parses the weightsManifest of a tfjs model.json, and checks it before a shard is opened.
// tensorflow/tfjs, tfjs-core/src/io/types.ts and io_utils.ts `decodeWeights`.

import { type AnyDType, countOf, elementLayouts, type Shape } from "@fanin/tensor";
import { dtypeNamed, dtypesOf } from "./dtype-names.ts";
import type { Limits } from "./limits.ts";
import { type MalformedCode, MalformedFileError, quote } from "./malformed-file-error.ts";
import { decodeUtf8, type Json, type JsonObject, parseJson } from "./parse-json.ts";
import { shardPath } from "./shard-path.ts";
import { type SkippedTensor, skippedBy } from "./skipped-tensor.ts";

/** The quantization of a weight: float16, or value * scale + min. */
export type Quantization =
  | { readonly dtype: "float16" }
  | { readonly dtype: "uint8" | "uint16"; readonly scale: number; readonly min: number };

/** A numeric weight. */
export interface TfjsWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: "float32" | "int32" | "bool" | "complex64";
  readonly quantization: Quantization | undefined;
  /** Size of one stored element, in bytes. */
  readonly bytes: number;
}

/** A skipped weight, with the size that locates the next one. */
export interface OtherWeight {
  readonly skipped: SkippedTensor;
  /** The number of elements, and the size of one in bytes; "text" if each stores its length, undefined if unknown. */
  readonly count: number;
  readonly bytes: number | "text" | undefined;
}

/** Shards, and the weights that they contain in order. */
export interface TfjsGroup {
  readonly paths: readonly string[];
  readonly weights: readonly (TfjsWeight | OtherWeight)[];
}

/** A parsed model.json. */
export interface TfjsManifest {
  readonly groups: readonly TfjsGroup[];
  /** Every field except weightsManifest. */
  readonly fields: ReadonlyMap<string, Json>;
}

type Refuse = (code: MalformedCode, expected: string, got: string, tensor?: string) => never;

/**
 * Parses the text of model.json.
 *
 * @throws MalformedFileError E_TFJS_LENGTH or E_JSON_....
 */
export function parseModelJson(text: string | Uint8Array, limits: Limits, file?: string): Json {
  if (text.length > limits.headerBytes) {
    const expected = `a model.json of at most ${limits.headerBytes} bytes`;
    throw new MalformedFileError("E_TFJS_LENGTH", { file, expected, got: `${text.length}` });
  }
  const { jsonValues, jsonDepth } = limits;
  return parseJson(typeof text === "string" ? text : decodeUtf8(text, file), { file, jsonValues, jsonDepth });
}

/** Describes JSON without supported weights, as the words after "got". */
function otherJson(json: Json): string {
  if (!(json instanceof Map)) return describe(json);
  const has = (...keys: readonly string[]): boolean => keys.some((key) => json.has(key));
  if (has("modelTopology")) return "a topology without weights: pass the model.json that names its shards";
  if (has("class_name", "className", "keras_version")) {
    return "the JSON of a Keras model, which has no weights: `fanin model` draws the initial ones";
  }
  if (has("model_type", "architectures")) {
    return "a Hugging Face config, which has no weights: pass model.safetensors or its index";
  }
  return "another object";
}

/**
 * Reads the weights of a model.json: an object with a weightsManifest, or a bare manifest, which is a list.
 *
 * @throws MalformedFileError with a code E_TFJS_....
 */
export function readTfjsManifest(model: Json, limits: Limits, file?: string): TfjsManifest {
  const refuse: Refuse = (code, expected, got, tensor) => {
    throw new MalformedFileError(code, { file, tensor, expected, got });
  };
  const list = model instanceof Map ? model.get("weightsManifest") : model;
  if (!Array.isArray(list)) {
    const got = list === undefined || list === model ? otherJson(model) : describe(list);
    return refuse("E_TFJS_MANIFEST", "an object with a list weightsManifest, or such a list", got);
  }
  const names = new Set<string>();
  const paths = new Set<string>();
  const groups = list.map((group) => parseGroup(group, names, paths, refuse));
  if (paths.size > limits.entries) refuse("E_TFJS_SHARD", `at most ${limits.entries} shards`, `${paths.size}`);
  const fields = new Map(model instanceof Map ? model : []);
  fields.delete("weightsManifest");
  return { groups, fields };
}

function describe(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Map) return "an object";
  return typeof value === "string" ? quote(value) : String(value);
}

function parseGroup(group: Json, names: Set<string>, paths: Set<string>, refuse: Refuse): TfjsGroup {
  const shards = group instanceof Map ? group.get("paths") : undefined;
  const specs = group instanceof Map ? group.get("weights") : undefined;
  if (!Array.isArray(shards) || !Array.isArray(specs)) {
    return refuse("E_TFJS_MANIFEST", "groups with the lists paths and weights", describe(group));
  }
  let size = 0;
  const weights = specs.map((spec) => {
    const weight = parseWeight(spec, refuse);
    const { name, shape } = "skipped" in weight ? weight.skipped : weight;
    if (names.has(name)) refuse("E_TFJS_DUPLICATE", "a unique name", "the same name again", name);
    names.add(name);
    const bytes = typeof weight.bytes === "number" ? weight.bytes : 1;
    size += (shape ?? []).reduce((product, dimension) => product * dimension, bytes);
    if (size > Number.MAX_SAFE_INTEGER) refuse("E_TFJS_SHAPE", "weights under 2^53 bytes together", `${size}`, name);
    return weight;
  });
  return { paths: shards.map((path) => expectShardPath(path, paths, refuse)), weights };
}

/** Checks that a path stays within the folder of model.json, as a path and as a URL. */
function expectShardPath(text: Json, paths: Set<string>, refuse: Refuse): string {
  if (typeof text !== "string") return refuse("E_TFJS_MANIFEST", "paths that are text", describe(text));
  const found = shardPath(text);
  if ("fault" in found) {
    return refuse("E_TFJS_PATH", "a path within the folder of model.json", `${quote(text)}, ${found.fault}`);
  }
  const { path } = found;
  if (paths.has(path)) refuse("E_TFJS_DUPLICATE", "each shard once", `${quote(text)} again`);
  paths.add(path);
  return path;
}

function parseWeight(spec: Json, refuse: Refuse): TfjsWeight | OtherWeight {
  const name = spec instanceof Map ? spec.get("name") : undefined;
  if (!(spec instanceof Map) || typeof name !== "string") {
    return refuse("E_TFJS_MANIFEST", "weights with a name", describe(spec));
  }
  const label = spec.get("dtype");
  if (typeof label !== "string") {
    return refuse("E_TFJS_DTYPE", "float32, int32, bool or complex64", describe(label), name);
  }
  const dtype = dtypeNamed("tfjs", label);
  const quantization = isTfjsDType(dtype)
    ? parseQuantization(spec.get("quantization"), dtype, name, refuse)
    : undefined;
  const stored = isTfjsDType(dtype) ? elementLayouts[quantization?.dtype ?? dtype].bytes : bytesOfOther(label);
  const shape = spec.get("shape");
  // Decoded values take at least as many bytes as stored ones.
  const most = Math.max(typeof stored === "number" ? stored : 1, isTfjsDType(dtype) ? elementLayouts[dtype].bytes : 1);
  const count = Array.isArray(shape) ? countOf(shape, most) : undefined;
  if (count === undefined) {
    const got = Array.isArray(shape) ? quote(`[${shape.map(String).join(",")}]`) : describe(shape);
    return refuse("E_TFJS_SHAPE", "integers of 0 or more, under 2^53 bytes together", got, name);
  }
  if (isTfjsDType(dtype)) {
    return { name, shape: shape as number[], dtype, quantization, bytes: stored as number };
  }
  const [expected, got] = ["float32, int32, bool or complex64", describe(label)];
  const why = new MalformedFileError("E_TFJS_DTYPE", { tensor: name, expected, got });
  return { skipped: skippedBy(why, name, label, shape as number[]), count, bytes: stored };
}

/** Returns the size of an unsupported element in bytes. */
function bytesOfOther(label: string): OtherWeight["bytes"] {
  if (label === "string") return "text";
  return Object.hasOwn(elementLayouts, label) ? elementLayouts[label as AnyDType].bytes : undefined;
}

function isTfjsDType(dtype: AnyDType | undefined): dtype is TfjsWeight["dtype"] {
  return dtype !== undefined && dtypesOf("tfjs").includes(dtype);
}

function parseQuantization(
  value: Json | undefined,
  dtype: TfjsWeight["dtype"],
  name: string,
  refuse: Refuse,
): Quantization | undefined {
  if (value === undefined) return undefined;
  const no = (expected: string, got: string): never => refuse("E_TFJS_QUANTIZATION", expected, got, name);
  if (!(value instanceof Map)) return no("quantization as an object", describe(value));
  const stored = value.get("dtype");
  const original = value.get("original_dtype");
  if (original !== undefined && original !== dtype) no(`original_dtype ${dtype}`, describe(original));
  if (stored === "float16") return dtype === "float32" ? { dtype: stored } : no("float16 of float32", `of ${dtype}`);
  if (stored !== "uint8" && stored !== "uint16") return no("uint8, uint16 or float16", describe(stored));
  if (dtype !== "float32" && dtype !== "int32") return no(`${stored} of float32 or int32`, `of ${dtype}`);
  const [scale, min] = [numberIn(value, "scale", no), numberIn(value, "min", no)];
  const last = min + scale * (stored === "uint8" ? 255 : 65535);
  if (dtype === "int32" && [min, last].some((bound) => Math.round(bound) !== (Math.round(bound) | 0))) {
    no("values within int32", `${min} to ${last}`);
  }
  return { dtype: stored, scale, min };
}

function numberIn(fields: JsonObject, key: string, no: (expected: string, got: string) => never): number {
  const value = fields.get(key);
  return typeof value === "number" && Number.isFinite(value) ? value : no(`a finite ${key}`, describe(value));
}

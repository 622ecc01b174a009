// Writes Keras's files: .keras, .weights.h5 and the .h5 before them.
// Sources: keras/src/saving/saving_lib.py and keras/src/legacy/saving/legacy_h5_format.py 3.15.1.

import type { TensorData } from "@fanin/tensor";
import { addDataset, expectHdf5DType, groupAt, type Hdf5Group, hdf5Group, hdf5Output } from "../hdf5/hdf5-writer.ts";
import { quote } from "../malformed-file-error.ts";
import type { OutputFile } from "../output-file.ts";
import { expectTensors, type TensorInput } from "../tensor.ts";
import { zipChunks } from "../zip-writer.ts";
import { parseArchitecture, type SavedVariable, savedVariables } from "./saved-variables.ts";

/** Options for writing a file of Keras. */
export interface KerasWriteOptions {
  /** The config of the model as JSON text: config.json of a .keras file, or `model.to_json()`. */
  readonly architecture?: string | undefined;
  /** The version of Keras for metadata.json. Defaults to 3.15.1, whose layout is written. */
  readonly kerasVersion?: string | undefined;
}

/** The version of Keras whose layout is written. */
const KERAS_VERSION = "3.15.1";

/** Names of `.weights.h5` files, which are paths of variables. */
const savedPath = /(^|\/)vars\/\d+$/;

/** Whether training does not change a variable; in the older format those come after the others of their layer. */
function isUntrained({ name, dtype }: TensorInput): boolean {
  return /\/(moving_mean|moving_variance|vector_u|mean|variance|\w+_scale)$/.test(name) || !dtype.includes("float");
}

function expectWritable(tensors: readonly TensorInput[]): void {
  expectTensors(tensors);
  for (const tensor of tensors) expectHdf5DType(tensor);
}

/** Checks a name that becomes a path of HDF5. @throws RangeError. */
function expectPath(name: string): void {
  const parts = name.split("/");
  if (parts.every((part) => part !== "" && part !== "." && part !== "..") && !name.includes("\0")) {
    if (parts.every((part) => new TextEncoder().encode(part).length < 65_000)) return;
  }
  throw new RangeError(
    `tensor ${quote(name)}: expected a name of parts joined by "/", none of them empty, "." or ".."`,
  );
}

/** A tensor that may be written twice: its chunks are kept the first time. */
function repeatable(tensor: TensorInput): TensorInput {
  if ("data" in tensor) return tensor;
  let kept: TensorData[] | undefined;
  return {
    name: tensor.name,
    shape: tensor.shape,
    dtype: tensor.dtype,
    async *chunks() {
      if (kept !== undefined) {
        yield* kept;
        return;
      }
      const parts: TensorData[] = [];
      for await (const chunk of tensor.chunks()) {
        parts.push(chunk.slice());
        yield chunk;
      }
      kept = parts;
    },
  };
}

/** Pairs each variable of a model with its tensor. @throws RangeError for a tensor or a variable that has no counterpart. */
function paired(tensors: readonly TensorInput[], variables: readonly SavedVariable[]): [SavedVariable, TensorInput][] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const left = new Set(byName.keys());
  const missing: string[] = [];
  const twice = new Set(variables.filter(({ isAlias }) => isAlias).map(({ name }) => name));
  const pairs: [SavedVariable, TensorInput][] = [];
  for (const variable of variables) {
    const key = byName.has(variable.name) ? variable.name : variable.path;
    const tensor = byName.get(key);
    if (tensor === undefined) {
      missing.push(variable.name);
      continue;
    }
    left.delete(key);
    if (twice.has(variable.name)) byName.set(key, repeatable(tensor));
    pairs.push([variable, byName.get(key) as TensorInput]);
  }
  const some = (names: Iterable<string>): string => Array.from(names, quote).slice(0, 5).join(", ");
  if (missing.length > 0) {
    throw new RangeError(
      `tensors: expected every variable of the architecture, got none named ${some(missing)}${missing.length > 5 ? `, and ${missing.length - 5} more` : ""}; map the names of your tensors to these`,
    );
  }
  if (left.size > 0) {
    throw new RangeError(
      `tensors: expected variables of the architecture only, got also ${some(left)}${left.size > 5 ? `, and ${left.size - 5} more` : ""}; leave them out`,
    );
  }
  return pairs;
}

/** The structure that Keras loads: `layers/<class>/vars/<i>`. */
function structureOf(tensors: readonly TensorInput[], architecture: string): Hdf5Group {
  const root = hdf5Group();
  for (const [{ path }, tensor] of paired(tensors, savedVariables(parseArchitecture(architecture)).variables)) {
    addDataset(root, path, tensor);
  }
  return root;
}

/** Data sets at the paths that their names are. */
function plainOf(tensors: readonly TensorInput[]): Hdf5Group {
  const root = hdf5Group();
  for (const tensor of tensors) {
    expectPath(tensor.name);
    addDataset(root, tensor.name, tensor);
  }
  return root;
}

/** The format before `.weights.h5`: a group for each layer, which lists its weights. */
function legacyOf(tensors: readonly TensorInput[], architecture: string | undefined): Hdf5Group {
  const root = hdf5Group();
  const layers = new Map<string, TensorInput[]>();
  if (architecture === undefined) {
    for (const tensor of tensors) {
      expectPath(tensor.name);
      const layer = tensor.name.split("/", 1)[0] as string;
      layers.set(layer, [...(layers.get(layer) ?? []), tensor]);
    }
  } else {
    for (const [{ layer, isAlias }, tensor] of paired(
      tensors,
      savedVariables(parseArchitecture(architecture)).variables,
    )) {
      if (!isAlias) layers.set(layer, [...(layers.get(layer) ?? []), tensor]);
    }
  }
  const weights = architecture === undefined ? root : groupAt(root, "model_weights");
  if (architecture !== undefined) {
    root.attributes.set("model_config", architecture);
    root.attributes.set("keras_version", KERAS_VERSION);
    root.attributes.set("backend", "tensorflow");
  }
  weights.attributes.set("keras_version", KERAS_VERSION);
  weights.attributes.set("backend", "tensorflow");
  setNames(weights, "layer_names", [...layers.keys()]);
  for (const [layer, members] of layers) {
    expectPath(layer);
    const group = groupAt(weights, layer);
    const ordered = [...members.filter((tensor) => !isUntrained(tensor)), ...members.filter(isUntrained)];
    setNames(
      group,
      "weight_names",
      ordered.map(({ name }) => name),
    );
    for (const tensor of ordered) {
      expectPath(tensor.name);
      if (tensor.dtype === "bfloat16") {
        throw new RangeError(
          `tensor ${quote(tensor.name)}: expected another type than bfloat16, which Keras cannot load from .h5; write .keras or .weights.h5`,
        );
      }
      addDataset(group, tensor.name, tensor);
    }
  }
  setNames(groupAt(weights, "top_level_model_weights"), "weight_names", []);
  return root;
}

/** An attribute of more names is divided among several that are numbered, as Keras does; 64 KiB would hold 4,000. */
const NAMES_OF_ATTRIBUTE = 500;

function setNames(group: Hdf5Group, attribute: string, names: readonly string[]): void {
  if (names.length <= NAMES_OF_ATTRIBUTE) {
    group.attributes.set(attribute, names);
    return;
  }
  for (let part = 0; part * NAMES_OF_ATTRIBUTE < names.length; part++) {
    const start = part * NAMES_OF_ATTRIBUTE;
    group.attributes.set(`${attribute}${part}`, names.slice(start, start + NAMES_OF_ATTRIBUTE));
  }
}

/**
 * Returns an HDF5 file of weights.
 *
 * `.weights.h5` with an architecture has the structure that `model.load_weights` loads. Without one, tensors whose names are
 * saved paths (`layers/dense/vars/0`) are written there, and others at the path that their name is. Another `.h5` has the
 * format of Keras 2: with an architecture it is a whole model.
 *
 * @throws RangeError for tensors that do not fit the architecture, names that are no paths, or an element type HDF5 lacks.
 */
export function kerasH5Files(
  path: string,
  tensors: readonly TensorInput[],
  { architecture }: KerasWriteOptions = {},
): OutputFile[] {
  expectWritable(tensors);
  const isWeights = /\.weights\.h5$/i.test(path);
  const hasPaths = tensors.length > 0 && tensors.every(({ name }) => savedPath.test(name));
  let root: Hdf5Group;
  if (!isWeights && !hasPaths) root = legacyOf(tensors, architecture);
  else if (architecture !== undefined) root = structureOf(tensors, architecture);
  else root = plainOf(tensors);
  const { chunks } = hdf5Output(root);
  return [{ path, chunks }];
}

/**
 * Returns a .keras file, which needs the architecture of the model.
 *
 * @throws RangeError without an architecture, or for tensors that do not fit it.
 */
export function kerasFiles(
  path: string,
  tensors: readonly TensorInput[],
  { architecture, kerasVersion = KERAS_VERSION }: KerasWriteOptions = {},
): OutputFile[] {
  expectWritable(tensors);
  if (architecture === undefined) {
    throw new RangeError(
      "architecture: expected the JSON text of the model's config for a .keras file, got none; pass model.to_json(), take it from a .keras file of the same model, or write .weights.h5",
    );
  }
  const root = structureOf(tensors, architecture);
  const whole = (name: string, text: string) => {
    const bytes = new TextEncoder().encode(text);
    return {
      name,
      size: bytes.length,
      async *chunks() {
        yield bytes;
      },
    };
  };
  const weights = hdf5Output(root);
  const chunks = zipChunks(
    [
      whole("metadata.json", JSON.stringify({ keras_version: kerasVersion })),
      whole("config.json", architecture),
      { name: "model.weights.h5", size: weights.size, chunks: weights.chunks },
    ],
    false,
  );
  return [{ path, chunks: () => chunks }];
}

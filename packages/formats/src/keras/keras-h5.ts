// The weights of an HDF5 file of Keras: `.weights.h5` and the file in a .keras archive (paths of groups), and the format before
// them (attributes `layer_names` and `weight_names`), of Keras 2 and tf.keras as well.
// Sources: keras/src/saving/saving_lib.py and keras/src/legacy/saving/legacy_h5_format.py 3.15.1.

import type { ByteSource } from "../byte-source.ts";
import { Hdf5File } from "../hdf5/hdf5-file.ts";
import { openHdf5Tensor } from "../hdf5/hdf5-tensor.ts";
import type { ReadOptions } from "../limits.ts";
import { MalformedFileError, quote } from "../malformed-file-error.ts";
import { type SkippedTensor, skippedBy } from "../skipped-tensor.ts";
import type { StoredTensor } from "../tensor.ts";
import type { SavedModel } from "./saved-variables.ts";

/** The weights of one HDF5 file. */
export interface KerasH5 {
  readonly tensors: Map<string, StoredTensor>;
  readonly skipped: SkippedTensor[];
  /** Attributes of the file that are text, other than the config. */
  readonly metadata: Map<string, string>;
  /** `model_config`, where the file has it. */
  readonly architecture: string | undefined;
  /** Whether the file has the structure or the attributes that Keras writes. */
  readonly isKeras: boolean;
  close(): void;
}

/** Options for opening the weights of one HDF5 file. */
export interface KerasH5Options extends ReadOptions {
  /** The variables by the config of the model, if it is known: they give the names. */
  readonly model?: SavedModel;
  /** Whether other files hold the rest of the variables. */
  readonly isPart?: boolean;
  /** Called when all values of all tensors were read. */
  readonly verify?: () => Promise<void>;
}

/** Maximum nesting of groups. */
const DEEPEST = 64;

/** Groups of Keras that hold no weights of the model. */
const stateGroups: Readonly<Record<string, string>> = {
  optimizer: "variables of the optimizer",
  optimizer_weights: "variables of the optimizer",
  seed_generator: "the state of a seed generator",
  _random_generator: "the state of a seed generator",
  _metrics: "variables of metrics",
  metrics: "variables of metrics",
  _compile_metrics: "variables of metrics",
  _loss_tracker: "variables of metrics",
};

const plainName = /^[\w.-]+$/;

/** Collects tensors under unique names. */
class Collection {
  readonly tensors = new Map<string, StoredTensor>();
  readonly skipped: SkippedTensor[] = [];
  readonly #file: Hdf5File;
  readonly #verify: () => Promise<void>;
  #unread = new Set<string>();

  constructor(file: Hdf5File, verify: (() => Promise<void>) | undefined) {
    this.#file = file;
    this.#verify = verify ?? (async () => undefined);
  }

  add(path: string, name: string): void {
    const unique = this.tensors.has(name) ? path : name;
    const completed = async (): Promise<void> => {
      this.#unread.delete(unique);
      if (this.#unread.size === 0) await this.#verify();
    };
    const tensor = openHdf5Tensor(this.#file, path, unique, completed);
    if ("code" in tensor) {
      this.skipped.push(tensor);
      return;
    }
    this.tensors.set(unique, tensor);
    this.#unread.add(unique);
  }

  skip(code: "E_KERAS_STATE" | "E_HDF5_LINK" | "E_HDF5_DTYPE", name: string, expected: string, got: string): void {
    this.skipped.push(skippedBy(new MalformedFileError(code, { expected, got }), name));
  }
}

/** Lists the data sets below a group; state of optimizers and links are skipped. */
function collectPaths(file: Hdf5File, collection: Collection, group: string, depth: number, found: string[]): void {
  if (depth > DEEPEST) {
    const [expected, got] = [`at most ${DEEPEST} nested groups`, "more"];
    throw new MalformedFileError("E_HDF5_LIMIT", { file: file.file, expected, got });
  }
  const names = file.names(group);
  for (const name of inNumericOrder(names)) {
    const path = group === "" ? name : `${group}/${name}`;
    const kind = file.kind(path);
    const state = kind === "group" && Object.hasOwn(stateGroups, name) ? stateGroups[name] : undefined;
    if (state !== undefined) {
      collection.skip("E_KERAS_STATE", path, "weights of the model", state);
    } else if (kind === "group") {
      collectPaths(file, collection, path, depth + 1, found);
    } else if (kind === "dataset") {
      found.push(path);
    } else if (kind === "soft link" || kind === "external link") {
      collection.skip("E_HDF5_LINK", path, "a data set of this file", `a ${kind}`);
    } else {
      collection.skip("E_HDF5_DTYPE", path, "a group or a data set", `a ${kind}`);
    }
  }
}

/** `vars/10` after `vars/9`. */
function inNumericOrder(names: readonly string[]): readonly string[] {
  return names.every((name) => /^\d{1,9}$/.test(name)) ? names.toSorted((a, b) => Number(a) - Number(b)) : names;
}

/** The path as `saved-variables.ts` writes it: older versions of Keras have other names of attributes. */
function canonical(path: string): string {
  return path.replace(/^_layer_checkpoint_dependencies\//, "layers/").replace(/(^|\/)_/g, "$1");
}

/** Reads the list of names that one attribute, or several that are numbered, hold; undefined if there is none. */
function namesAttribute(file: Hdf5File, path: string, name: string): string[] | undefined {
  const present = new Set(file.attributeNames(path));
  const parts: string[] = [];
  if (present.has(name)) parts.push(name);
  for (let i = 0; present.has(`${name}${i}`); i++) parts.push(`${name}${i}`);
  if (parts.length === 0) return undefined;
  return parts.flatMap((part) => {
    const { texts, metadata } = file.attribute(path, part);
    if (texts !== undefined) return texts;
    // NumPy's empty list is one of float64.
    if (metadata.total_size === 0 || metadata.shape === null) return [];
    const [expected, got] = [`a list of names in ${quote(part)} of ${quote(path)}`, "other values"];
    throw new MalformedFileError("E_KERAS_WEIGHTS", { file: file.file, expected, got });
  });
}

/** The weights of the format before `.weights.h5`: each layer's group lists its weights by name, in order. */
function collectLegacy(file: Hdf5File, collection: Collection, root: string): void {
  const layers = namesAttribute(file, root, "layer_names") ?? [];
  const below = (group: string, name: string): string => (group === "" ? name : `${group}/${name}`);
  const groups = layers.map((layer) => below(root, layer));
  const top = below(root, "top_level_model_weights");
  if (file.names(root).includes("top_level_model_weights")) groups.push(top);
  for (const group of groups) {
    if (!isPath(group) || !file.has(group)) {
      const [expected, got] = [`a group ${quote(group)}, which layer_names lists`, "none"];
      throw new MalformedFileError("E_KERAS_WEIGHTS", { file: file.file, expected, got });
    }
    for (const weight of namesAttribute(file, group, "weight_names") ?? []) {
      const path = below(group, weight);
      if (!isPath(path) || !file.has(path) || file.kind(path) !== "dataset") {
        const [expected, got] = [`a data set ${quote(path)}, which weight_names lists`, "none"];
        throw new MalformedFileError("E_KERAS_WEIGHTS", { file: file.file, expected, got });
      }
      // TensorFlow numbers the outputs of an operation.
      collection.add(path, weight.replace(/:0$/, ""));
    }
  }
}

/** Whether each part of a path is a name; HDF5 takes `.` for the group itself. */
function isPath(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/**
 * The name of a variable that the config does not name: that of the layer around it, the names that the file gives to layers
 * within, and its path in the last of them.
 */
function numberedName(file: Hdf5File, path: string, { prefixes }: SavedModel): string {
  const at = path.search(/(^|\/)vars\/[^/]*$/);
  if (at < 0) return path;
  const parts = path.slice(0, at).split("/").filter(Boolean);
  let known = parts.length;
  const groupOf = (length: number): string => parts.slice(0, length).join("/");
  while (known > 0 && !prefixes.has(canonical(groupOf(known)))) known--;
  let name = prefixes.get(canonical(groupOf(known))) ?? "";
  let pending = "";
  for (let length = known + 1; length <= parts.length; length++) {
    const variables = `${groupOf(length)}/vars`;
    const isLayer = file.has(variables);
    const own =
      isLayer && file.attributeNames(variables).includes("name")
        ? file.attribute(variables, "name").texts?.[0]
        : undefined;
    pending += `${parts[length - 1]}/`;
    if (own === undefined) continue;
    name += `${own}/`;
    pending = "";
  }
  return `${name}${pending}${path.slice(at).replace(/^\//, "")}`;
}

/** The weights of a file whose groups are the attributes of the model's layers. */
function collectStructure(file: Hdf5File, collection: Collection, options: KerasH5Options): string[] {
  const paths: string[] = [];
  collectPaths(file, collection, "", 0, paths);
  const { model } = options;
  if (model === undefined) {
    for (const path of paths) collection.add(path, path);
    return paths;
  }
  const { variables } = model;
  const byPath = new Map(variables.map((variable) => [canonical(variable.path), variable]));
  const expected = new Map<string, number>();
  for (const { group } of variables) expected.set(canonical(group), (expected.get(canonical(group)) ?? 0) + 1);
  const found = new Map<string, number>();
  const groupOf = (path: string): string => canonical(path.replace(/(^|\/)vars\/[^/]*$/, ""));
  for (const path of paths) found.set(groupOf(path), (found.get(groupOf(path)) ?? 0) + 1);

  const ordered = new Map<string, string>();
  const others: string[] = [];
  for (const path of paths) {
    const variable = byPath.get(canonical(path));
    const group = groupOf(path);
    const isWhole = options.isPart === true || expected.get(group) === found.get(group);
    if (variable !== undefined && isWhole) ordered.set(variable.path, path);
    else others.push(path);
  }
  for (const variable of variables) {
    const path = ordered.get(variable.path);
    if (path !== undefined && !variable.isAlias) collection.add(path, variable.name);
  }
  for (const path of others) collection.add(path, numberedName(file, path, model));
  return others;
}

/**
 * Opens the weights of an HDF5 file without reading their values.
 *
 * @throws MalformedFileError with a code E_HDF5_... or E_KERAS_....
 */
export async function openKerasH5(source: ByteSource, options: KerasH5Options = {}): Promise<KerasH5> {
  const file = await Hdf5File.open(source, options);
  try {
    const collection = new Collection(file, options.verify);
    const attributes = new Set(file.attributeNames(""));
    const metadata = new Map<string, string>();
    for (const name of attributes) {
      if (/^(model_config|training_config)$/.test(name) || !plainName.test(name) || /^layer_names\d*$/.test(name))
        continue;
      const { texts } = file.attribute("", name);
      if (texts?.length === 1) metadata.set(name, texts[0] as string);
    }
    const architecture = attributes.has("model_config") ? file.attribute("", "model_config").texts?.[0] : undefined;
    const top = file.names("");
    const root = top.includes("model_weights") && file.kind("model_weights") === "group" ? "model_weights" : "";
    const isLegacy = namesAttribute(file, root, "layer_names") !== undefined;
    if (isLegacy) {
      collectLegacy(file, collection, root);
      if (top.includes("optimizer_weights")) {
        collection.skip("E_KERAS_STATE", "optimizer_weights", "weights of the model", "variables of the optimizer");
      }
    } else {
      const unnamed = collectStructure(file, collection, options);
      if (options.model !== undefined && unnamed.length > 0) {
        metadata.set("numbered_variables", JSON.stringify(unnamed));
      }
    }
    const isKeras = isLegacy || [...collection.tensors.keys()].some((name) => /(^|\/)vars\/\d+$/.test(name));
    return {
      tensors: collection.tensors,
      skipped: collection.skipped,
      metadata,
      architecture,
      isKeras: isKeras || options.model !== undefined,
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

// The variables of a Keras model as its config has them: the path of each in the saved file, and its own name.
// Source: keras/src/saving/saving_lib.py 3.15.1 (_save_state, _save_container_state); keras/src/models (name scopes).
//
// A file holds `layers/dense_1/vars/0`; the variable's name is `hidden/kernel`. Both follow from the config: the path from the
// classes in order, the name from the names of layers and of the scopes in which they were built.

import { MalformedFileError } from "../malformed-file-error.ts";
import { type Json, parseJson } from "../parse-json.ts";
import { type ConfigLayer, configLayer, containerOf, savedLayers } from "./keras-layers.ts";

/** A variable of a model. */
export interface SavedVariable {
  /** Where the file has it: `layers/dense/vars/0`. */
  readonly path: string;
  /** What Keras calls it: `hidden/kernel`. */
  readonly name: string;
  /** The layer that has it, by the path of its group. */
  readonly group: string;
  /** Whether an earlier variable has the same name and values. */
  readonly isAlias: boolean;
  /** The name of the layer of the whole model that has it. */
  readonly layer: string;
}

/** Maximum nesting of layers. */
const DEEPEST = 50;

const models = new Set(["Functional", "Sequential", "Model"]);

/** Operations are steps of a model that are no layers, so they have no place in `layers`. */
function isOperation(json: Json): boolean {
  const module = json instanceof Map ? json.get("module") : undefined;
  return typeof module === "string" && /^keras(\.src)?\.ops\b/.test(module);
}

function membersOf({ config }: ConfigLayer): ConfigLayer[] {
  const layers = config.get("layers");
  if (!Array.isArray(layers)) return [];
  return layers.filter((json) => !isOperation(json)).flatMap((json) => configLayer(json) ?? []);
}

/** The number in the name that Keras gives an InputLayer; undefined for a name of the code. */
function inputNumber({ name }: ConfigLayer): number | undefined {
  const [, number] = /^input_layer(?:_(\d+))?$/.exec(name) ?? [undefined, undefined];
  return /^input_layer(_\d+)?$/.test(name) ? Number(number ?? 0) : undefined;
}

/** The largest number of an InputLayer that the code has made itself, in a model and the functional models within. */
function lastInput(model: ConfigLayer, depth: number): number {
  let last = -1;
  if (depth > DEEPEST) return last;
  for (const member of membersOf(model)) {
    if (member.className === "InputLayer") last = Math.max(last, inputNumber(member) ?? -1);
    if (member.className === "Functional") last = Math.max(last, lastInput(member, depth + 1));
  }
  return last;
}

/**
 * Whether a Sequential model was built before the model around it, so that its variables' names begin with its own name.
 * Its config has an InputLayer in either case; Keras numbers those it makes while it builds after those of the code.
 */
function isBuiltAlone(model: ConfigLayer, outer: ConfigLayer | undefined): boolean {
  const [first] = membersOf(model);
  if (first?.className !== "InputLayer") return false;
  const number = inputNumber(first);
  return number === undefined || (outer !== undefined && number < lastInput(outer, 0));
}

/** Reads the config of a model. @throws MalformedFileError E_KERAS_CONFIG. */
export function parseArchitecture(
  text: string,
  options: { readonly file?: string | undefined; readonly jsonValues?: number; readonly jsonDepth?: number } = {},
): ConfigLayer {
  const json = parseJson(text, options);
  const layer = configLayer(json);
  if (layer !== undefined) return layer;
  const expected = "a JSON object with class_name and config";
  const got = json instanceof Map ? "one without class_name" : Array.isArray(json) ? "a list" : typeof json;
  throw new MalformedFileError("E_KERAS_CONFIG", { file: options.file, expected, got });
}

/** The variables of a model, and the layers of any class. */
export interface SavedModel {
  /** The variables of known classes, those of each layer before those of the next. */
  readonly variables: readonly SavedVariable[];
  /** The beginning of the names of a layer's variables, by the path of its group. */
  readonly prefixes: ReadonlyMap<string, string>;
}

/** Lists the variables of a model. */
export function savedVariables(root: ConfigLayer): SavedModel {
  const found: SavedVariable[] = [];
  const prefixes = new Map<string, string>();
  const saved = new Set<Json>();
  const names = new Set<string>();
  let nameless = 0;

  /** Adds the variables of a layer at `path`, whose names begin with `scope`. */
  function add(
    layer: ConfigLayer,
    path: string,
    scope: string,
    outer: ConfigLayer | undefined,
    top: string | undefined,
    depth: number,
  ): void {
    if (depth > DEEPEST) {
      throw new MalformedFileError("E_KERAS_CONFIG", { expected: `at most ${DEEPEST} nested layers`, got: "more" });
    }
    if (layer.sharedId !== undefined && layer.sharedId !== null) {
      if (saved.has(layer.sharedId)) return;
      saved.add(layer.sharedId);
    }
    const below = (part: string): string => (path === "" ? part : `${path}/${part}`);
    if (models.has(layer.className)) {
      const inner = layer.className === "Sequential" ? sequentialScope(layer, scope, outer) : "";
      for (const { path: part, layer: member } of containerOf("layers", membersOf(layer))) {
        add(member, below(part), inner, layer, top ?? member.name, depth + 1);
      }
      return;
    }
    const inner = `${scope}${layer.name}/`;
    prefixes.set(path, inner);
    const rule = Object.hasOwn(savedLayers, layer.className) ? savedLayers[layer.className] : undefined;
    if (rule === undefined) return;
    const children = rule.children?.(layer) ?? [];
    for (const { path: part, layer: member } of children) add(member, below(part), inner, layer, top, depth + 1);
    for (const [index, given] of (rule.variables?.(layer) ?? []).entries()) {
      // Keras numbers the variables that have no name.
      const variable = given === "variable" && nameless++ > 0 ? `${given}_${nameless - 1}` : given;
      const isAlias = variable.includes("/");
      let name = `${inner}${variable}`;
      // Two layers of one name in different models have variables of one name; the path tells them apart.
      if (!isAlias && names.has(name)) name = `${path}/${variable}`;
      names.add(name);
      found.push({ path: below(`vars/${index}`), name, group: path, isAlias, layer: top ?? layer.name });
    }
  }

  add(root, "", "", undefined, undefined, 0);
  return { variables: found, prefixes };
}

function sequentialScope(model: ConfigLayer, scope: string, outer: ConfigLayer | undefined): string {
  if (outer === undefined || outer.className === "Functional" || isBuiltAlone(model, outer)) return `${model.name}/`;
  return `${scope}${model.name}/`;
}

/**
 * The variables of a Keras model by its config, as `model.to_json()` or config.json has it: the path of each in a
 * `.weights.h5` file, and its name. Variables of layers that are not Keras's own are not listed.
 *
 * @throws MalformedFileError E_JSON_... or E_KERAS_CONFIG.
 * @example
 * const dense = { class_name: "Dense", config: { name: "hidden", units: 2 } };
 * const model = { class_name: "Functional", config: { name: "model", layers: [dense] } };
 * const [kernel] = kerasVariables(JSON.stringify(model));
 * kernel; // => { path: 'layers/dense/vars/0', name: 'hidden/kernel' }
 */
export function kerasVariables(architecture: string): { readonly path: string; readonly name: string }[] {
  const variables = savedVariables(parseArchitecture(architecture)).variables.filter(({ isAlias }) => !isAlias);
  return variables.map(({ path, name }) => ({ path, name }));
}

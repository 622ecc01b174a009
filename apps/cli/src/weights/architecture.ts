// The layers of an architecture by name: of the JSON of a Keras model, or of a config of transformers.
// Source: keras.Model.to_json of Keras 3.15.1; config.json of transformers 5.17.

import { kerasVariables } from "@fanin/formats";

/** A layer of a Keras model. */
export interface ArchitectureLayer {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Known facts about a model besides its weights. */
export interface Architecture {
  /** Whether it is a Keras model. */
  readonly isKeras: boolean;
  /** The variables of a Keras model: their paths in a .weights.h5 file, and their names. */
  readonly variables: readonly { readonly path: string; readonly name: string }[];
  /** What the names of a Sequential model's variables begin with: its own name, which PyTorch's names do not have. */
  readonly root: string;
  /** Returns the innermost layer that a path such as `block/dense` names; undefined if none or several do. */
  layerAt(path: readonly string[]): ArchitectureLayer | undefined;
  /** Attention heads of all layers, in a config of transformers. */
  readonly heads: number | undefined;
}

type JsonRecord = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads an architecture from JSON text; undefined if it is neither kind.
 *
 * @throws SyntaxError for other text; MalformedFileError for a config that nests too deep.
 */
export function readArchitecture(text: string): Architecture | undefined {
  const json: unknown = JSON.parse(text);
  if (!isRecord(json)) return undefined;
  const isKeras = typeof json["class_name"] === "string";
  if (!isKeras && typeof json["model_type"] !== "string") return undefined;
  const layers = new Map<string, ArchitectureLayer | undefined>();
  // A list of values to visit instead of recursion, because JSON may be deep.
  const left: unknown[] = isKeras ? [json] : [];
  while (left.length > 0) {
    const value = left.pop();
    if (!isRecord(value)) {
      if (Array.isArray(value)) for (const entry of value) left.push(entry);
      continue;
    }
    const { class_name: className, config } = value;
    if (typeof className === "string" && isRecord(config) && typeof config["name"] === "string") {
      const known = layers.get(config["name"]);
      const isOther = known !== undefined && JSON.stringify(known.config) !== JSON.stringify(config);
      layers.set(
        config["name"],
        isOther || layers.has(config["name"]) !== (known !== undefined) ? undefined : { className, config },
      );
    }
    for (const entry of Object.values(value)) left.push(entry);
  }
  const variables = isKeras ? kerasVariables(text) : [];
  const isSequential = json["class_name"] === "Sequential" && isRecord(json["config"]);
  const root = isSequential ? `${(json["config"] as JsonRecord)["name"]}/` : "";
  const heads = json["num_attention_heads"] ?? json["n_head"];
  return {
    isKeras,
    variables,
    root: isSequential && variables.every(({ name }) => name.startsWith(root)) ? root : "",
    layerAt(path) {
      for (let end = path.length; end > 0; end--) {
        const name = path[end - 1] as string;
        if (layers.has(name)) return layers.get(name);
      }
      return undefined;
    },
    heads: !isKeras && Number.isSafeInteger(heads) && (heads as number) > 0 ? (heads as number) : undefined,
  };
}

// The calls in a Functional model's JSON: which tensors go into which argument.
// Source: keras/src/models/functional.py (serialize_node, deserialize_node) 3.15.1; Keras 2's lists [layer, node, tensor].

import { isRecord } from "../initializers/json-object.ts";
import type { NamedLayer } from "./layer.ts";
import { expectSizes, type PartialShape } from "./partial-shape.ts";

/** One output of one call of a layer, and the shape that the JSON records for it. */
export interface Reference {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
  readonly shape?: PartialShape | undefined;
  /** Whether it is written as Keras 2 did, where a model counts its own input as its first call. */
  readonly isList: boolean;
}

/** Arguments nest no deeper than this. */
const MAX_DEPTH = 32;

function isHistory(value: unknown): value is [string, number, number, ...unknown[]] {
  return (
    Array.isArray(value) && typeof value[0] === "string" && Number.isInteger(value[1]) && Number.isInteger(value[2])
  );
}

/** The tensors in a value: Keras 3's `__keras_tensor__`, Keras 2's lists, or either inside lists and objects. */
export function referencesOf(value: unknown, depth = 0): readonly Reference[] {
  if (depth > MAX_DEPTH) return [];
  if (isHistory(value)) return [{ layer: value[0], node: value[1], tensor: value[2], isList: true }];
  if (Array.isArray(value)) return value.flatMap((inner) => referencesOf(inner, depth + 1));
  if (!isRecord(value)) return [];
  const config = value["config"];
  if (value["class_name"] === "__keras_tensor__" && isRecord(config) && isHistory(config["keras_history"])) {
    const [layer, node, tensor] = config["keras_history"];
    return [{ layer, node, tensor, shape: expectSizes(config["shape"]), isList: false }];
  }
  return Object.values(value).flatMap((inner) => referencesOf(inner, depth + 1));
}

/** The arguments of one call by name, those that are tensors. */
export function argumentsOf(node: unknown, layer: NamedLayer): readonly (readonly [string, readonly Reference[]])[] {
  const names = layer.inputNames ?? ["input"];
  const isCurrent = isRecord(node) && Array.isArray(node["args"]);
  const positional: readonly unknown[] = isCurrent ? (node["args"] as unknown[]) : [node];
  const keyed = isCurrent ? node["kwargs"] : Array.isArray(node) ? (node[0] as unknown[] | undefined)?.[3] : undefined;
  const found: [string, readonly Reference[]][] = positional.map((value, i) => [
    names[i] ?? `argument ${i}`,
    referencesOf(value),
  ]);
  if (isRecord(keyed)) {
    for (const [name, value] of Object.entries(keyed)) {
      const isFirst = name === "inputs" || name === "x";
      found.push([isFirst ? (names[0] ?? name) : name, referencesOf(value)]);
    }
  }
  return found.filter(([, references]) => references.length > 0);
}

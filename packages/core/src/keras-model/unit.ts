// A layer as far as the order of construction is concerned: its place in the JSON, and the names that Keras gave it.
// Source: keras/src/utils/naming.py (auto_name, to_snake_case) 3.15.1.

import type { JsonObject } from "../initializers/json-object.ts";
import type { UnseededInitializer } from "./layer-initializer.ts";

/** In which order seeds are drawn: as the code does that the names show, or as `model_from_json` does. */
export type ConstructionOrder = "code" | "json";

/** A layer of a model or of a submodel; what a wrapper holds belongs to it. */
export interface Unit {
  /** The place in the JSON, such as `/3/0`. */
  readonly path: string;
  readonly parent: Unit | undefined;
  readonly className: string;
  readonly name: string;
  /** What errors begin with. */
  readonly where: string;
  readonly json: JsonObject;
  /** Its own class and name, and those of the layers that it holds. */
  readonly names: { readonly className: string; readonly name: string }[];
  readonly initializers: UnseededInitializer[];
}

/** Whether the class is one of models. */
export function isModelClass(className: string): boolean {
  return className === "Sequential" || className === "Functional" || className === "Model";
}

/** The event in which the layer draws what its constructor draws. */
export function makeEvent({ path }: Unit): string {
  return `make ${path}`;
}

/** The event in which the layer draws what its `build` draws. */
export function buildEvent({ path }: Unit): string {
  return `build ${path}`;
}

/** `MultiHeadAttention` as Keras writes it in names: `multi_head_attention`. */
export function snakeCaseOf(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** The prefix and number of a name that Keras gave: `dense` has 0, `dense_1` has 1; undefined for another name. */
export function automaticName(className: string, name: string): readonly [prefix: string, number: number] | undefined {
  const prefix = snakeCaseOf(className);
  const [, bare, digits] = /^(.*?)(?:_([1-9]\d{0,8}))?$/.exec(name) ?? [];
  if (bare !== prefix) return undefined;
  return [prefix, digits === undefined ? 0 : Number(digits)];
}

// Functional: a graph of layers, each of which may be called more than once.
// Source: keras/src/models/functional.py (functional_from_config, serialize_node) 3.15.1; the nodes of Keras 2 beside.

import { isRecord, type JsonObject } from "../../initializers/json-object.ts";
import { KerasModelError } from "../keras-model-error.ts";
import { type Inputs, type LayerDefinition, type NamedLayer, rooted } from "../layer.ts";
import { isModel, Member } from "../member.ts";
import { argumentsOf, type Reference, referencesOf } from "../node.ts";
import type { PartialShape } from "../partial-shape.ts";

/** Refuses two layers of one name. */
export function expectOwnNames(where: string, members: readonly Member[]): void {
  const names = new Set<string>();
  for (const { layer } of members) {
    if (names.has(layer.name)) {
      throw new KerasModelError(
        "E_MODEL_GRAPH",
        where,
        `layers: expected names of their own, got ${layer.where} twice`,
      );
    }
    names.add(layer.name);
  }
}

/** What a call gave: shapes that may be unknown. */
type Outputs = readonly PartialShape[] | undefined;

function nodesOf(layer: NamedLayer): readonly unknown[] {
  const nodes = layer.json["inbound_nodes"] ?? layer.json["inboundNodes"] ?? [];
  if (Array.isArray(nodes)) return nodes;
  throw new KerasModelError("E_MODEL_GRAPH", layer.where, "inbound_nodes: expected a list");
}

/** The weights of the layers in the order in which the JSON lists them, which is the order of Keras's `weights`. */
export const functional: LayerDefinition = ({ config, construct, seeds }) => {
  const { where } = config;
  const calls = new Map<string, Outputs[]>();
  const members: Member[] = [];
  const models = new Set<string>();
  const inputs = referencesOf(config.get("input_layers"));

  /** The shape that a tensor has; false while the layer that gives it has not been called. */
  function shapeOf({ layer, node, tensor, shape, isList }: Reference): PartialShape | undefined | false {
    const done = calls.get(layer);
    const index = isList && models.has(layer) ? Math.max(0, node - 1) : node;
    if (!done || index < 0 || index >= done.length) return false;
    return done[index]?.[tensor] ?? shape;
  }

  /** What a node calls its layer with; the name of a layer that has to be called before. */
  function arrivingAt(layer: NamedLayer, node: unknown): Inputs | undefined | string {
    const entries: [string, readonly PartialShape[]][] = [];
    let isKnown = true;
    for (const [name, references] of argumentsOf(node, layer)) {
      const shapes = references.map(shapeOf);
      const missing = references[shapes.indexOf(false)];
      if (missing) return missing.layer;
      const known = shapes.filter((shape) => shape !== undefined && shape !== false);
      isKnown &&= known.length === shapes.length;
      entries.push([name, known]);
    }
    return entries.length === 0 || !isKnown ? undefined : Object.fromEntries(entries);
  }

  /** Calls the layer by every node that has its inputs; the layer that another node waits for, if one does. */
  function advance(member: Member): string | undefined {
    const { layer } = member;
    const nodes = nodesOf(layer);
    const done = calls.get(layer.name) ?? [];
    calls.set(layer.name, done);
    if (nodes.length === 0 && done.length === 0) done.push(layer.outputs?.({}));
    while (done.length < nodes.length) {
      const arriving = arrivingAt(layer, nodes[done.length]);
      if (typeof arriving === "string") return arriving;
      done.push(member.call(arriving));
    }
    return undefined;
  }

  /** Calls every layer that is not called yet, each as soon as those are called that it waits for. */
  function settle(): void {
    const waiting = new Map<string, Member[]>();
    const left = new Set<Member>(members);
    for (const first of members) {
      const ready = [first];
      for (let member = ready.pop(); member; member = ready.pop()) {
        const before = calls.get(member.layer.name)?.length ?? 0;
        const missing = advance(member);
        if (missing === undefined) left.delete(member);
        else if (waiting.has(missing)) waiting.get(missing)?.push(member);
        else waiting.set(missing, [member]);
        if ((calls.get(member.layer.name)?.length ?? 0) === before) continue;
        ready.push(...(waiting.get(member.layer.name) ?? []));
        waiting.delete(member.layer.name);
      }
    }
    if (left.size === 0) return;
    const names = Array.from(left, ({ layer }) => layer.where).join(", ");
    throw new KerasModelError("E_MODEL_GRAPH", where, `layers: expected inputs that are there, got none for ${names}`);
  }

  /** Calls every layer again, for inputs of these shapes. */
  function restart(shapes: readonly PartialShape[]): void {
    calls.clear();
    shapes.forEach((shape, i) => {
      const name = inputs[i]?.layer;
      if (name !== undefined) calls.set(name, [[shape]]);
    });
    settle();
  }

  for (const json of config.list("layers")) {
    const member = new Member(construct(namedJson(json)), seeds);
    members.push(member);
    if (isModel(member.layer)) models.add(member.layer.name);
    member.build();
  }
  expectOwnNames(where, members);
  settle();
  return {
    build(arriving) {
      const shapes = arriving["input"] ?? [];
      if (shapes.length > 0) restart(shapes);
      const plans = members.flatMap((member) => {
        if (member.plans) return member.plans;
        const message = "expected the shape of its input, which neither the graph nor the JSON says";
        throw new KerasModelError("E_MODEL_SHAPE", member.layer.where, message);
      });
      return rooted(plans);
    },
    outputs() {
      const shapes = referencesOf(config.get("output_layers")).map(shapeOf);
      const known = shapes.filter((shape) => shape !== undefined && shape !== false);
      return known.length === shapes.length ? known : undefined;
    },
  };
};

/** The layer's JSON; the name beside the config counts where the config has none. */
function namedJson(json: unknown): unknown {
  if (!isRecord(json) || !isRecord(json["config"])) return json;
  const config: JsonObject = json["config"];
  return "name" in config ? json : { ...json, config: { ...config, name: json["name"] } };
}

// Functional: a graph of layers, each of which may be called more than once.
// Source: keras/src/models/functional.py (functional_from_config, serialize_node) 3.15; the nodes of Keras 2 beside.

import { isRecord, type JsonObject } from "../../initializers/json-object.ts";
import { KerasModelError } from "../keras-model-error.ts";
import type { Inputs, LayerDefinition, NamedLayer } from "../layer.ts";
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

/** Layers that an error names. */
const MOST_NAMES = 10;

/** Puts a member among those from `from` on, which are in order; once. */
function insertByPlace(pass: Member[], member: Member, from: number, placeOf: (member: Member) => number): void {
  let [low, high] = [from, pass.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (placeOf(pass[middle] as Member) < placeOf(member)) low = middle + 1;
    else high = middle;
  }
  if (pass[low] !== member) pass.splice(low, 0, member);
}

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
  /** Members by the layer whose next call they need, and those whose layer has been called since. */
  const waiting = new Map<string, Member[]>();
  const awake: Member[] = [];

  /** The shape that a tensor has; false while the layer that gives it has not been called. */
  function shapeOf({ layer, node, tensor, shape, isList }: Reference): PartialShape | undefined | false {
    const done = calls.get(layer);
    const index = isList && models.has(layer) ? Math.max(0, node - 1) : node;
    if (!done || index < 0 || index >= done.length) return false;
    return done[index]?.[tensor] ?? shape;
  }

  /** What a node calls its layer with; false while that is not there, and `member` then waits for the layer that gives it. */
  function arrivingAt(member: Member, node: unknown): Inputs | undefined | false {
    const entries: [string, readonly PartialShape[]][] = [];
    for (const [name, references] of argumentsOf(node, member.layer)) {
      const shapes = references.map(shapeOf);
      const missing = references[shapes.indexOf(false)];
      if (missing !== undefined) {
        const others = waiting.get(missing.layer);
        if (others) others.push(member);
        else waiting.set(missing.layer, [member]);
        return false;
      }
      const known = shapes.filter((shape) => shape !== undefined && shape !== false);
      if (known.length < shapes.length) return undefined;
      entries.push([name, known]);
    }
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }

  /** Calls the layer by every node that has its inputs; those that wait for it are noted as awake. */
  function advance(member: Member): void {
    const { layer } = member;
    const nodes = nodesOf(layer);
    const done = calls.get(layer.name) ?? [];
    calls.set(layer.name, done);
    const before = done.length;
    if (nodes.length === 0 && done.length === 0) done.push(layer.outputs?.({}));
    while (done.length < nodes.length) {
      const arriving = arrivingAt(member, nodes[done.length]);
      if (arriving === false) break;
      done.push(member.call(arriving));
    }
    if (done.length === before) return;
    awake.push(...(waiting.get(layer.name) ?? []));
    waiting.delete(layer.name);
  }

  /** Whether each of the layer's nodes has called it. */
  function isDone({ layer }: Member): boolean {
    return (calls.get(layer.name)?.length ?? 0) >= Math.max(1, nodesOf(layer).length);
  }

  /**
   * Calls every layer that is not called yet, as passes over all of them in order would, until one changes nothing; a layer
   * whose input has not come since it was tried is not tried again, so that the time goes with the graph.
   */
  function settle(): void {
    const places = new Map(members.map((member, place) => [member, place]));
    const placeOf = (member: Member): number => places.get(member) as number;
    waiting.clear();
    let pass: Member[] = members.filter((member) => !isDone(member));
    while (pass.length > 0) {
      const later: Member[] = [];
      for (let i = 0; i < pass.length; i++) {
        const member = pass[i] as Member;
        awake.length = 0;
        advance(member);
        for (const woken of awake) {
          if (placeOf(woken) < placeOf(member)) later.push(woken);
          else insertByPlace(pass, woken, i + 1, placeOf);
        }
      }
      pass = [...new Set(later)].sort((a, b) => placeOf(a) - placeOf(b));
    }
    const left = members.filter((member) => !isDone(member));
    if (left.length === 0) return;
    const names = left.slice(0, MOST_NAMES).map(({ layer }) => layer.where);
    const more = left.length > names.length ? ` and ${left.length - names.length} more` : "";
    throw new KerasModelError(
      "E_MODEL_GRAPH",
      where,
      `layers: expected inputs that are there, got none for ${names.join(", ")}${more}`,
    );
  }

  /** Calls every layer anew, for inputs of these shapes. */
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
    // Each is built as soon as it is made, as by code that makes a layer and calls it.
    member.build();
    advance(member);
  }
  expectOwnNames(where, members);
  settle();
  return {
    build(arriving) {
      const shapes = arriving["input"] ?? [];
      if (shapes.length > 0) restart(shapes);
      return members.flatMap((member) => {
        if (member.plans) return member.plans;
        const message = "expected the shape of its input, which neither the graph nor the JSON says";
        throw new KerasModelError("E_MODEL_SHAPE", member.layer.where, message);
      });
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

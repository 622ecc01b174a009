// The order in which a model's layers were made: as `model_from_json` makes them, or as the code did, as far as the JSON
// shows it. Keras counts the layers that it names (`dense`, `dense_1`), so names prove an order within a class.
// Source: keras/src/models/functional.py (functional_from_config), sequential.py, saving/serialization_lib.py 3.15.1.
// One file: both orders walk the same graph and are compared name by name.

import { referencesOf } from "./node.ts";
import { automaticName, buildEvent, type ConstructionOrder, isModelClass, makeEvent, type Unit } from "./unit.ts";

/** The events of a model's construction in order, and which layers could have come in another. */
export interface ConstructionEvents {
  readonly events: readonly string[];
  /** Layers that draw seeds and whose order no name proves. */
  readonly unproven: readonly Unit[];
}

type Edges = ReadonlyMap<Unit, readonly Unit[]>;

/** Adds `value` to the list under `key`. */
function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** The layers of each model, in the order of its JSON. */
class Family {
  readonly units: readonly Unit[];
  readonly #children = new Map<Unit, Unit[]>();

  constructor(units: readonly Unit[]) {
    this.units = units;
    for (const unit of units) {
      if (unit.parent) append(this.#children, unit.parent, unit);
    }
  }

  childrenOf(model: Unit): readonly Unit[] {
    return this.#children.get(model) ?? [];
  }

  /** What each layer is called with first: the layers that give its inputs, or the one before it in a Sequential. */
  producers(): Edges {
    const producers = new Map<Unit, readonly Unit[]>();
    for (const model of this.units.filter(({ className }) => isModelClass(className))) {
      const children = this.childrenOf(model);
      const byName = new Map(children.map((child) => [child.name, child]));
      children.forEach((child, i) => {
        const before = children[i - 1];
        const nodes = child.json["inbound_nodes"] ?? child.json["inboundNodes"];
        const given =
          model.className === "Sequential"
            ? before && [before]
            : referencesOf(Array.isArray(nodes) ? nodes[0] : undefined).flatMap(({ layer }) => byName.get(layer) ?? []);
        producers.set(child, [...new Set(given)]);
      });
    }
    return producers;
  }
}

/** The numbers that Keras gave the names of each prefix, and who bears them. */
function automaticNames(units: readonly Unit[]): ReadonlyMap<string, readonly (readonly [number, Unit])[]> {
  const chains = new Map<string, [number, Unit][]>();
  for (const unit of units) {
    for (const { className, name } of unit.names) {
      // Bidirectional renames what it is given.
      const bare = unit.className === "Bidirectional" ? name.replace(/^(forward|backward)_/, "") : name;
      const [prefix, number] = automaticName(className, bare) ?? [];
      if (prefix === undefined || number === undefined) continue;
      append(chains, prefix, [number, unit]);
    }
  }
  for (const chain of chains.values()) chain.sort(([a], [b]) => a - b);
  return chains;
}

/** What names prove: each layer before the next of its class, and those of a Functional before the Functional itself. */
function provenEdges(family: Family): Edges {
  const after = new Map<Unit, Unit[]>();
  const add = (before: Unit, unit: Unit) => append(after, before, unit);
  for (const chain of automaticNames(family.units).values()) {
    chain.forEach(([number, unit], i) => {
      const [previousNumber, previous] = chain[i - 1] ?? [];
      if (previous && previous !== unit && previousNumber !== number) add(previous, unit);
    });
  }
  for (const unit of family.units) {
    if (unit.parent && unit.parent.className !== "Sequential") add(unit, unit.parent);
  }
  return after;
}

function satisfies(order: readonly Unit[], after: Edges): boolean {
  const places = new Map(order.map((unit, i) => [unit, i]));
  for (const [before, units] of after) {
    const place = places.get(before) as number;
    if (units.some((unit) => (places.get(unit) as number) <= place)) return false;
  }
  return true;
}

/** A queue that gives the lowest rank first. */
class Heap {
  readonly #items: number[] = [];

  push(rank: number): void {
    const items = this.#items;
    let i = items.push(rank) - 1;
    for (let up = (i - 1) >> 1; i > 0 && (items[up] as number) > rank; up = (i - 1) >> 1) {
      items[i] = items[up] as number;
      i = up;
    }
    items[i] = rank;
  }

  pop(): number | undefined {
    const items = this.#items;
    const [top] = items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let i = 0;
    for (let down = 1; down < items.length; down = 2 * i + 1) {
      if (down + 1 < items.length && (items[down + 1] as number) < (items[down] as number)) down++;
      if ((items[down] as number) >= last) break;
      items[i] = items[down] as number;
      i = down;
    }
    items[i] = last;
    return top;
  }
}

/** An order that has both kinds of edges, otherwise as near to `ranked` as one can be; undefined where they contradict. */
function sorted(ranked: readonly Unit[], ...edges: readonly Edges[]): readonly Unit[] | undefined {
  const ranks = new Map(ranked.map((unit, rank) => [unit, rank]));
  const open = new Map<Unit, number>();
  for (const after of edges) {
    for (const units of after.values()) for (const unit of units) open.set(unit, (open.get(unit) ?? 0) + 1);
  }
  const ready = new Heap();
  ranked.forEach((unit, rank) => {
    if (!open.get(unit)) ready.push(rank);
  });
  const order: Unit[] = [];
  for (let rank = ready.pop(); rank !== undefined; rank = ready.pop()) {
    const unit = ranked[rank] as Unit;
    order.push(unit);
    for (const after of edges) {
      for (const next of after.get(unit) ?? []) {
        const left = (open.get(next) as number) - 1;
        open.set(next, left);
        if (left === 0) ready.push(ranks.get(next) as number);
      }
    }
  }
  return order.length === ranked.length ? order : undefined;
}

/** Each class's layers in the order of their names, in the places that the class has in the JSON. */
function permuted(family: Family): readonly Unit[] {
  const order = [...family.units];
  const places = new Map(order.map((unit, i) => [unit, i]));
  for (const chain of automaticNames(family.units).values()) {
    const own = chain.filter(([, unit]) => unit.names.length === 1).map(([, unit]) => unit);
    const slots = own.map((unit) => places.get(unit) as number).sort((a, b) => a - b);
    own.forEach((unit, i) => {
      order[slots[i] as number] = unit;
    });
  }
  return order;
}

/** Edges that say: before what it is called with, as in `Dense(1)(Dense(3)(x))`; or, `isForward`, after it. */
function callEdges(family: Family, isForward: boolean): Edges {
  const after = new Map<Unit, Unit[]>();
  for (const [unit, producers] of family.producers()) {
    for (const producer of producers) {
      // An input is there before anything is called with it.
      const [first, second] = isForward || producer.className === "InputLayer" ? [producer, unit] : [unit, producer];
      append(after, first, second);
    }
  }
  return after;
}

/**
 * The layers in the order in which the code made them: that of the JSON where names do not contradict it; else that of
 * code in which each layer is made where it is called, then of nested calls, then of the names alone.
 */
function codeOrder(family: Family, proven: Edges): readonly Unit[] {
  const { units } = family;
  if (satisfies(units, proven)) return units;
  const inTurn =
    sorted(units, proven, callEdges(family, true)) ?? sorted([...units].reverse(), proven, callEdges(family, false));
  if (inTurn) return inTurn;
  const swapped = permuted(family);
  return satisfies(swapped, proven) ? swapped : (sorted(units, proven) ?? units);
}

/** The layers in the order in which they are called, where they are made in this one and called as soon as can be. */
function eventsOfCode(family: Family, order: readonly Unit[]): string[] {
  const { units } = family;
  const producers = family.producers();
  const place = new Map(units.map((unit, i) => [unit, i]));
  /** What each call, or the completion of a model, waits for. */
  const open = new Map<string, number>();
  const waiting = new Map<string, [string, Unit][]>();
  const call = (unit: Unit) => `call ${unit.path}`;
  const complete = (unit: Unit) => `complete ${unit.path}`;
  const wait = (what: string, unit: Unit, reasons: readonly string[]) => {
    open.set(what, reasons.length);
    for (const reason of reasons) append(waiting, reason, [what, unit]);
  };
  for (const unit of units) {
    const own = isModelClass(unit.className) ? complete(unit) : makeEvent(unit);
    const before = (producers.get(unit) ?? []).map(call);
    const { parent } = unit;
    if (parent?.className !== "Sequential") wait(call(unit), unit, [own, ...before]);
    else {
      // A Sequential is built when all its layers are made, and its input is an InputLayer or arrives.
      const isFirst = before.length === 0 && unit.className !== "InputLayer" && parent.parent !== undefined;
      const arriving = isFirst ? (producers.get(parent) ?? []).map(call) : [];
      wait(call(unit), unit, [own, complete(parent), ...before, ...arriving]);
    }
    if (isModelClass(unit.className)) {
      const happened = unit.className === "Sequential" ? makeOrComplete : call;
      wait(complete(unit), unit, family.childrenOf(unit).map(happened));
    }
  }
  const events: string[] = [];
  const happen = (event: string): void => {
    const ready = [event];
    for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
      const done: (readonly [string, Unit])[] = [];
      for (const [what, unit] of waiting.get(next) ?? []) {
        const left = (open.get(what) as number) - 1;
        open.set(what, left);
        if (left === 0) done.push([what, unit]);
      }
      waiting.delete(next);
      done.sort(([, a], [, b]) => (place.get(a) as number) - (place.get(b) as number));
      for (const [what, unit] of done) if (what === call(unit)) events.push(buildEvent(unit));
      ready.push(...done.map(([what]) => what).reverse());
    }
  };
  for (const unit of units) {
    if (isModelClass(unit.className) && family.childrenOf(unit).length === 0) happen(complete(unit));
  }
  for (const unit of order) {
    if (isModelClass(unit.className)) continue;
    events.push(makeEvent(unit));
    happen(makeEvent(unit));
  }
  return events;

  function makeOrComplete(unit: Unit): string {
    return isModelClass(unit.className) ? complete(unit) : makeEvent(unit);
  }
}

/** As `model_from_json`: each layer made and built where the JSON has it; those without a recorded shape when called. */
function eventsOfJson({ units }: Family): string[] {
  const recorded = units.map((unit) => {
    const isRecorded = (unit.json["build_config"] ?? undefined) !== undefined;
    return isRecorded ? [makeEvent(unit), buildEvent(unit)] : [makeEvent(unit)];
  });
  return [...recorded.flat(), ...units.map(buildEvent)];
}

/** Layers that draw seeds, next to each other in `order` without a name that says which was made first. */
function unprovenLayers(family: Family, order: readonly Unit[], counts: ReadonlyMap<string, number>): readonly Unit[] {
  const isDrawing = (unit: Unit) => counts.has(makeEvent(unit)) || counts.has(buildEvent(unit));
  const drawing = order.filter(isDrawing);
  const numbers = new Map<Unit, Map<string, number>>();
  for (const [prefix, chain] of automaticNames(family.units)) {
    for (const [number, unit] of chain) numbers.set(unit, (numbers.get(unit) ?? new Map()).set(prefix, number));
  }
  const isProven = (a: Unit, b: Unit) =>
    Array.from(numbers.get(a) ?? []).some(([prefix, number]) => number < (numbers.get(b)?.get(prefix) ?? -1));
  const unproven = new Set<Unit>();
  drawing.forEach((unit, i) => {
    const next = drawing[i + 1];
    if (!next) return;
    const isInterleaved = counts.has(buildEvent(unit)) || counts.has(buildEvent(next));
    if (isProven(unit, next) && !isInterleaved) return;
    unproven.add(unit).add(next);
  });
  return [...unproven];
}

/** The order of a model's construction. `counts` says how many seeds each event draws. */
export function constructionEvents(
  units: readonly Unit[],
  order: ConstructionOrder,
  counts: ReadonlyMap<string, number>,
): ConstructionEvents {
  const family = new Family(units);
  // An event that the graph does not reach comes last.
  const whole = (events: readonly string[]) => [...new Set([...events, ...counts.keys()])];
  if (order === "json") return { events: whole(eventsOfJson(family)), unproven: [] };
  const proven = provenEdges(family);
  const made = codeOrder(family, proven);
  // The layers of a Sequential are listed where they are made.
  const isListed =
    made === units && !units.some(({ className }) => className === "Functional" || className === "Model");
  return { events: whole(eventsOfCode(family, made)), unproven: isListed ? [] : unprovenLayers(family, made, counts) };
}

// The state that an optimizer keeps for each variable, found by the variable and not by its place in a list of gradients.
// Source: keras/src/optimizers/base_optimizer.py 3.15.1 for whose state it is; optimizers/*.ts of tfjs-core 4.22 for the saved form.

import { describeBriefly } from "@fanin/tensor/arguments";
import { type AdamOptimizer, type Tensor, tidy, util, type Variable, zerosLike } from "@tensorflow/tfjs-core";

/** A weight as an optimizer's getWeights gives it. */
export type NamedTensor = Awaited<ReturnType<AdamOptimizer["getWeights"]>>[number];

/** A state variable as TensorFlow.js's optimizers keep it. */
interface SavedSlot {
  originalName: string;
  variable: Variable;
}

/** One variable's state; without an owner as long as it was restored and no step has had the variable. */
interface Entry {
  owner: Variable | undefined;
  readonly names: readonly string[];
  readonly slots: readonly Variable[];
}

/** A kind of state: the property of tfjs's optimizer that lists it, and what its name ends with. */
export interface SlotKind {
  readonly property: string;
  readonly suffix: string;
}

/**
 * The state variables of one optimizer. tfjs's own lists, which its getWeights and dispose read, follow the entries.
 */
export class VariableSlots {
  readonly #optimizer: Record<string, SavedSlot[]>;
  readonly #kinds: readonly SlotKind[];
  /** In the order in which they came. */
  #entries: Entry[] = [];
  #owned = new Map<Variable, Entry>();
  /** Whether no step has seen the restored entries yet. */
  #restored = false;

  constructor(optimizer: object, kinds: readonly SlotKind[]) {
    this.#optimizer = optimizer as Record<string, SavedSlot[]>;
    this.#kinds = kinds;
  }

  /** The state of `variable`, one tensor a kind; `prepare` has had the variable. */
  of(variable: Variable): readonly Variable[] {
    return (this.#owned.get(variable) as Entry).slots;
  }

  /**
   * Makes state of zeros for the variables that have none, and frees that of variables which were disposed.
   *
   * @throws RangeError where restored state does not fit the variables, before anything changes.
   */
  prepare(variables: readonly Variable[]): void {
    if (variables.every((variable) => this.#owned.has(variable))) return;
    if (this.#entries.some(({ owner }) => owner === undefined)) this.#assign(variables);
    for (const [variable, { slots }] of this.#owned) {
      if (!variable.isDisposed) continue;
      for (const slot of slots) slot.dispose();
      this.#owned.delete(variable);
    }
    this.#entries = this.#entries.filter(({ owner }) => owner === undefined || this.#owned.has(owner));
    for (const variable of variables) {
      if (this.#owned.has(variable)) continue;
      const entry = this.#zeros(variable);
      this.#entries.push(entry);
      this.#owned.set(variable, entry);
    }
    this.#publish(this.#entries);
  }

  /** Runs `step` of tfjs's own optimizer, which finds state by place, with the lists in the order of `variables`. */
  inOrderOf(variables: readonly Variable[], step: () => void): void {
    this.#publish(variables.map((variable) => this.#owned.get(variable) as Entry));
    try {
      step();
    } finally {
      this.#publish(this.#entries);
    }
  }

  /**
   * Refuses weights that are no state of this optimizer, before any of it changes.
   *
   * @throws TypeError or RangeError that names the weight.
   */
  check(optimizer: string, weights: readonly NamedTensor[]): void {
    const kinds = this.#kinds.length;
    if (!Array.isArray(weights) || weights.length === 0) {
      throw new TypeError(
        `${optimizer}: weights: expected a list that begins with "iter", got ${describeBriefly(weights)}`,
      );
    }
    for (const [i, weight] of weights.entries()) {
      const { name, tensor } = (weight ?? {}) as Partial<NamedTensor>;
      if (typeof name !== "string" || !tensor?.shape) {
        throw new TypeError(
          `${optimizer}: weights[${i}]: expected a name and a tensor, got ${describeBriefly(weight)}`,
        );
      }
      if (tensor.isDisposed)
        throw new RangeError(`${optimizer}: ${name}: expected a tensor, got one that was disposed`);
      if (i > 0 && tensor.dtype !== "float32") {
        throw new TypeError(`${optimizer}: ${name}: expected a tensor of float32, got ${tensor.dtype}`);
      }
    }
    const [iterations, ...state] = weights as [NamedTensor, ...NamedTensor[]];
    const { size, dtype } = iterations.tensor;
    if (size !== 1 || (dtype !== "int32" && dtype !== "float32")) {
      throw new TypeError(
        `${optimizer}: ${iterations.name}: expected the number of steps, got ${size} values of ${dtype}`,
      );
    }
    if (kinds === 0 ? state.length > 0 : state.length % kinds !== 0) {
      throw new RangeError(
        `${optimizer}: weights: expected ${kinds} a variable after the number of steps, got ${state.length}`,
      );
    }
    const count = state.length / Math.max(kinds, 1);
    for (const [i, { name, tensor }] of state.entries()) {
      const { shape } = (state[i % count] as NamedTensor).tensor;
      if (!util.arraysEqual(tensor.shape, shape)) {
        throw new RangeError(`${optimizer}: ${name}: expected the shape [${shape}], got [${tensor.shape}]`);
      }
    }
  }

  /** Takes over what tfjs's setWeights has put in its lists, and frees what was there before. */
  restore(weights: readonly NamedTensor[]): void {
    const given = new Set<Tensor>(weights.map(({ tensor }) => tensor));
    for (const { slots } of this.#entries) for (const slot of slots) if (!given.has(slot)) slot.dispose();
    const lists = this.#kinds.map(({ property }) => this.#optimizer[property] as SavedSlot[]);
    this.#entries = (lists[0] ?? []).map((_, i) => ({
      owner: undefined,
      names: lists.map((list) => (list[i] as SavedSlot).originalName),
      slots: lists.map((list) => (list[i] as SavedSlot).variable),
    }));
    this.#owned.clear();
    this.#restored = true;
  }

  /**
   * Finds the owners of restored state: by name where every variable has state of its name, else by place, which is what
   * tfjs's form means, where number and shapes agree, else by name for those that have state.
   */
  #assign(variables: readonly Variable[]): void {
    const free = this.#entries.filter(({ owner }) => owner === undefined);
    const wanting = variables.filter((variable) => !this.#owned.has(variable));
    const suffix = (this.#kinds[0] as SlotKind).suffix;
    const named = wanting.map((variable) => free.find(({ names }) => names[0] === `${variable.name}/${suffix}`));
    const fits = (entry: Entry, { shape }: Variable) => util.arraysEqual((entry.slots[0] as Variable).shape, shape);
    let found: readonly (Entry | undefined)[] = named;
    if (this.#restored && named.includes(undefined)) {
      const isOrdered = wanting.length === free.length && wanting.every((one, i) => fits(free[i] as Entry, one));
      if (isOrdered) found = free;
      else if (named.every((entry) => entry === undefined)) {
        throw new RangeError(
          `weights: expected state of ${wanting.map(({ name, shape }) => `${name} [${shape}]`).join(", ")}, got ${free.map(({ names, slots }) => `${names[0]} [${slots[0]?.shape}]`).join(", ")}`,
        );
      }
    }
    for (const [i, variable] of wanting.entries()) {
      const entry = found[i];
      if (entry && !fits(entry, variable)) {
        throw new RangeError(
          `${entry.names[0]}: expected the shape [${variable.shape}] of the variable ${variable.name}, got [${entry.slots[0]?.shape}]`,
        );
      }
    }
    this.#restored = false;
    for (const [i, owner] of wanting.entries()) {
      const entry = found[i];
      if (!entry) continue;
      entry.owner = owner;
      this.#owned.set(owner, entry);
    }
  }

  #zeros(owner: Variable): Entry {
    const slots = this.#kinds.map(() => tidy(() => zerosLike(owner).variable(false)) as Variable);
    return { owner, names: this.#kinds.map(({ suffix }) => `${owner.name}/${suffix}`), slots };
  }

  /** Writes tfjs's lists. */
  #publish(entries: readonly Entry[]): void {
    for (const [k, { property }] of this.#kinds.entries()) {
      this.#optimizer[property] = entries.map(({ names, slots }) => ({
        originalName: names[k] as string,
        variable: slots[k] as Variable,
      }));
    }
  }
}

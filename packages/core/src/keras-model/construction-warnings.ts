// What the JSON of a model leaves open about the code that made it, in words.

import type { UnseededInitializer } from "./layer-initializer.ts";
import { buildEvent, makeEvent, type Unit } from "./unit.ts";
import { hasWeightSeeds } from "./weight-seeds.ts";

/** Why the weights of a model may differ from those of the code that made it. */
export const kerasModelWarnings = {
  W_MODEL_ORDER: "the JSON does not show in which order the code made some layers",
  W_MODEL_INITIALIZER: "the code may share an initializer, or make it before its layer",
  W_MODEL_SEEDS: "seeds are drawn one after the other, and the JSON does not hold them",
} as const;

/** Something that the JSON of a model leaves open. */
export interface KerasModelWarning {
  readonly code: keyof typeof kerasModelWarnings;
  /** What is open, and for which layers. */
  readonly message: string;
}

/** The most names that a message lists. */
const LISTED = 4;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).join(", ");
  return names.length > LISTED ? `${shown} and ${names.length - LISTED} more` : shown;
}

function nameOf({ where, key, className }: UnseededInitializer): string {
  return `${className} as ${key} of ${where}`;
}

/** What is open about seeds that the JSON does not hold; nothing where it holds them all. */
export function constructionWarnings(
  units: readonly Unit[],
  unproven: readonly Unit[],
  counts: ReadonlyMap<string, number>,
): readonly KerasModelWarning[] {
  // Seeds that the layer draws for other things than weights, such as dropout, shift those of the layers after it.
  const open = units.filter(({ json, initializers }) => initializers.length > 0 && !hasWeightSeeds(json));
  const drawn = open.filter((unit) => counts.has(makeEvent(unit)) || counts.has(buildEvent(unit)));
  const warnings: KerasModelWarning[] = [];
  const disordered = drawn.length === 0 ? [] : unproven;
  if (disordered.length > 0) {
    const names = listed(disordered.map(({ where }) => where));
    const message = `the JSON does not show in which order the code made ${names}; the order of the JSON is taken where names do not prove another`;
    warnings.push({ code: "W_MODEL_ORDER", message });
  }
  const initializers = open.flatMap((unit) => unit.initializers);
  const generators = new Map<string, number>();
  for (const { generator } of initializers) {
    if (generator !== undefined) generators.set(generator, (generators.get(generator) ?? 0) + 1);
  }
  const given = initializers.filter(({ isDefault, generator }) =>
    generator === undefined ? !isDefault : (generators.get(generator) ?? 0) > 1,
  );
  if (given.length > 0) {
    const names = listed([...new Set(given.map(nameOf))]);
    const message = `if the code makes these initializers before their layers, or gives one to several weights, Keras draws other seeds: ${names}`;
    warnings.push({ code: "W_MODEL_INITIALIZER", message });
  }
  if (drawn.length > 0) {
    const message = `${drawn.length} ${drawn.length === 1 ? "layer draws its seeds" : "layers draw their seeds"} in order: the weights differ from the code's if the code makes layers in another order, shares initializers, or uses Python's random in between`;
    warnings.push({ code: "W_MODEL_SEEDS", message });
  }
  return warnings;
}

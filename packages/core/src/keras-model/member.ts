// A layer in its model: built once, for the shape that its JSON records or the first that arrives; later ones must fit.

import { isRecord } from "../initializers/json-object.ts";
import { KerasModelError } from "./keras-model-error.ts";
import { belowName, type Inputs, type NamedLayer, type WeightPlan } from "./layer.ts";
import { expectShapes, formatPartial, type PartialShape } from "./partial-shape.ts";
import type { Seeds } from "./seeds.ts";
import { buildEvent, isModelClass } from "./unit.ts";
import { reseeded } from "./weight-seeds.ts";

/** The shapes for which Keras built the layer, as `build_config` has them. */
function recordedInputs({ json, inputNames = ["input"], where }: NamedLayer): Inputs | undefined {
  const recorded = json["build_config"];
  if (!isRecord(recorded)) return undefined;
  const named = recorded["shapes_dict"];
  const entries: [string, unknown][] = isRecord(named)
    ? Object.entries(named).map(([key, value]) => [key.replace(/_shape$/, ""), value])
    : [[inputNames[0] ?? "input", recorded["input_shape"]]];
  const inputs: [string, readonly PartialShape[]][] = [];
  for (const [name, value] of entries) {
    if (value === null || value === undefined) continue;
    const shapes = expectShapes(value);
    if (shapes) inputs.push([name, shapes]);
    else if (!isRecord(value) && !Array.isArray(value)) {
      throw new KerasModelError(
        "E_MODEL_CONFIG",
        where,
        `build_config: expected a shape, got ${JSON.stringify(value)}`,
      );
    }
  }
  const isComplete = inputNames.length === 0 || inputs.some(([name]) => name === inputNames[0]);
  return isComplete && inputs.length > 0 ? Object.fromEntries(inputs) : undefined;
}

/** Models check what is in them when they are given a shape. */
export function isModel({ className }: NamedLayer): boolean {
  return isModelClass(className);
}

/** A layer, its weights once they are known. */
export class Member {
  readonly layer: NamedLayer;
  readonly #seeds: Seeds;
  readonly #recorded: Inputs | undefined;
  #plans: readonly WeightPlan[] | undefined;

  constructor(layer: NamedLayer, seeds: Seeds) {
    this.layer = layer;
    this.#seeds = seeds;
    this.#recorded = isModel(layer) ? undefined : recordedInputs(layer);
    if (!layer.build) this.#plans = [];
  }

  /** Builds the layer for the shape that its JSON records, if it does. */
  build(): void {
    if (this.#recorded) this.#plans ??= this.#built(this.#recorded);
  }

  /** The weights for these inputs, drawn from the seeds that the JSON has for them. */
  #built(inputs: Inputs): readonly WeightPlan[] {
    const { layer } = this;
    if (isModel(layer)) return layer.build?.(inputs) ?? [];
    const plans = this.#seeds.during(buildEvent(layer.unit), () => layer.build?.(inputs) ?? []);
    return reseeded(layer, plans);
  }

  /** The weights; undefined before a shape is known. Names begin with the layer's own. */
  get plans(): readonly WeightPlan[] | undefined {
    return this.#plans && belowName(this.layer, this.#plans);
  }

  /**
   * Takes what the layer is called with; gives the shapes of its outputs, undefined where they cannot be known.
   *
   * @throws KerasModelError where the weights would have other shapes than those that are there.
   */
  call(arriving: Inputs | undefined): readonly PartialShape[] | undefined {
    const inputs = arriving ?? this.#recorded;
    if (!inputs) return undefined;
    if (this.#plans === undefined || isModel(this.layer)) this.#plans = this.#built(inputs);
    else if (arriving) this.#expectFit(arriving, this.#plans);
    return this.layer.outputs ? this.layer.outputs(inputs) : Object.values(inputs)[0];
  }

  #expectFit(arriving: Inputs, plans: readonly WeightPlan[]): void {
    const { layer } = this;
    const trial = this.#seeds.muted(() => layer.build?.(arriving)) ?? [];
    const shapesOf = (weights: readonly WeightPlan[]) => weights.map(({ shape }) => formatPartial(shape));
    if (shapesOf(trial).join() === shapesOf(plans).join()) return;
    const shapes = Object.values(arriving).flat().map(formatPartial).join(", ");
    const built = Object.values(this.#recorded ?? {})
      .flat()
      .map(formatPartial)
      .join(", ");
    const expected = built === "" ? "the shape of its first call" : `${built}, for which it was built`;
    throw new KerasModelError("E_MODEL_SHAPE", layer.where, `input: expected ${expected}, got ${shapes}`);
  }
}

// What a layer is to a model: the seeds it draws when it is made, the weights it has once built, the shapes it gives.

import type { Shape, Tensor } from "@fanin/tensor";
import type { Initializer } from "../initializers/initializer.ts";
import type { JsonObject } from "../initializers/json-object.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { LayerInitializer } from "./layer-initializer.ts";
import type { PartialShape } from "./partial-shape.ts";
import type { Seeds } from "./seeds.ts";
import type { ConstructionOrder, Unit } from "./unit.ts";

/** The element type of a layer's weights. */
export type WeightDType = "float32" | "float64" | "float16" | "bfloat16" | "int32" | "int64";

/** A seed as a JSON may hold it for one weight: an integer, or the pair of a SeedGenerator's state. */
export type WeightSeed = bigint | readonly [bigint, bigint];

/** A weight before it has values. */
export interface WeightPlan {
  readonly name: string;
  /** The name below those of all the models around it, for weights whose paths are the same in Keras. */
  readonly qualifiedName: string;
  /** Whether the weight was built by a submodel of its own, below which its path begins. */
  readonly isRooted: boolean;
  readonly shape: Shape;
  readonly dtype: WeightDType;
  /** What draws it, where that is one call of an initializer; null where its values are made in another way. */
  readonly initializer: Initializer | null;
  values(): Tensor<WeightDType>;
  /** The same weight drawn from another seed; of a constant, the same. */
  reseeded(seed: WeightSeed): WeightPlan;
}

/** What a layer is called with, by the argument's name: one shape, or those of a list of tensors. */
export type Inputs = Readonly<Record<string, readonly PartialShape[]>>;

/** A layer that is made: its seeds are drawn. */
export interface Layer {
  /** The arguments of its call, in order. Defaults to `input` alone. */
  readonly inputNames?: readonly string[];
  /** Whether it is a model that is built before it is called, so that paths of its weights begin with its own name. */
  readonly isBuiltAlone?: boolean;
  /** The weights for these inputs, in Keras's order; attention draws seeds here. A layer without it has no weights. */
  build?(inputs: Inputs): readonly WeightPlan[];
  /** The shapes of its outputs; undefined where they are not known. Without it the output is as the input. */
  outputs?(inputs: Inputs): readonly PartialShape[] | undefined;
}

/** A layer with its place in the model. */
export interface NamedLayer extends Layer {
  readonly name: string;
  readonly className: string;
  /** What errors begin with. */
  readonly where: string;
  /** Its whole JSON: config, build_config, inbound_nodes. */
  readonly json: JsonObject;
  readonly unit: Unit;
}

/** What a definition makes a layer from. */
export interface Construction {
  readonly config: ConfigReader;
  readonly className: string;
  readonly name: string;
  readonly json: JsonObject;
  readonly seeds: Seeds;
  readonly dtype: WeightDType;
  /** Whose order of making layers is followed. */
  readonly order: ConstructionOrder;
  /** The number in the name of the model's own InputLayer; undefined where Keras did not name it. */
  readonly firstInput: number | undefined;
  /** The initializer under `key`, or `fallback` where there is none or no key; draws its seed now. */
  initializer(key: string | null, fallback: string): LayerInitializer;
  /** The initializer of one value. */
  constant(value: number): LayerInitializer;
  /** A counter that begins at 0, of the integer type that Keras calls `int` on the backend. */
  count(name: string): WeightPlan;
  /** Draws the seed of the layer's own SeedGenerator, unless the config has one. */
  drawSeed(): void;
  /** A weight of this layer, of the layer's own dtype by default; throws where a dimension is not known. */
  weight(name: string, shape: PartialShape, initializer: LayerInitializer, dtype?: WeightDType): WeightPlan;
  /** A weight whose values are made in another way than by one call of its initializer. */
  computed(
    name: string,
    shape: PartialShape,
    initializer: LayerInitializer,
    values: (shape: Shape, initializer: Initializer) => Tensor<WeightDType>,
  ): WeightPlan;
  /** Makes a layer that this one holds. */
  construct(json: unknown): NamedLayer;
}

/** A class of layers. */
export type LayerDefinition = (construction: Construction) => Layer;

/** The shape of the first argument. */
export function inputOf(inputs: Inputs, name = "input"): PartialShape {
  return inputs[name]?.[0] ?? [];
}

/** Plans with `prefix/` before each name; the path of a weight that a submodel built itself stays. */
export function prefixed(prefix: string, plans: readonly WeightPlan[]): readonly WeightPlan[] {
  return plans.map((plan) => ({
    ...plan,
    name: plan.isRooted ? plan.name : `${prefix}/${plan.name}`,
    qualifiedName: `${prefix}/${plan.qualifiedName}`,
    reseeded: (seed) => prefixed(prefix, [plan.reseeded(seed)])[0] as WeightPlan,
  }));
}

/** Plans of a model that Keras builds by itself: names of models around it do not come before theirs. */
export function rooted(plans: readonly WeightPlan[]): readonly WeightPlan[] {
  return plans.map((plan) => ({
    ...plan,
    isRooted: true,
    reseeded: (seed) => rooted([plan.reseeded(seed)])[0] as WeightPlan,
  }));
}

/** The weights of a layer under its name. */
export function belowName(layer: NamedLayer, plans: readonly WeightPlan[]): readonly WeightPlan[] {
  const named = prefixed(layer.name, plans);
  return layer.isBuiltAlone ? rooted(named) : named;
}

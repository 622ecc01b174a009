// What a layer is to a model: the seeds it draws when it is made, the weights it has once built, the shapes it gives.

import type { Initializer } from "../initializers/initializer.ts";
import type { JsonObject } from "../initializers/json-object.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { LayerInitializer } from "./layer-initializer.ts";
import type { PartialShape } from "./partial-shape.ts";
import type { Seeds } from "./seeds.ts";

/** The element type of a layer's weights. */
export type WeightDType = "float32" | "float64" | "float16" | "bfloat16";

/** A weight before it has values. */
export interface WeightPlan {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: WeightDType;
  /** What draws it, where that is one call of an initializer; null where its values are made in another way. */
  readonly initializer: Initializer | null;
  values(): Tensor<WeightDType>;
}

/** What a layer is called with, by the argument's name: one shape, or those of a list of tensors. */
export type Inputs = Readonly<Record<string, readonly PartialShape[]>>;

/** A layer that is made: its seeds are drawn. */
export interface Layer {
  /** The arguments of its call, in order; `input` alone unless said. */
  readonly inputNames?: readonly string[];
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
}

/** What a definition makes a layer from. */
export interface Construction {
  readonly config: ConfigReader;
  readonly className: string;
  readonly name: string;
  readonly json: JsonObject;
  readonly seeds: Seeds;
  readonly dtype: WeightDType;
  /** The initializer under `key`, or `fallback` where there is none or no key; draws its seed now. */
  initializer(key: string | null, fallback: string): LayerInitializer;
  /** Draws the seed of the layer's own SeedGenerator, unless the config has one. */
  drawSeed(): void;
  /** A weight of this layer; throws where a dimension is not known. */
  weight(name: string, shape: PartialShape, initializer: LayerInitializer): WeightPlan;
  /** A weight whose values are made in another way than by one call of an initializer. */
  computed(name: string, shape: PartialShape, values: (shape: Shape) => Tensor<WeightDType>): WeightPlan;
  /** Makes a layer that this one holds. */
  construct(json: unknown): NamedLayer;
}

/** A class of layers. */
export type LayerDefinition = (construction: Construction) => Layer;

/** The shape of the first argument. */
export function inputOf(inputs: Inputs, name = "input"): PartialShape {
  return inputs[name]?.[0] ?? [];
}

/** Plans with `prefix/` before each name. */
export function prefixed(prefix: string, plans: readonly WeightPlan[]): readonly WeightPlan[] {
  return plans.map((plan) => ({ ...plan, name: `${prefix}/${plan.name}`, values: () => plan.values() }));
}

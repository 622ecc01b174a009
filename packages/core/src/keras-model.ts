// The public names of @fanin/core/keras-model: the initial weights of a whole Keras model.

export { type KerasModelWarning, kerasModelWarnings } from "./keras-model/construction-warnings.ts";
export { type KerasModelCode, KerasModelError, kerasModelReasons } from "./keras-model/keras-model-error.ts";
export {
  type KerasWeight,
  type KerasWeightList,
  type KerasWeightPlan,
  type KerasWeightsOptions,
  kerasLayerNames,
  kerasWeightPlans,
  kerasWeights,
} from "./keras-model/keras-weights.ts";
export type { ConstructionOrder } from "./keras-model/unit.ts";
export type { StreamName } from "./random/stream-names.ts";

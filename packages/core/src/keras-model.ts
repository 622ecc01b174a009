// The public names of @fanin/core/keras-model: the initial weights of a whole Keras model.

export { type KerasModelCode, KerasModelError, kerasModelReasons } from "./keras-model/keras-model-error.ts";
export {
  type KerasWeight,
  type KerasWeightPlan,
  type KerasWeightsOptions,
  kerasLayerNames,
  kerasWeightPlans,
  kerasWeights,
} from "./keras-model/keras-weights.ts";
export type { StreamName } from "./random/streams.ts";

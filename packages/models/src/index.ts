// The public names of @fanin/models: weights of whole models, larger than memory, from a specification to files.

export {
  type MaterializeObserver,
  type MaterializeOptions,
  materialize,
  WriteError,
} from "./materialize/materialize.ts";
export { holdsWeights, mergeWeights } from "./materialize/merge-weights.ts";
export { readWeightsSpec, type SpecDefaults } from "./materialize/read-spec.ts";
export type { SeedRule } from "./materialize/seed-rule.ts";
export { expectWholeFits, formatBytes, planShards, type ShardPlan, WHOLE_BYTES } from "./materialize/shard-layout.ts";
export { WeightsSpecError } from "./materialize/spec-error.ts";
export type { KerasModelPlan, TensorPlan, WeightsPlan } from "./materialize/tensor-plan.ts";
export { WeightsFolder, WeightsFolderError, type WeightsManifest } from "./materialize/weights-folder.ts";
export { type OutlineTensor, outlineOf, type WeightsOutline } from "./materialize/weights-outline.ts";

// The public names of @fanin/sweep/materialize: weights larger than memory, from a specification to files.

export { type MaterializeObserver, type MaterializeOptions, materialize, WriteError } from "./materialize.ts";
export { holdsWeights, mergeWeights } from "./merge-weights.ts";
export { readWeightsSpec, type SpecDefaults } from "./read-spec.ts";
export type { SeedRule } from "./seed-rule.ts";
export { expectWholeFits, formatBytes, planShards, type ShardPlan, WHOLE_BYTES } from "./shard-layout.ts";
export { WeightsSpecError } from "./spec-error.ts";
export type { KerasModelPlan, TensorPlan, WeightsPlan } from "./tensor-plan.ts";
export { WeightsFolder, WeightsFolderError, type WeightsManifest } from "./weights-folder.ts";
export { type OutlineTensor, outlineOf, type WeightsOutline } from "./weights-outline.ts";

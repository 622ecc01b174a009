// The public names of @fanin/lab: comparisons, signal propagation, diagnosis, recommendation and papers.

export {
  compare,
  compareConfig,
  compareResult,
  compareResults,
  defaultConfig,
  describeDataset,
  expectFit,
  planRuns,
} from "./compare/compare.ts";
export type { CompareConfig, Run } from "./compare/config.ts";
export { datasetSchema } from "./compare/dataset-schema.ts";
export { layerInitializers } from "./compare/layer-initializers.ts";
export { lossAuc } from "./compare/learning-curve.ts";
export { pairedComparisons, seedsToJudge } from "./compare/paired-comparison.ts";
export type {
  CompareResult,
  Comparison,
  DatasetInfo,
  EpochMetrics,
  InitializerSummary,
  RunResult,
  Spread,
} from "./compare/result.ts";
export { resultMisfit } from "./compare/result-misfit.ts";
export { sha256 } from "./compare/sha256.ts";
export { spread } from "./compare/spread.ts";
export { type RunProgress, TrainRun, trainingCount, trainRun } from "./compare/train-run.ts";
export { type CodeExplanation, codes, explainCode, type FindingCode, type Severity } from "./diagnose/codes.ts";
export { diagnose } from "./diagnose/diagnose.ts";
export { diagnoseNetwork, judgeNetwork, type NetworkDiagnosis, type RateReport } from "./diagnose/diagnose-network.ts";
export type { WeightsDiagnosis } from "./diagnose/diagnose-weights.ts";
export { type Finding, hasFindingAt } from "./diagnose/finding.ts";
export { measureNetwork } from "./diagnose/measure-network.ts";
export type { InputStatistics, NetworkDescription } from "./diagnose/network-description.ts";
export { findTopics, type TopicName, topics } from "./diagnose/topics.ts";
export { type ActivationName, activations, resolveActivation } from "./engine/activations.ts";
export { DenseNetwork } from "./engine/dense-network.ts";
export { histogram, moments } from "./engine/moments.ts";
export { type OptimizerName, optimizers } from "./engine/optimizers.ts";
export { TrainingData } from "./engine/training-data.ts";
export { denseEngine, type EngineName, engineNames, type TrainingEngine } from "./engine/training-engine.ts";
export { type PaperName, papers } from "./papers/index.ts";
export type { PaperRow, PaperTable } from "./papers/paper-table.ts";
export { type Recommendation, type RecommendOptions, recommend } from "./recommend/recommend.ts";
export { type MeanFieldActivation, meanFieldActivations } from "./signal/activation-functions.ts";
export { criticalPoint, type PhaseDiagram, phaseDiagram } from "./signal/edge-of-chaos.ts";
export { lsuv } from "./signal/lsuv.ts";
export { meanField } from "./signal/mean-field.ts";
export { type LayerSignal, type Measured, propagate, type SignalReport } from "./signal/propagate.ts";

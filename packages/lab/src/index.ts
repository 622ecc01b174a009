// The public names of @fanin/lab.

export { type BcaInterval, bcaInterval } from "./compare/bootstrap.ts";
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
export { holm } from "./compare/holm.ts";
export { isResultOf, type ResultPlan, resultMisfit } from "./compare/is-result-of.ts";
export { layerInitializers } from "./compare/layer-initializers.ts";
export { epochOfTarget, lossAuc } from "./compare/learning-curve.ts";
export { normalQuantile } from "./compare/normal-quantile.ts";
export { ENOUGH_SEEDS, pairedComparisons, SIGNIFICANCE, seedsToJudge } from "./compare/paired-comparison.ts";
export type {
  CompareResult,
  Comparison,
  ComparisonMetric,
  DatasetInfo,
  EpochMetrics,
  EpochsToTarget,
  InitializerSummary,
  LayerWeights,
  RunResult,
  Spread,
  Verdict,
} from "./compare/result.ts";
export { sha256 } from "./compare/sha256.ts";
export { signFlipTest } from "./compare/sign-flip.ts";
export { spread } from "./compare/spread.ts";
export { type RunProgress, TrainRun, trainingCount, trainRun } from "./compare/train-run.ts";
export { type Dataset, type Examples, fashionClasses } from "./data/dataset.ts";
export {
  type IdxImages,
  type IdxLabels,
  type IdxLabelsOptions,
  type IdxOptions,
  readIdx,
  readIdxImages,
  readIdxLabels,
} from "./data/idx.ts";
export { digitClasses, type IdxFile, type IdxParts, idxFileNames, readIdxDataset } from "./data/idx-dataset.ts";
export { type DatasetCode, datasetReasons } from "./data/malformed-dataset.ts";
export { type ProceduralOptions, proceduralDataset } from "./data/procedural.ts";
export { familyDistribution } from "./diagnose/candidate-distributions.ts";
export { type CodeExplanation, codes, explainCode, type FindingCode, type Severity } from "./diagnose/codes.ts";
export { diagnose, diagnoseTensors, type WeightsOptions } from "./diagnose/diagnose.ts";
export { diagnoseNetwork, judgeNetwork, type NetworkDiagnosis, type RateReport } from "./diagnose/diagnose-network.ts";
export type { DiagnoseWeightsOptions, WeightsDiagnosis } from "./diagnose/diagnose-weights.ts";
export { type Finding, hasFindingAt } from "./diagnose/finding.ts";
export { type InspectedTensor, inspectTensor, type TensorReport } from "./diagnose/inspect-tensor.ts";
export { fansOf, type Layout, lastPart, layoutOfNames, layouts } from "./diagnose/layout.ts";
export { type DiagnoseNetworkOptions, measureNetwork } from "./diagnose/measure-network.ts";
export { beginningOf, hasUnits, type MeasuredTensor, measureTensor } from "./diagnose/measured-tensor.ts";
export { listed, naturalOrder } from "./diagnose/natural-order.ts";
export type { InputStatistics, NetworkDescription } from "./diagnose/network-description.ts";
export type { Role } from "./diagnose/tensor-names.ts";
export {
  type Evidence,
  type FileEvidence,
  type KernelKind,
  type TensorPart,
  tensorParts,
} from "./diagnose/tensor-parts.ts";
export { findTopics, type Topic, type TopicName, topics } from "./diagnose/topics.ts";
export { type TrainingState, trainingStates } from "./diagnose/training-state.ts";
export type { ValueStatistics } from "./diagnose/value-statistics.ts";
export type { WeightFamily } from "./diagnose/weight-family.ts";
export type { TensorName, UnitMatrix, WeightTensor } from "./diagnose/weight-tensor.ts";
export { type ActivationName, activations, resolveActivation } from "./engine/activations.ts";
export { type BatchMetrics, DenseNetwork, type DenseOptions } from "./engine/dense-network.ts";
export { histogram, type Moments, moments } from "./engine/moments.ts";
export { type OptimizerName, optimizers } from "./engine/optimizers.ts";
export { TrainingData } from "./engine/training-data.ts";
export {
  denseEngine,
  type EngineName,
  engineNames,
  type TrainableNetwork,
  type TrainingEngine,
} from "./engine/training-engine.ts";
export { type PaperName, papers } from "./papers/index.ts";
export type { PaperRow, PaperTable } from "./papers/paper-table.ts";
export { type Norm, type Recommendation, type RecommendOptions, recommend } from "./recommend/recommend.ts";
export type { Snippets } from "./recommend/snippets.ts";
export type { VggGradient } from "./recommend/vgg-b.ts";
export { compareAnswer, formatDifference } from "./report/compare-answer.ts";
export { compareReport } from "./report/compare-report.ts";
export { epochsText } from "./report/compare-tables.ts";
export { diagnoseReport } from "./report/diagnose-report.ts";
export { type HtmlTable, htmlTable, type TableCell } from "./report/html-table.ts";
export { figure, initializerCode, layersText, plural, settingsCard } from "./report/report-markup.ts";
export { type ReportExtras, type ReportPage, reportPage } from "./report/report-page.ts";
export { type MeanFieldActivation, meanFieldActivations } from "./signal/activation-functions.ts";
export { activationGain, type Gain } from "./signal/activation-means.ts";
export { type CriticalPoint, criticalPoint, type PhaseDiagram, phaseDiagram } from "./signal/edge-of-chaos.ts";
export { type LsuvLayer, type LsuvNetwork, type LsuvResult, lsuv } from "./signal/lsuv.ts";
export { type MeanField, type MeanFieldLayer, meanField } from "./signal/mean-field.ts";
export type { SignalNetwork } from "./signal/network.ts";
export { orthonormal } from "./signal/orthonormal.ts";
export {
  type LayerSignal,
  type Measured,
  type PropagateOptions,
  propagate,
  type SignalReport,
} from "./signal/propagate.ts";
export { marchenkoPastur, type SpectrumLaw, singularValues } from "./signal/singular-values.ts";

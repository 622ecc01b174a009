// The public names of @fanin/sweep: grids of comparisons on threads and queues.
// Files inside the package import each other directly.

export { type BestSetting, bestSetting, selectionWords } from "./grid/best-setting.ts";
export { readSweepSpec, SpecError } from "./grid/read-sweep-spec.ts";
export { type RunRecord, runRecordMisfit, runRecordText } from "./grid/run-record.ts";
export {
  runLabel,
  type SweepCell,
  type SweepPlan,
  type SweepRun,
  sweepPlan,
  sweepPlanOf,
  takeExamples,
} from "./grid/sweep-plan.ts";
export {
  type DepthScale,
  depthScale,
  type SweepCellResult,
  type SweepResult,
  type SweepRunSummary,
  sweepResult,
} from "./grid/sweep-result.ts";
export { MAX_RUNS, type SweepSpec, specFields, sweepSpec } from "./grid/sweep-spec.ts";
export { type QueueAddress, QueueError, queueAddress } from "./queue/queue-address.ts";
export { type ServeOptions, serveQueue } from "./queue/serve-queue.ts";
export { trainOnQueue, type Verification } from "./queue/train-on-queue.ts";
export { type SweepReportExtras, sweepReport } from "./report/sweep-report.ts";
export { loadEngine } from "./run/load-engine.ts";
export { type PoolRun, ThreadDeathError } from "./run/run-pool.ts";
export { type TrainObserver, type TrainOptions, trainAll } from "./run/train-all.ts";

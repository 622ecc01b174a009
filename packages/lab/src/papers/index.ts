// The reproduced tables of papers, by number.

import { bornDead } from "./born-dead.ts";
import { coordinateCheck } from "./coordinate-check.ts";
import { deepTraining } from "./deep-training.ts";
import { deltaOrthogonal } from "./delta-orthogonal.ts";
import { edgeOfChaos } from "./edge-of-chaos.ts";
import { gains } from "./gains.ts";
import { jacobianSpectrum } from "./jacobian-spectrum.ts";
import { layerJacobian } from "./layer-jacobian.ts";
import { learningTime } from "./learning-time.ts";
import type { PaperTable } from "./paper-table.ts";
import { residualGrowth } from "./residual-growth.ts";
import { symmetry } from "./symmetry.ts";
import { unitVariance } from "./unit-variance.ts";
import { varianceByDepth } from "./variance-by-depth.ts";
import { vggArithmetic } from "./vgg-arithmetic.ts";
import { zeroStart } from "./zero-start.ts";

/** The number of a table. */
export type PaperName =
  | "T1"
  | "T2"
  | "T3"
  | "T4"
  | "T5"
  | "T6"
  | "T7"
  | "T8"
  | "T9"
  | "T10"
  | "T11"
  | "T12"
  | "T13"
  | "T14"
  | "T16";

/** All tables, by number. */
export const papers: Readonly<Record<PaperName, PaperTable>> = {
  T1: varianceByDepth,
  T2: gains,
  T3: edgeOfChaos,
  T4: layerJacobian,
  T5: vggArithmetic,
  T6: deepTraining,
  T7: unitVariance,
  T8: learningTime,
  T9: jacobianSpectrum,
  T10: residualGrowth,
  T11: deltaOrthogonal,
  T12: bornDead,
  T13: coordinateCheck,
  T14: symmetry,
  T16: zeroStart,
};

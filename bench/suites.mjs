// The list of suites, in the order in which they run.
// @ts-check

import { cnnStep } from "./suites/cnn-step.mjs";
import { convolution3x3 } from "./suites/convolution.mjs";
import { fills } from "./suites/fills.mjs";
import { matmul } from "./suites/matmul.mjs";
import { orthogonal } from "./suites/orthogonal.mjs";
import { peak } from "./suites/peak.mjs";
import { sizes } from "./suites/sizes.mjs";
import { smallFills } from "./suites/small-fills.mjs";
import { tfjsDispatch } from "./suites/tfjs-dispatch.mjs";
import { tfjsTrainingStep } from "./suites/tfjs-step.mjs";
import { trainingStep } from "./suites/training-step.mjs";

/** @type {readonly import("./compare.mjs").Suite[]} */
export const suites = [
  peak,
  fills,
  smallFills,
  orthogonal,
  matmul,
  trainingStep,
  tfjsTrainingStep,
  tfjsDispatch,
  cnnStep,
  convolution3x3,
  sizes,
];

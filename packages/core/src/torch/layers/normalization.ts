// torch.nn.BatchNorm and LayerNorm as they start: nothing is drawn.
// Source: torch/nn/modules/batchnorm.py (_NormBase), normalization.py (LayerNorm), PyTorch 2.13.

import type { Shape } from "@fanin/tensor";
import { expectBoolean } from "@fanin/tensor/arguments";
import { expectOptions } from "../../parameters/parameters.ts";
import { ones, zeros } from "../constants.ts";
import { expectCount } from "../expect-count.ts";
import type { StateDict } from "./linear.ts";

/** Options of {@link batchNorm}. */
export interface BatchNormOptions {
  /** Whether there are weight and bias. Defaults to true. */
  readonly affine?: boolean | undefined;
  /** Whether there is a bias beside the weight. Defaults to true. */
  readonly bias?: boolean | undefined;
  /** Whether there are running statistics. Defaults to true. */
  readonly trackRunningStats?: boolean | undefined;
}

/**
 * `torch.nn.BatchNorm1d`, `2d` and `3d`: weight 1, bias 0, running_mean 0, running_var 1 and num_batches_tracked 0, which
 * torch keeps as int64 and this as float32, its only type.
 *
 * @throws RangeError for a number of features below 0.
 * @example
 * Object.keys(batchNorm(64)); // => [ 'weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked' ]
 */
export function batchNorm(numFeatures: number, options: BatchNormOptions = {}): StateDict {
  expectOptions("batchNorm", options, ["affine", "bias", "trackRunningStats"]);
  const shape = [expectCount("numFeatures", numFeatures, 0)];
  const affine = expectBoolean("affine", options.affine ?? true);
  const bias = expectBoolean("bias", options.bias ?? true);
  const tracked = expectBoolean("trackRunningStats", options.trackRunningStats ?? true);
  return {
    ...(affine ? { weight: ones(shape) } : {}),
    ...(affine && bias ? { bias: zeros(shape) } : {}),
    ...(tracked ? { running_mean: zeros(shape), running_var: ones(shape), num_batches_tracked: zeros([]) } : {}),
  };
}

/** Options of {@link layerNorm}. */
export interface LayerNormOptions {
  /** Whether there are weight and bias. Defaults to true. */
  readonly elementwiseAffine?: boolean | undefined;
  /** Whether there is a bias beside the weight. Defaults to true. */
  readonly bias?: boolean | undefined;
}

/**
 * `torch.nn.LayerNorm(normalizedShape)`: weight 1, bias 0.
 *
 * @throws TypeError or RangeError for what is no shape.
 * @example
 * Object.keys(layerNorm([16, 8])); // => [ 'weight', 'bias' ]
 */
export function layerNorm(normalizedShape: number | Shape, options: LayerNormOptions = {}): StateDict {
  expectOptions("layerNorm", options, ["elementwiseAffine", "bias"]);
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  const affine = expectBoolean("elementwiseAffine", options.elementwiseAffine ?? true);
  const bias = expectBoolean("bias", options.bias ?? true);
  return {
    ...(affine ? { weight: ones(shape) } : {}),
    ...(affine && bias ? { bias: zeros(shape) } : {}),
  };
}

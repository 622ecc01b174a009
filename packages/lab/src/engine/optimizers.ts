// The optimizers of the dense engine with the defaults of Keras 3. One kernel call updates all parameters. One entry each.
// Source: keras/src/optimizers/{sgd,adam,rmsprop}.py 3.15.

import type { Kernels } from "@fanin/core/runtime";

/** The parameters and their gradients, `n` floats each, and the optimizer's slots of the same length. */
export interface OptimizerStep {
  readonly weights: number;
  readonly gradients: number;
  readonly slots: readonly number[];
  readonly n: number;
  /** The number of this update, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/** One optimizer. */
export interface Optimizer {
  readonly learningRate: number;
  /** The number of its slots: arrays of the parameters' length, initially zero. */
  readonly slots: number;
  update(kernels: Kernels, step: OptimizerStep): void;
}

export const MOMENTUM = 0.9;
export const BETA_1 = 0.9;
export const BETA_2 = 0.999;
export const RHO = 0.9;
export const EPSILON = 1e-7;

/** The name of an optimizer. */
export type OptimizerName = "adam" | "momentum" | "rmsprop" | "sgd";

/** Every optimizer. */
export const optimizers: Readonly<Record<OptimizerName, Optimizer>> = {
  adam: {
    learningRate: 0.001,
    slots: 2,
    update(kernels, { weights, gradients, slots: [first = 0, second = 0], n, step, learningRate }) {
      const alpha = (learningRate * Math.sqrt(1 - BETA_2 ** step)) / (1 - BETA_1 ** step);
      kernels.adam_f32(weights, first, second, gradients, n, alpha, 1 - BETA_1, 1 - BETA_2, EPSILON);
    },
  },
  momentum: {
    learningRate: 0.01,
    slots: 1,
    update(kernels, { weights, gradients, slots: [velocity = 0], n, learningRate }) {
      kernels.momentum_f32(weights, velocity, gradients, n, learningRate, MOMENTUM);
    },
  },
  rmsprop: {
    learningRate: 0.001,
    slots: 1,
    update(kernels, { weights, gradients, slots: [square = 0], n, learningRate }) {
      kernels.rmsprop_f32(weights, square, gradients, n, learningRate, RHO, 1 - RHO, EPSILON);
    },
  },
  sgd: {
    learningRate: 0.01,
    slots: 0,
    update(kernels, { weights, gradients, n, learningRate }) {
      kernels.sgd_f32(weights, gradients, n, learningRate);
    },
  },
};

// Makers of the fused optimizers: checked arguments in, TensorFlow.js's Optimizers out.
// Source: tf.train of tfjs-core 4.22 for names, order and defaults of the arguments; Keras 3.15.1 for AdamW's.

import { expectNumber } from "@fanin/tensor/arguments";
import type { AdamOptimizer, MomentumOptimizer, RMSPropOptimizer, SGDOptimizer } from "@tensorflow/tfjs-core";
import { FusedAdam, FusedAdamW, FusedMomentum, FusedRmsprop, FusedSgd } from "./fused-optimizers.ts";

function expectRate(name: string, value: unknown, low = 0): number {
  const rate = expectNumber(name, value);
  if (rate < low || !Number.isFinite(rate)) throw new RangeError(`${name}: expected a number >= ${low}, got ${rate}`);
  return rate;
}

function expectFraction(name: string, value: unknown): number {
  const fraction = expectRate(name, value);
  if (fraction >= 1) throw new RangeError(`${name}: expected a number in [0, 1), got ${fraction}`);
  return fraction;
}

/**
 * `tf.train.sgd` in one kernel a variable: w -= rate g.
 *
 * @throws TypeError or RangeError for a rate that is no finite number >= 0.
 * @example
 * sgd(0.01).getConfig(); // => { learningRate: 0.01 }
 */
export function sgd(learningRate: number): SGDOptimizer {
  return new FusedSgd(expectRate("learningRate", learningRate));
}

/**
 * `tf.train.momentum` in one kernel a variable: a = momentum a + g; w -= rate a, or rate (g + momentum a) for Nesterov.
 *
 * @example
 * momentum(0.01, 0.9).getConfig(); // => { learningRate: 0.01, momentum: 0.9, useNesterov: false }
 */
export function momentum(learningRate: number, momentumRate: number, useNesterov: boolean = false): MomentumOptimizer {
  return new FusedMomentum(
    expectRate("learningRate", learningRate),
    expectFraction("momentum", momentumRate),
    useNesterov,
  );
}

/**
 * `tf.train.adam` in one kernel a variable (Kingma and Ba 2015), with TensorFlow.js's defaults.
 *
 * @example
 * adam(0.001).getConfig(); // => { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }
 */
export function adam(
  learningRate: number = 0.001,
  beta1: number = 0.9,
  beta2: number = 0.999,
  epsilon?: number,
): AdamOptimizer {
  return new FusedAdam(
    expectRate("learningRate", learningRate),
    expectFraction("beta1", beta1),
    expectFraction("beta2", beta2),
    epsilon === undefined ? undefined : expectRate("epsilon", epsilon),
  );
}

/**
 * AdamW as Keras has it: w -= rate weightDecay w, then w -= rate sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon), in
 * two passes a variable. TensorFlow.js has none of its own.
 *
 * @see Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019; the defaults are Keras's.
 * @example
 * adamw(0.001, 0.004).getClassName(); // => 'AdamW'
 */
export function adamw(
  learningRate: number = 0.001,
  weightDecay: number = 0.004,
  beta1: number = 0.9,
  beta2: number = 0.999,
  epsilon?: number,
): AdamOptimizer {
  return new FusedAdamW(
    expectRate("learningRate", learningRate),
    expectFraction("beta1", beta1),
    expectFraction("beta2", beta2),
    epsilon === undefined ? undefined : expectRate("epsilon", epsilon),
    expectRate("weightDecay", weightDecay),
  );
}

/**
 * `tf.train.rmsprop` in one kernel a variable, with TensorFlow.js's defaults; the centered form is Keras's, for TensorFlow.js's is
 * NaN where a gradient is 0.
 *
 * @example
 * rmsprop(0.001).getConfig(); // => { learningRate: 0.001, decay: 0.9, momentum: 0, epsilon: 1e-7, centered: false }
 */
export function rmsprop(
  learningRate: number,
  decay: number = 0.9,
  momentumRate: number = 0,
  epsilon?: number,
  centered: boolean = false,
): RMSPropOptimizer {
  return new FusedRmsprop(
    expectRate("learningRate", learningRate),
    expectFraction("decay", decay),
    expectFraction("momentum", momentumRate),
    epsilon === undefined ? undefined : expectRate("epsilon", epsilon),
    centered,
  );
}

// The parameters of a comparison. Nothing else changes its result.

import type { ActivationName } from "../engine/activations.ts";
import type { OptimizerName } from "../engine/optimizers.ts";
import type { EngineName } from "../engine/training-engine.ts";

/** All parameters of a comparison, with defaults filled in. */
export interface CompareConfig {
  /** Sizes of input, hidden and output layers. */
  readonly layers: readonly number[];
  readonly activation: ActivationName;
  /** Initializers of the hidden layers, as the user wrote them, such as `random_normal(stddev=1)`. */
  readonly initializers: readonly string[];
  /** The initializer of the output layer. */
  readonly outputInitializer: string;
  readonly stream: string;
  readonly seeds: readonly number[];
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  /** The share of the training examples that is held out; the last ones are taken. */
  readonly validationSplit: number;
  /** The initializer to compare the others with; one of `initializers`. */
  readonly reference: string;
  /** The target accuracy on the held-out examples; null for 95 % of the best. */
  readonly target: number | null;
  /** The training engine: the dense engine, or TensorFlow.js on this library's backend. They round differently. */
  readonly engine: EngineName;
}

/** One run of a comparison, by initializer and seed. */
export interface Run {
  readonly initializer: string;
  readonly seed: number;
}

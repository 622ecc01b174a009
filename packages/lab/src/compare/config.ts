// What defines a comparison; nothing that is not here changes its result.

import type { ActivationName } from "../engine/activations.ts";
import type { OptimizerName } from "../engine/optimizers.ts";
import type { EngineName } from "../engine/training-engine.ts";

/** Everything that a comparison depends on, defaults filled in. */
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
  /** The share of the training examples, the last ones, that are held out. */
  readonly validationSplit: number;
  /** The initializer that the others are compared with; one of `initializers`. */
  readonly reference: string;
  /** The accuracy that runs should reach, on the examples held out; null for 95 % of the best. */
  readonly target: number | null;
  /** What trains: the dense engine, or TensorFlow.js on the backend of this library. Both round in their own ways. */
  readonly engine: EngineName;
}

/** Which run of a comparison. */
export interface Run {
  readonly initializer: string;
  readonly seed: number;
}

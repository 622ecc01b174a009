// The effect of a fixed standard deviation on the gradient of VGG's model B, as computed by He et al.
// Source: He et al. 2015, arXiv:1502.01852, section 2.2: the standard deviations and 1/(5.9 * 4.2² * 2.9² * 2.1⁴) = 1/(1.7e4).

import { describeValue, expectNumber } from "@fanin/tensor/arguments";

/** One convolution of the network. */
export interface VggLayer {
  readonly name: string;
  readonly filters: number;
  /** sqrt(2 / (9 filters)), by the backward derivation. */
  readonly stddev: number;
}

/** The effect of the fixed standard deviation on the gradient. */
export interface VggGradient {
  readonly net: "vgg-b";
  readonly weightsStddev: number;
  readonly layers: readonly VggLayer[];
  /** The gradient at conv2 relative to the derived standard deviations, over conv10 to conv2. */
  readonly factor: number;
  /** Its reciprocal, from ratios of two digits as in the paper. */
  readonly diminishedBy: number;
}

const FILTERS = [64, 64, 128, 128, 256, 256, 512, 512, 512, 512];

/**
 * The gradient of VGG-B between conv10 and conv2 for weights of a fixed standard deviation, relative to the derived ones:
 * the product over the nine layers of weightsStddev / sqrt(2 / (9 filters)).
 *
 * @throws RangeError for a standard deviation that is not positive.
 * @example
 * vggGradient(0.01).diminishedBy; // 17022.8, the paper's 1.7e4
 */
export function vggGradient(weightsStddev: number): VggGradient {
  const stddev = expectNumber("weightsStddev", weightsStddev);
  if (!(stddev > 0 && stddev < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`weightsStddev: expected a positive number, got ${describeValue(stddev)}`);
  }
  const layers = FILTERS.map((filters, i) => ({
    name: `conv${i + 1}`,
    filters,
    stddev: Math.sqrt(2 / (9 * filters)),
  }));
  const ratios = layers.slice(1).map((layer) => layer.stddev / stddev);
  const product = (values: readonly number[]) => values.reduce((result, value) => result * value, 1);
  return {
    net: "vgg-b",
    weightsStddev: stddev,
    layers,
    factor: 1 / product(ratios),
    diminishedBy: product(ratios.map((ratio) => Number(ratio.toPrecision(2)))),
  };
}

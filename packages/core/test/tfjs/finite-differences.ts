// Gradients against difference quotients of the function itself, with a bound of the error that the quotients bring along.
// Source: central differences of two steps and Richardson's extrapolation, (4 D(h) - D(2h)) / 3.
//
// The quotient's own error: |D(h) - D(2h)|, above what the extrapolation leaves of the cut series, and 4 ulp of the summands
// (2^-22 of their magnitudes) over the step for the rounding of float32 results. The gradient's: 2^-20 of the largest.

import * as tf from "@tensorflow/tfjs-core";
import { weightsOf } from "./kernel-cases.ts";

/** A step that inputs of the order of 1 take exactly in float32. */
const STEP = 2 ** -8;

type Outputs = (inputs: readonly tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** The weighted sum of all results in float64, and the sum of the summands' magnitudes. */
function weighted(f: Outputs, inputs: readonly tf.Tensor[]): readonly [total: number, magnitude: number] {
  const scope = tf.engine();
  scope.startScope();
  try {
    let [total, magnitude] = [0, 0];
    for (const output of [f(inputs)].flat()) {
      const weights = weightsOf(output.size);
      for (const [i, value] of (output.dataSync() as Float32Array).entries()) {
        total += value * (weights[i] as number);
        magnitude += Math.abs(value * (weights[i] as number));
      }
    }
    return [total, magnitude];
  } finally {
    scope.endScope();
  }
}

/**
 * What is wrong with `gradient`, the gradient of the weighted sum of `f` by the input number `place`: undefined if nothing is.
 * At most `most` of its values are compared, spread over all.
 */
export function deviation(
  f: Outputs,
  inputs: readonly tf.Tensor[],
  place: number,
  gradient: ArrayLike<number>,
  most: number,
): string | undefined {
  const x = inputs[place] as tf.Tensor;
  const base = x.dataSync() as Float32Array;
  if (gradient.length !== base.length) return `expected ${base.length} values, got ${gradient.length}`;
  const largest = Math.max(0, ...Array.from(gradient, Math.abs));
  const stride = Math.max(1, Math.floor(base.length / most));
  for (let i = 0; i < base.length; i += stride) {
    const moved = (by: number) => {
      const values = base.slice();
      values[i] = (base[i] as number) + by;
      const tensor = tf.tensor(values, x.shape);
      const sums = weighted(
        f,
        inputs.map((input, at) => (at === place ? tensor : input)),
      );
      tensor.dispose();
      return sums;
    };
    const quotient = (h: number) => {
      const [[above, size], [below]] = [moved(h), moved(-h)];
      return [(above - below) / (2 * h), size] as const;
    };
    const [[near, size], [far]] = [quotient(STEP), quotient(2 * STEP)];
    const want = (4 * near - far) / 3;
    const bound = Math.abs(near - far) + (2 ** -22 * size) / STEP + 2 ** -20 * largest;
    if (bound > 0.05 * (1 + size)) return `at ${i}: the quotients ${near} and ${far} do not converge`;
    if (!(Math.abs((gradient[i] as number) - want) <= bound)) {
      return `at ${i}: got ${gradient[i]}, expected ${want} within ${bound}`;
    }
  }
  return undefined;
}

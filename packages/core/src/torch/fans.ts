// Fan-in and fan-out as torch counts them: kernels are (out, in, ...), the other way round than Keras's.
// Source: torch/nn/init.py (_calculate_fan_in_and_fan_out), PyTorch 2.13.

import { expectShape, formatShape, type Shape } from "@fanin/tensor";
import type { Fans } from "../initializers/fans.ts";

/**
 * The fans of `shape`: its second and first dimension, each times the receptive field. Weights of transposed convolutions
 * are (in, out, ...), so what torch calls their fan-in counts outputs.
 *
 * @throws RangeError for fewer than two dimensions.
 * @example
 * computeTorchFans([16, 3, 5, 5]); // => { fanIn: 75, fanOut: 400 }
 */
export function computeTorchFans(shape: Shape): Fans {
  const [out = 0, into = 0, ...kernel] = expectShape(shape);
  if (shape.length < 2) {
    const problem = "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions";
    throw new RangeError(`shape: ${problem}, got ${formatShape(shape)}`);
  }
  const area = kernel.reduce((product, k) => product * k, 1);
  return { fanIn: into * area, fanOut: out * area };
}

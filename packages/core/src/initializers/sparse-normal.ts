// SparseNormal: a few normal weights into each unit, the others zero.
// Source: Martens 2010, "Deep learning via Hessian-free optimization", section 5.

import { allocateFloat32 } from "@fanin/tensor";
import { expectInteger, expectNumber } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, ValuesOf } from "../parameters/parameters.ts";
import { copySlice, type Draw, defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";
import { expectKernel } from "./kernel.ts";

const parameters = {
  /** The number of inputs that each unit keeps. Defaults to 15, as in the paper. */
  connections: {
    default: 15,
    expect: (name, value) => expectInteger(name, value, 0, Number.MAX_SAFE_INTEGER),
  } as Parameter<number>,
  /** The standard deviation of the weights that are not zero. Defaults to 1, as in the paper. */
  stddev: { default: 1, expect: expectNumber } as Parameter<number>,
};

/** Options of {@link sparseNormal}. */
export interface SparseNormalOptions extends OptionsOf<typeof parameters>, RandomOptions {}

/** The whole matrix: the first half of one draw holds the weights, the second half orders the inputs of each unit. */
function sparseMatrix(
  fanIn: number,
  units: number,
  { connections, stddev }: ValuesOf<typeof parameters>,
  draw: Draw,
): Float32Array {
  const size = fanIn * units;
  const drawn = allocateFloat32([2, size]);
  draw.whole(drawn.length).normal(drawn, 0, 1);
  const whole = new Float32Array(size);
  const kept = Math.min(connections, fanIn);
  if (kept === 0) return whole;
  const keys = new Float32Array(fanIn);
  for (let unit = 0; unit < units; unit++) {
    for (let input = 0; input < fanIn; input++) keys[input] = drawn[size + input * units + unit] ?? 0;
    const threshold = keys.toSorted()[kept - 1] ?? 0;
    for (let input = 0, count = 0; count < kept; input++) {
      if ((keys[input] ?? 0) > threshold) continue;
      whole[input * units + unit] = stddev * (drawn[input * units + unit] ?? 0);
      count++;
    }
  }
  return whole;
}

/**
 * Normal with `stddev` at `connections` inputs of each unit, chosen at random, and zero at the others: units differ
 * and do not saturate, whatever the number of inputs. Units are the last dimension, inputs all others. (`sparse` of
 * `@fanin/core/torch` is torch's sparse_, which sets a fraction of each column to zero.)
 *
 * @throws RangeError for a shape of less than two dimensions.
 * @example
 * sparseNormal({ connections: 15, seed: 0 })([784, 128]); // 15 of the 784 weights of each unit are not zero
 */
export const sparseNormal: InitializerFactory<SparseNormalOptions> = defineRandom("SparseNormal", {
  parameters,
  distribution: (shape, { connections, stddev }) => {
    const { taps, inputs } = expectKernel("SparseNormal", shape, 2, Number.POSITIVE_INFINITY);
    const fanIn = Math.max(1, taps * inputs);
    return {
      mean: 0,
      variance: (stddev ** 2 * Math.min(connections, fanIn)) / fanIn,
      support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    };
  },
  needsWholeTensor: true,
  expectShape: (shape) => void expectKernel("SparseNormal", shape, 2, Number.POSITIVE_INFINITY),
  fill: (out, slice, shape, values, draw) => {
    const { taps, inputs, outputs } = expectKernel("SparseNormal", shape, 2, Number.POSITIVE_INFINITY);
    copySlice(out, slice, sparseMatrix(taps * inputs, outputs, values, draw));
  },
});

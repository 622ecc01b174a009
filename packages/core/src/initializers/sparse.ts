// Sparse: a few normal weights into each unit, the others zero.
// Source: Martens 2010, "Deep learning via Hessian-free optimization", section 5.

import { allocateFloat32 } from "@fanin/tensor";
import { expectInteger, expectNumber } from "@fanin/tensor/arguments";
import { copySlice, type Draw, defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";
import { expectKernel } from "./kernel.ts";

/** Options of {@link sparse}. */
export interface SparseOptions extends RandomOptions {
  /** How many inputs each unit keeps; 15, the paper's, unless said. */
  readonly connections?: number | undefined;
  /** The standard deviation of the weights that are not zero; 1, the paper's, unless said. */
  readonly stddev?: number | undefined;
}

interface Sparse {
  readonly connections: number;
  readonly stddev: number;
}

/** The whole matrix: the first half of one draw are the weights, the second half orders each unit's inputs. */
function sparseMatrix(fanIn: number, units: number, { connections, stddev }: Sparse, draw: Draw): Float32Array {
  const size = fanIn * units;
  const drawn = allocateFloat32([2, size]);
  draw.stream.normal(drawn, { size: drawn.length, offset: 0 }, draw.seed, 0, 1);
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
 * and do not saturate however many inputs there are. Units are the last dimension, inputs all others. (torch's
 * sparse_, which zeroes a fraction and draws from its own generator, is in the torch entry.)
 *
 * @throws RangeError for a shape of less than two dimensions.
 * @example
 * sparse({ connections: 15, seed: 0 })([784, 128]); // 15 of the 784 weights of each unit are not zero
 */
export const sparse: InitializerFactory<SparseOptions> = defineRandom<Sparse>("Sparse", {
  parameters: {
    connections: { default: 15, expect: (name, value) => expectInteger(name, value, 0, Number.MAX_SAFE_INTEGER) },
    stddev: { default: 1, expect: expectNumber },
  },
  law: (shape, { connections, stddev }) => {
    const { taps, inputs } = expectKernel("Sparse", shape, 2, Number.POSITIVE_INFINITY);
    const fanIn = Math.max(1, taps * inputs);
    return {
      mean: 0,
      variance: (stddev ** 2 * Math.min(connections, fanIn)) / fanIn,
      support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    };
  },
  isWhole: true,
  expectShape: (shape) => void expectKernel("Sparse", shape, 2, Number.POSITIVE_INFINITY),
  fill: (out, slice, shape, options, draw) => {
    const { taps, inputs, outputs } = expectKernel("Sparse", shape, 2, Number.POSITIVE_INFINITY);
    copySlice(out, slice, sparseMatrix(taps * inputs, outputs, options, draw));
  },
});

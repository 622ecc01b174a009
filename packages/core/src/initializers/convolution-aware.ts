// ConvolutionAware: kernels that are orthogonal to one another in Fourier space.
// Source: Aghajanyan 2017, arXiv:1702.06295; keras-contrib's convaware.py, from which it differs as described below.

import { allocateFloat32, type Shape } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import { orthogonalDistribution, orthogonalFactor } from "../linalg/orthogonal-factor.ts";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { computeFans } from "./fans.ts";
import { copySlice, type Draw, defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";
import { expectKernel, type KernelShape } from "./kernel.ts";
import { orthogonalMatrix } from "./orthogonal.ts";

const parameters = {
  /** The standard deviation of the noise on each kernel before the scaling. Defaults to 0.05; 0 is exact orthogonality. */
  epsStd: { default: 0.05, expect: expectNumber } as Parameter<number>,
};

/** Options of {@link convolutionAware}. */
export interface ConvolutionAwareOptions extends OptionsOf<typeof parameters>, RandomOptions {}

/**
 * The kernels of one unit, `inputs` x `taps` before noise and scaling: rows of random orthogonal matrices, a new one for
 * every `taps` inputs. The factor gives them the size of the inverse DFT of half-spectra of norm 1.
 */
function basis(normals: Float32Array<ArrayBuffer>, inputs: number, taps: number): Float32Array {
  const rows = new Float32Array(Math.ceil(inputs / taps) * taps * taps);
  const size = Math.fround(Math.sqrt(2 / taps));
  for (let start = 0; start < rows.length; start += taps * taps) {
    const factor = orthogonalFactor(normals.subarray(start, start + taps * taps), taps, taps);
    rows.set(
      factor.map((value) => value * size),
      start,
    );
  }
  return rows.subarray(0, inputs * taps);
}

/** Scales `values` so that their variance about their mean is `variance`. */
function scaleTo(values: Float32Array, variance: number): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  if (squares === 0) return;
  const factor = Math.sqrt(variance / squares);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * factor;
}

function kernels({ taps, inputs, outputs }: KernelShape, shape: Shape, epsStd: number, draw: Draw): Float32Array {
  const whole = allocateFloat32(shape);
  if (whole.length === 0) return whole;
  // A single tap has no spectrum to be orthogonal in: normal values alone.
  const perBasis = taps === 1 ? 0 : Math.ceil(inputs / taps) * taps * taps;
  const perUnit = perBasis + inputs * taps;
  const normals = allocateFloat32([outputs, perUnit]);
  draw.whole(normals.length).normal(normals, 0, 1);
  for (let unit = 0; unit < outputs; unit++) {
    const drawn = normals.subarray(unit * perUnit, (unit + 1) * perUnit);
    const rows = taps === 1 ? undefined : basis(drawn.subarray(0, perBasis), inputs, taps);
    const noise = drawn.subarray(perBasis);
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < taps; tap++) {
        const i = input * taps + tap;
        whole[(tap * inputs + input) * outputs + unit] = rows
          ? (rows[i] ?? 0) + epsStd * (noise[i] ?? 0)
          : (noise[i] ?? 0);
      }
    }
  }
  scaleTo(whole, 2 / Math.max(1, computeFans(shape).fanIn));
  return whole;
}

/**
 * For kernels (1 to 3 spatial dimensions, in, out): the kernels of a unit, as many at a time as they have taps, have
 * spectra at right angles, so that each input is filtered differently; a little noise is added and the whole scaled to
 * a variance of exactly 2 / fan-in. Other shapes of two or more dimensions are Orthogonal.
 *
 * The discrete Fourier transform is unitary up to a factor, so an orthonormal basis of spectra of real kernels is an
 * orthonormal basis of kernels, and is drawn as such. keras-contrib inverts real half-spectra instead, which makes all
 * kernels point-symmetric and, in two dimensions, loses the orthogonality.
 *
 * @throws RangeError for a shape of less than two dimensions.
 * @example
 * convolutionAware({ seed: 0 })([3, 3, 64, 128]);
 */
export const convolutionAware: InitializerFactory<ConvolutionAwareOptions> = defineRandom("ConvolutionAware", {
  parameters,
  distribution: (shape) => {
    const { taps, inputs, outputs } = expectKernel("ConvolutionAware", shape, 2, Number.POSITIVE_INFINITY);
    if (!isConvolution(shape)) return orthogonalDistribution(taps * inputs, outputs, 1);
    const variance = 2 / Math.max(1, computeFans(shape).fanIn);
    return { mean: 0, variance, support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] };
  },
  needsWholeTensor: true,
  expectShape: (shape) => void expectKernel("ConvolutionAware", shape, 2, Number.POSITIVE_INFINITY),
  fill: (out, slice, shape, { epsStd }, draw) => {
    const kernel = expectKernel("ConvolutionAware", shape, 2, Number.POSITIVE_INFINITY);
    const whole = isConvolution(shape)
      ? kernels(kernel, shape, epsStd, draw)
      : orthogonalMatrix(kernel.taps * kernel.inputs, kernel.outputs, 1, draw);
    copySlice(out, slice, whole);
  },
});

function isConvolution(shape: Shape): boolean {
  return shape.length >= 3 && shape.length <= 5;
}

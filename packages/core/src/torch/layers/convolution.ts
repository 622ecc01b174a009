// torch.nn's convolutions as they start: six layers, one row each.
// Source: torch/nn/modules/conv.py (_ConvNd), PyTorch 2.13.

import { describeValue, expectBoolean } from "@fanin/tensor/arguments";
import { expectOptions } from "../../parameters/parameters.ts";
import { expectCount } from "../expect-count.ts";
import { expectGenerator } from "../generator.ts";
import { type BiasOptions, type StateDict, weightAndBias } from "./linear.ts";

/** Options of the convolutions. */
export interface ConvolutionOptions extends BiasOptions {
  /** Groups of channels that do not mix. Defaults to 1. */
  readonly groups?: number | undefined;
}

/** A convolution layer: what it starts from, by its channels and the size of its kernel, one number for all its axes. */
export type Convolution = (
  inChannels: number,
  outChannels: number,
  kernelSize: number | readonly number[],
  options?: ConvolutionOptions,
) => StateDict;

function expectKernelSize(kernelSize: unknown, axes: number): number[] {
  const sizes: unknown[] = Array.isArray(kernelSize) ? kernelSize : Array<unknown>(axes).fill(kernelSize);
  if (sizes.length !== axes) {
    throw new RangeError(`kernelSize: expected a number or ${axes} of them, got ${describeValue(kernelSize)}`);
  }
  return sizes.map((size) => expectCount("kernelSize", size, 1));
}

function expectDivisible(name: string, channels: number, groups: number): void {
  expectCount(name, channels, 1);
  if (channels % groups !== 0)
    throw new RangeError(`${name}: must be divisible by groups = ${groups}, got ${channels}`);
}

function convolution(name: string, axes: number, transposed: boolean): Convolution {
  return (inChannels, outChannels, kernelSize, options = {}) => {
    expectOptions(name, options, ["groups", "bias", "generator"]);
    const groups = expectCount("groups", options.groups ?? 1, 1);
    expectDivisible("inChannels", inChannels, groups);
    expectDivisible("outChannels", outChannels, groups);
    const kernel = expectKernelSize(kernelSize, axes);
    const bias = expectBoolean("bias", options.bias ?? true);
    const channels = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
    return weightAndBias([...channels, ...kernel], bias ? outChannels : null, expectGenerator(options.generator));
  };
}

/**
 * `torch.nn.Conv1d`: weight (out, in / groups, k) and bias, both U(±1/sqrt(fan-in)).
 *
 * @throws RangeError for channels that `groups` does not divide.
 * @example
 * conv1d(4, 8, 3)["weight"]?.shape; // => [ 8, 4, 3 ]
 */
export const conv1d: Convolution = convolution("conv1d", 1, false);
/**
 * `torch.nn.Conv2d`: weight (out, in / groups, k, k) and bias, both U(±1/sqrt(fan-in)).
 *
 * @example
 * manualSeed(0);
 * conv2d(3, 4, 3); // { weight: [4, 3, 3, 3], bias: [4] }
 */
export const conv2d: Convolution = convolution("conv2d", 2, false);
/**
 * `torch.nn.Conv3d`: weight (out, in / groups, k, k, k) and bias, both U(±1/sqrt(fan-in)).
 *
 * @example
 * conv3d(1, 8, [3, 3, 3])["weight"]?.shape; // => [ 8, 1, 3, 3, 3 ]
 */
export const conv3d: Convolution = convolution("conv3d", 3, false);
/**
 * `torch.nn.ConvTranspose1d`: weight (in, out / groups, k); its fan-in is what torch calls so, out / groups * k.
 *
 * @example
 * convTranspose1d(4, 8, 3)["weight"]?.shape; // => [ 4, 8, 3 ]
 */
export const convTranspose1d: Convolution = convolution("convTranspose1d", 1, true);
/**
 * `torch.nn.ConvTranspose2d`: weight (in, out / groups, k, k); fan-in out / groups * k * k.
 *
 * @example
 * convTranspose2d(4, 8, 3)["weight"]?.shape; // => [ 4, 8, 3, 3 ]
 */
export const convTranspose2d: Convolution = convolution("convTranspose2d", 2, true);
/**
 * `torch.nn.ConvTranspose3d`: weight (in, out / groups, k, k, k); fan-in out / groups * k * k * k.
 *
 * @example
 * convTranspose3d(4, 8, 3)["weight"]?.shape; // => [ 4, 8, 3, 3, 3 ]
 */
export const convTranspose3d: Convolution = convolution("convTranspose3d", 3, true);

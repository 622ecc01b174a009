// Layer-sequential unit variance: each kernel rescaled until its layer's pre-activations have variance 1 on a batch.
// Source: Mishkin and Matas 2015, "All you need is a good init" (arXiv 1511.06422): Tol_var 0.1, T_max 10.

import { getRuntime } from "@fanin/core/runtime";
import { describeValue, expectInteger } from "@fanin/tensor/arguments";
import { activations } from "../engine/activations.ts";
import { moments } from "../engine/moments.ts";
import { matmul } from "./matmul.ts";
import { expectNetwork, type SignalNetwork } from "./network.ts";

/** A network with given weights; the paper starts from orthonormal ones. */
export interface LsuvNetwork extends Pick<SignalNetwork, "layers" | "activation"> {
  readonly weights: readonly Float32Array[];
  /** One array of fan-out values per layer. Defaults to zeros. */
  readonly biases?: readonly Float32Array[];
}

/** The rescaling of one layer. */
export interface LsuvLayer {
  /** The variance of its pre-activations on the batch. */
  readonly varianceBefore: number;
  readonly varianceAfter: number;
  /** The number of rescalings. More than 1 indicates a bias, because a kernel without bias needs only one. */
  readonly iterations: number;
}

/** The new weights and the rescaling of each layer. */
export interface LsuvResult {
  readonly weights: readonly Float32Array[];
  readonly layers: readonly LsuvLayer[];
  /** The reason that the result is unreliable: an unscaled input, a layer without variance, or one that did not converge. */
  readonly warning: string | null;
}

const TOLERANCE = 0.1;
const MAX_ITERATIONS = 10;

/** Applies the activation to every value, with the kernel that training uses. */
function activate(values: Float32Array, activation: LsuvNetwork["activation"]): Float32Array {
  const forward = activations[activation]?.[0];
  if (!forward) return values;
  const { kernels, arena } = getRuntime();
  return arena.scope((alloc) => {
    const pointer = alloc(values.length * 4);
    arena.f32(pointer, values.length).set(values);
    forward(kernels, pointer, pointer, values.length);
    return arena.f32(pointer, values.length).slice();
  });
}

function variance(values: Float32Array): number {
  const { standardDeviation } = moments(values);
  return standardDeviation * standardDeviation;
}

/**
 * Rescales the kernels of `network` in order until the pre-activations of each layer on `batch` (rows x inputs,
 * row-major) have a variance within 0.1 of 1, in at most 10 steps per layer.
 *
 * @throws TypeError or RangeError that names the invalid field.
 * @example
 * import { orthogonal, randomNormal } from "@fanin/core";
 * const layers = [16, 8, 4];
 * const weights = [[16, 8], [8, 4]].map((shape) => orthogonal({ seed: 0 })(shape).data);
 * const batch = randomNormal({ stddev: 1, seed: 1 })([64, 16]).data;
 * lsuv({ layers, activation: "relu", weights }, batch).weights.length; // => 2
 */
export function lsuv(network: LsuvNetwork, batch: Float32Array): LsuvResult {
  expectNetwork(network);
  const { layers, biases } = network;
  if (!(batch instanceof Float32Array)) {
    throw new TypeError(`batch: expected a Float32Array, got ${describeValue(batch)}`);
  }
  const rows = expectInteger("batch: number of rows", batch.length / (layers[0] ?? 1), 1, 2 ** 24);
  biases?.forEach((bias, l) => {
    if (bias.length !== layers[l + 1]) {
      throw new RangeError(`biases[${l}]: expected ${layers[l + 1]} values, got ${bias.length}`);
    }
  });
  const warnings: string[] = [];
  const inputVariance = variance(batch);
  if (!(Math.abs(inputVariance - 1) <= TOLERANCE)) {
    warnings.push(
      `the input has variance ${inputVariance.toPrecision(3)}: scale it to 1 first, or the first layer compensates for it`,
    );
  }
  const weights: Float32Array[] = [];
  const report: LsuvLayer[] = [];
  let x = batch;
  for (const [l, outputs] of layers.slice(1).entries()) {
    const kernel = (network.weights[l] ?? new Float32Array()).slice();
    const inputs = layers[l] ?? 0;
    const bias = biases?.[l];
    const sums = (): Float32Array => {
      const z = matmul(x, kernel, rows, inputs, outputs);
      if (bias) for (let i = 0; i < z.length; i++) z[i] = (z[i] ?? 0) + (bias[i % outputs] ?? 0);
      return z;
    };
    let z = sums();
    const varianceBefore = variance(z);
    let varianceAfter = varianceBefore;
    let iterations = 0;
    while (!(Math.abs(varianceAfter - 1) < TOLERANCE) && iterations < MAX_ITERATIONS) {
      const scale = 1 / Math.sqrt(varianceAfter);
      if (!Number.isFinite(scale)) break;
      for (let i = 0; i < kernel.length; i++) kernel[i] = (kernel[i] ?? 0) * scale;
      z = sums();
      varianceAfter = variance(z);
      iterations++;
    }
    if (!(Math.abs(varianceAfter - 1) < TOLERANCE)) {
      warnings.push(`layer ${l + 1} stays at variance ${varianceAfter.toPrecision(3)}`);
    }
    weights.push(kernel);
    report.push({ varianceBefore, varianceAfter, iterations });
    x = activate(z, network.activation);
  }
  return { weights, layers: report, warning: warnings.length > 0 ? warnings.join("; ") : null };
}

// Measures a described network. diagnose judges the measurement; an application can draw it before the verdict.
// Source: propagate of signal/propagate.ts, with a batch of the described input statistics.

import { randomNormal, type StreamName } from "@fanin/core";
import { expectInteger } from "@fanin/tensor/arguments";
import { expectSeed } from "../signal/network.ts";
import { type PropagateOptions, propagate, type SignalReport } from "../signal/propagate.ts";
import { expectDescription, type InputStatistics, type NetworkDescription } from "./network-description.ts";

/** Options of a measurement. */
export interface DiagnoseNetworkOptions {
  /** Defaults to 0. */
  readonly seed?: number | undefined;
  readonly stream?: StreamName | undefined;
  /** The number of inputs. Defaults to 128. */
  readonly batch?: number | undefined;
  /** Draws a kernel or returns a cached one, as for `propagate`. */
  readonly draw?: PropagateOptions["draw"] | undefined;
}

/** A batch with the given statistics; null for a standard normal. */
function inputBatch(
  { mean, standardDeviation }: InputStatistics,
  size: number,
  seed: number,
  stream: StreamName,
): Float32Array | null {
  if (mean === 0 && standardDeviation === 1) return null;
  return randomNormal({ mean, stddev: standardDeviation, seed, stream })([size]).data;
}

/**
 * Measures the signal of a network by layer: the first half of `diagnoseNetwork`. The second half is `judgeNetwork`.
 *
 * @throws TypeError or RangeError that names the field, before anything is allocated.
 * @example
 * const network = { layers: [16, 32, 32, 4], activation: "relu", initializer: "he_normal" } as const;
 * measureNetwork(network, { seed: 0 }).signals.length; // => 3
 */
export function measureNetwork(network: NetworkDescription, options: DiagnoseNetworkOptions = {}): SignalReport {
  const { signal, input: statistics } = expectDescription(network);
  const key = expectSeed({ seed: options.seed ?? 0, stream: options.stream });
  const batch = expectInteger("batch", options.batch ?? 128, 1, 2 ** 16);
  const input = inputBatch(statistics, batch * (signal.layers[0] ?? 0), key.seed, key.stream);
  const { draw } = options;
  return propagate(signal, { ...key, batch, ...(input ? { input } : {}), ...(draw ? { draw } : {}) });
}

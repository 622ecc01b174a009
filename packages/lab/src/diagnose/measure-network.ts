// The network that is described, measured: what diagnose judges, and what can be drawn before its verdict is there.
// Source: propagate of signal/propagate.ts, fed with a batch of the statistics that the description asks for.

import { randomNormal, type StreamName } from "@fanin/core";
import { expectInteger } from "@fanin/tensor/arguments";
import { expectSeed } from "../signal/network.ts";
import { type PropagateOptions, propagate, type SignalReport } from "../signal/propagate.ts";
import { expectDescription, type InputStatistics, type NetworkDescription } from "./network-description.ts";

/** How a network is measured. */
export interface DiagnoseNetworkOptions {
  /** 0 unless given. */
  readonly seed?: number | undefined;
  readonly stream?: StreamName | undefined;
  /** Inputs at once; 128 unless given. */
  readonly batch?: number | undefined;
  /** As of `propagate`: draws a kernel, or gives one that was drawn before. */
  readonly draw?: PropagateOptions["draw"] | undefined;
}

/** A batch that has the statistics asked for; null where a standard normal has them. */
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
 * The signal of a network by layer: the first half of `diagnoseNetwork`, whose second half is `judgeNetwork`.
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

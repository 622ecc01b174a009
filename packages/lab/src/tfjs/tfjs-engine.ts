// The engine `tfjs` of comparisons: tfjs-layers on a backend of @fanin/core/tfjs.
// Source: the networks, losses and optimizers of ../engine, which this one is to agree with.

import { register } from "@fanin/core/tfjs";
import { findBackendFactory, getBackend, setBackend } from "@tensorflow/tfjs-core";
import type { TrainingEngine } from "../engine/training-engine.ts";
import { TfjsNetwork } from "./tfjs-network.ts";

/** A backend of its own: one that the program registered may have been asked for other bits than the deterministic ones. */
const BACKEND = "fanin-deterministic";

/** Makes the engine's backend the current one of TensorFlow.js. */
async function useBackend(): Promise<void> {
  if (getBackend() === BACKEND) return;
  if (!(await setBackend(BACKEND))) throw new Error(`tfjs: the backend ${BACKEND} does not start`);
}

/**
 * The engine that trains by tfjs-layers, on a deterministic backend of @fanin/core/tfjs, so that results are the same on
 * every machine. While a run is under way that backend is the current one of TensorFlow.js.
 *
 * @throws Error where the backend does not start.
 * @example
 * import { compare, compareConfig, proceduralDataset } from "@fanin/lab";
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal"], seeds: [0], epochs: 1, engine: "tfjs" });
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * (await compare(config, dataset, await tfjsEngine())).runs.length; // => 1
 */
export async function tfjsEngine(): Promise<TrainingEngine> {
  if (!findBackendFactory(BACKEND)) register({ name: BACKEND, deterministic: true });
  await useBackend();
  return {
    name: "tfjs",
    async network(options) {
      await useBackend();
      return new TfjsNetwork(options, useBackend);
    },
  };
}

// The engine `tfjs` of comparisons: tfjs-layers on a backend of @fanin/core/tfjs.
// Source: the networks, losses and optimizers of ../engine, which this engine must agree with.

import { register } from "@fanin/core/tfjs";
import { findBackendFactory, getBackend, setBackend } from "@tensorflow/tfjs-core";
import type { TrainingEngine } from "../engine/training-engine.ts";
import { TfjsNetwork } from "./tfjs-network.ts";

/** A separate backend: one that the program registered may not be deterministic. */
const BACKEND = "fanin-deterministic";

/** Makes the engine's backend the current one of TensorFlow.js. */
async function useBackend(): Promise<void> {
  if (getBackend() === BACKEND) return;
  if (!(await setBackend(BACKEND))) throw new Error(`tfjs: cannot start the backend ${BACKEND}`);
}

/** Makes the engine's backend the current one and returns the engine. */
export async function backendEngine(): Promise<TrainingEngine> {
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

// Loads the engine that a run's config names. TensorFlow.js is loaded only on demand.
// Source: the engines of @fanin/lab and @fanin/lab/tfjs.

import { denseEngine, type EngineName, type TrainingEngine } from "@fanin/lab";

/**
 * Loads the engine `name`.
 *
 * @throws RangeError with the install command if TensorFlow.js is missing.
 * @example
 * (await loadEngine("dense")).name; // => 'dense'
 */
export async function loadEngine(name: EngineName): Promise<TrainingEngine> {
  if (name === "dense") return denseEngine;
  const { tfjsEngine } = await import("@fanin/lab/tfjs");
  return tfjsEngine();
}

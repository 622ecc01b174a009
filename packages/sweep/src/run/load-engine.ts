// The engine that a run's config names. TensorFlow.js is loaded here, and only where a run asks for it.
// Source: `--engine` of design.md, section 6.

import { denseEngine, type EngineName, type TrainingEngine } from "@fanin/lab";

/**
 * The engine `name`.
 *
 * @throws RangeError where TensorFlow.js is not installed, with what to install.
 * @example
 * (await loadEngine("dense")).name; // => 'dense'
 */
export async function loadEngine(name: EngineName): Promise<TrainingEngine> {
  if (name === "dense") return denseEngine;
  const { tfjsEngine } = await import("@fanin/lab/tfjs");
  return tfjsEngine();
}

// The engine that a run's config names. TensorFlow.js is loaded here, and only where a run asks for it.
// Source: `--engine` of design.md, section 6.

import { denseEngine, type EngineName, type TrainingEngine } from "@fanin/lab";

/** What the engine `tfjs` needs beside this package, as npm takes it. */
const needed = "@tensorflow/tfjs-core@4 @tensorflow/tfjs-layers@4 @tensorflow/tfjs-backend-cpu@4";

/** The name of a package of TensorFlow.js that an import did not find. */
function missingPackage(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return undefined;
  return /['"](@tensorflow\/[\w-]+)/.exec(message)?.[1];
}

/**
 * The engine `name`.
 *
 * @throws RangeError where TensorFlow.js is not installed, with what to install.
 * @example
 * (await loadEngine("dense")).name; // => 'dense'
 */
export async function loadEngine(name: EngineName): Promise<TrainingEngine> {
  if (name === "dense") return denseEngine;
  try {
    const { tfjsEngine } = await import("@fanin/lab/tfjs");
    return await tfjsEngine();
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === undefined) throw error;
    throw new RangeError(`engine: tfjs needs ${missing}, which is not installed here: npm install ${needed}`);
  }
}

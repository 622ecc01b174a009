// Loads the engine `tfjs` and names missing packages.
// Source: the errors of Node's module resolution, ERR_MODULE_NOT_FOUND and MODULE_NOT_FOUND.

import type { TrainingEngine } from "../engine/training-engine.ts";

/** The peer packages of the engine, as arguments of npm. */
const needed = "@tensorflow/tfjs-core@4 @tensorflow/tfjs-layers@4 @tensorflow/tfjs-backend-cpu@4";

/** The missing package of TensorFlow.js in an import error. */
function missingPackage(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return undefined;
  // The importer's path follows and may contain the name of a package too.
  return /^Cannot find (?:package|module) '(@tensorflow\/[\w-]+)/.exec(message ?? "")?.[1];
}

/**
 * The engine that trains with tfjs-layers on a deterministic backend of @fanin/core/tfjs: results are the same on every
 * machine. During a run, that backend is the current one of TensorFlow.js.
 *
 * @throws RangeError with the install command if a package of TensorFlow.js is missing; Error if the backend cannot start.
 * @example
 * import { compare, compareConfig } from "@fanin/lab";
 * import { proceduralDataset } from "@fanin/lab/data";
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal"], seeds: [0], epochs: 1, engine: "tfjs" });
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * (await compare(config, dataset, await tfjsEngine())).runs.length; // => 1
 */
export async function tfjsEngine(): Promise<TrainingEngine> {
  // A static import could not be caught here.
  const { backendEngine } = await import("./backend-engine.ts").catch((cause: unknown) => {
    const missing = missingPackage(cause);
    if (missing === undefined) throw cause;
    const what = `engine: tfjs needs ${missing}, which is not installed here: npm install ${needed}`;
    throw new RangeError(what, { cause });
  });
  return backendEngine();
}

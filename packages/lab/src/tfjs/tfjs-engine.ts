// Loads the engine `tfjs`, and names what is not installed of the packages that it needs.
// Source: the errors of Node's module resolution, ERR_MODULE_NOT_FOUND and MODULE_NOT_FOUND.

import type { TrainingEngine } from "../engine/training-engine.ts";

/** What the engine needs beside this package, as npm takes it. */
const needed = "@tensorflow/tfjs-core@4 @tensorflow/tfjs-layers@4 @tensorflow/tfjs-backend-cpu@4";

/** The package of TensorFlow.js that an import did not find. */
function missingPackage(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return undefined;
  // The importer's path follows, which may have the name of a package too.
  return /^Cannot find (?:package|module) '(@tensorflow\/[\w-]+)/.exec(message ?? "")?.[1];
}

/**
 * The engine that trains by tfjs-layers, on a deterministic backend of @fanin/core/tfjs, so that results are the same on
 * every machine. While a run is under way that backend is the current one of TensorFlow.js.
 *
 * @throws RangeError where a package of TensorFlow.js is not installed, with what to install; Error where the backend does not start.
 * @example
 * import { compare, compareConfig, proceduralDataset } from "@fanin/lab";
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal"], seeds: [0], epochs: 1, engine: "tfjs" });
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * (await compare(config, dataset, await tfjsEngine())).runs.length; // => 1
 */
export async function tfjsEngine(): Promise<TrainingEngine> {
  // Imports of this module itself could not be caught.
  const { backendEngine } = await import("./backend-engine.ts").catch((cause: unknown) => {
    const missing = missingPackage(cause);
    if (missing === undefined) throw cause;
    const what = `engine: tfjs needs ${missing}, which is not installed here: npm install ${needed}`;
    throw new RangeError(what, { cause });
  });
  return backendEngine();
}

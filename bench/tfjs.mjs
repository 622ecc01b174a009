// Contenders on a backend of TensorFlow.js: tfjs's own or Fanin's.
// Importing this file registers all three. They compute synchronously: a kernel is finished when its call returns.
// @ts-check

import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { register } from "@fanin/core/tfjs";
import * as tf from "@tensorflow/tfjs-core";

/** @typedef {"cpu" | "fanin" | "wasm"} Backend */

register();

/** @param {Backend} backend */
export async function useBackend(backend) {
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs: backend ${backend} does not start`);
  await tf.ready();
}

/**
 * Makes the peer `tfjs <backend>`. Its runs dispose of their results.
 * @param {Backend} backend
 * @param {() => () => tf.TensorContainer} make makes the operands on the backend and returns the work
 * @param {(result: tf.Tensor) => void} check receives the first result
 * @returns {Promise<import("./measure.mjs").Contender>}
 */
export async function tfjsContender(backend, make, check) {
  await useBackend(backend);
  const work = make();
  const first = work();
  check(/** @type {tf.Tensor} */ (first));
  tf.dispose(first);
  return {
    name: `tfjs ${backend}`,
    enter: () => useBackend(backend),
    run: () => tf.dispose(work()),
  };
}

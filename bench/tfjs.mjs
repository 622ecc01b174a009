// TensorFlow.js: contenders of one of its backends, or of ours.
// Importing this registers all three; they compute synchronously, so a kernel is done when its call returns.
// @ts-check

import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { register } from "@fanin/core/tfjs";
import * as tf from "@tensorflow/tfjs-core";

/** @typedef {"cpu" | "fanin" | "wasm"} Backend */

register();

/** @param {Backend} backend */
export async function useBackend(backend) {
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs: the backend ${backend} does not start`);
  await tf.ready();
}

/**
 * What `make` returns with tensors of `backend`; the result is the peer `tfjs <backend>`, whose runs free what they make.
 * @param {Backend} backend
 * @param {() => () => tf.TensorContainer} make makes the operands, returns the work
 * @param {(result: tf.Tensor) => void} check gets the first result
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

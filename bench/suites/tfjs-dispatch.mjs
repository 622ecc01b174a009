// The overhead of one operation of TensorFlow.js: operations on scalars, on Fanin's backend and on those of TensorFlow.js.
// Target: at least as fast as tfjs cpu, whose kernels are plain JavaScript.
// @ts-check

import * as tf from "@tensorflow/tfjs-core";
import { tfjsContender } from "../tfjs.mjs";

const OPS = 2000;

/** @type {Readonly<Record<string, (x: tf.Scalar, y: tf.Scalar) => tf.Tensor>>} */
const ops = {
  add: (x, y) => tf.add(x, y),
  relu: (x) => tf.relu(x),
  sum: (x) => tf.sum(x),
  clone: (x) => tf.clone(x),
  "new scalar": () => tf.scalar(3),
};

/**
 * @param {string} name
 * @param {(x: tf.Scalar, y: tf.Scalar) => tf.Tensor} op
 * @param {number} count
 * @returns {import("../compare.mjs").Case}
 */
function dispatchCase(name, op, count) {
  return {
    name,
    targets: name === "add" ? [{ own: "fanin", peer: "tfjs cpu", atLeast: 1 }] : [],
    async prepare() {
      const contenders = [];
      /** @type {number | undefined} */
      let expected;
      for (const backend of /** @type {const} */ (["fanin", "cpu", "wasm"])) {
        const make = () => {
          const [x, y] = [tf.scalar(2), tf.scalar(3)];
          return () => {
            for (let i = 1; i < count; i++) op(x, y).dispose();
            return op(x, y);
          };
        };
        const contender = await tfjsContender(backend, make, (result) => {
          const [value] = result.dataSync();
          expected ??= value;
          if (value !== expected) throw new Error(`${backend} ${name}: expected ${expected}, got ${value}`);
        });
        const own = backend === "fanin" ? { name: backend, own: true } : {};
        contenders.push({ ...contender, ...own, amount: count });
      }
      return contenders;
    },
  };
}

/** @type {import("../compare.mjs").Suite} */
export const tfjsDispatch = {
  name: "tfjs-dispatch",
  title: "dispatch of one operation on scalars",
  rate: { unit: "million ops/s", perSecond: 1e6 },
  cases: ({ tiny = false } = {}) => Object.entries(ops).map(([name, op]) => dispatchCase(name, op, tiny ? 2 : OPS)),
};

// Small fills, dominated by the fixed cost of a call, in Fanin and TensorFlow.js.
// @ts-check

import { heNormal, randomNormal, randomUniform } from "@fanin/core";
import * as tf from "@tensorflow/tfjs-core";
import { expectClose } from "../expect-equal.mjs";
import { tfjsContender } from "../tfjs.mjs";

const REPEATS = 200; // fills in a run, so that reading the clock is negligible
const MICROSECOND = 1e-6;

/**
 * @param {string} name
 * @param {import("@fanin/core").Initializer} init
 * @param {number} n
 * @param {(n: number) => tf.Tensor} tfjs
 * @returns {import("../compare.mjs").Case}
 */
function smallCase(name, init, n, tfjs) {
  return {
    name: `${name} of ${n}`,
    targets: [{ own: "fill", atMost: MICROSECOND, unit: "1 µs" }],
    async prepare() {
      const shape = [n];
      const view = new Float32Array(n);
      expectClose(name, init.fill(view, shape), init(shape).data, 0);
      const repeated = (/** @type {() => unknown} */ once) => () => {
        for (let i = 0; i < REPEATS; i++) once();
      };
      const peer = await tfjsContender(
        "cpu",
        () => () => tfjs(n),
        (result) => {
          if (result.size !== n) throw new Error(`tfjs: expected ${n} elements, got ${result.size}`);
        },
      );
      return [
        { name: "fill", own: true, run: repeated(() => init.fill(view, shape)), amount: REPEATS },
        { name: "init", own: true, run: repeated(() => init(shape)), amount: REPEATS },
        { ...peer, run: repeated(() => tfjs(n).dispose()), amount: REPEATS },
      ];
    },
  };
}

/** @type {import("../compare.mjs").Suite} */
export const smallFills = {
  name: "small-fills",
  title: "small fills: the fixed cost of a call",
  cases: () =>
    [10, 64].flatMap((n) => [
      smallCase("uniform", randomUniform({ seed: 1 }), n, (size) => tf.randomUniform([size], -0.05, 0.05)),
      smallCase("normal", randomNormal({ seed: 1 }), n, (size) => tf.randomNormal([size], 0, 0.05)),
      smallCase("He normal", heNormal({ seed: 1 }), n, (size) => tf.truncatedNormal([size], 0, 0.05)),
      smallCase("uniform on keras/jax", randomUniform({ seed: 1, stream: "keras/jax" }), n, (size) =>
        tf.randomUniform([size], -0.05, 0.05),
      ),
    ]),
};

// Large fills of every stream through the public API, and TensorFlow.js's random functions: one million floats.
// Targets: the goals of the project for each stream.
// @ts-check

import { randomNormal, randomUniform, truncatedNormal } from "@fanin/core";
import * as tf from "@tensorflow/tfjs-core";
import { expectClose, expectDistribution } from "../expect-equal.mjs";
import { tfjsContender } from "../tfjs.mjs";

const SEED = 7;
const [LOW, HIGH] = [-0.05, 0.05];
const STDDEV = 0.05;

/** Each distribution in Fanin and in TensorFlow.js, with the same parameters. */
const distributions = {
  uniform: {
    make: randomUniform,
    tfjs: (/** @type {number[]} */ shape) => tf.randomUniform(shape, LOW, HIGH, "float32", SEED),
  },
  normal: {
    make: randomNormal,
    tfjs: (/** @type {number[]} */ shape) => tf.randomNormal(shape, 0, STDDEV, "float32", SEED),
  },
  "truncated normal": {
    make: truncatedNormal,
    tfjs: (/** @type {number[]} */ shape) => tf.truncatedNormal(shape, 0, STDDEV, "float32", SEED),
  },
};

/** @typedef {keyof typeof distributions} DistributionName */

/** @type {Record<import("@fanin/core").StreamName, { [D in DistributionName]?: { atLeast: number, aim?: number } }>} */
const targets = {
  "keras/tensorflow": {
    uniform: { atLeast: 4.5 },
    normal: { atLeast: 7, aim: 10 },
    "truncated normal": { atLeast: 4, aim: 8 },
  },
  "keras/jax": { uniform: { atLeast: 1.5 }, normal: { atLeast: 2.5 } },
  "keras/torch": { uniform: { atLeast: 3 }, normal: { atLeast: 4 } },
  "keras/numpy": { uniform: { atLeast: 1 }, normal: { atLeast: 2.5 } },
};

/**
 * @param {import("@fanin/core").StreamName} stream
 * @param {DistributionName} distribution
 * @param {number[]} shape
 * @returns {import("../compare.mjs").Case}
 */
function fillCase(stream, distribution, shape) {
  const { make, tfjs } = distributions[distribution];
  const name = `${stream} ${distribution}`;
  const target = targets[stream][distribution];
  return {
    name,
    targets: target ? ["init", "fill"].map((own) => ({ own, peer: "tfjs cpu", ...target })) : [],
    async prepare() {
      const init = make({ seed: SEED, stream });
      const expected = init.distribution(shape);
      const { data } = init(shape);
      const view = new Float32Array(data.length);
      const values = init.fill(view, shape).slice();
      expectClose(`${name}: fill and init`, values, data, 0);
      // Of PyTorch's truncated normals 4 in 10^6 are beyond the cut (see keras-torch.ts).
      const isLoose = stream === "keras/torch" && distribution === "truncated normal";
      /** @type {readonly [number, number]} */
      const support = isLoose ? [-6 * STDDEV, 6 * STDDEV] : expected.support;
      expectDistribution(name, data, { mean: expected.mean, variance: expected.variance, support });
      const peer = await tfjsContender(
        "cpu",
        () => () => tfjs(shape),
        (result) => expectDistribution(`tfjs ${distribution}`, result.dataSync(), expected),
      );
      return [
        { name: "init", own: true, run: () => init(shape) },
        { name: "fill", own: true, run: () => init.fill(view, shape) },
        peer,
      ];
    },
  };
}

/** @type {import("../compare.mjs").Suite} */
export const fills = {
  name: "fills",
  title: "fills: 1M float32 through the public API, a new tensor (init) or into a view (fill)",
  cases: ({ tiny = false } = {}) =>
    Object.keys(targets).flatMap((stream) =>
      Object.keys(distributions).map((distribution) =>
        fillCase(
          /** @type {import("@fanin/core").StreamName} */ (stream),
          /** @type {DistributionName} */ (distribution),
          tiny ? [40, 25] : [1000, 1000],
        ),
      ),
    ),
};

// The orthogonal initializer, that of TensorFlow.js, which is composed of tfjs operations, and Fanin's own gemm.
// @ts-check

import { orthogonal as fanin } from "@fanin/core";
import { getRuntime } from "@fanin/core/runtime";
import * as tf from "@tensorflow/tfjs-core";
import { initializers } from "@tensorflow/tfjs-layers";
import { operand, place } from "../binaries.mjs";
import { expectOrthonormal } from "../expect-equal.mjs";
import { tfjsContender } from "../tfjs.mjs";

// tfjs-layers calls these methods. Only the package @tensorflow/tfjs defines them, in modules that Node cannot import.
Object.assign(tf.Tensor.prototype, {
  /** @this {tf.Tensor} */
  flatten() {
    return tf.reshape(this, [this.size]);
  },
  /** @this {tf.Tensor} @param {number[]} shape */
  reshape(shape) {
    return tf.reshape(this, shape);
  },
  /** @this {tf.Tensor} */
  sign() {
    return tf.sign(this);
  },
  /** @this {tf.Tensor} @param {number[]} begin @param {number[]} end @param {number[]} strides */
  stridedSlice(begin, end, strides) {
    return tf.stridedSlice(this, begin, end, strides);
  },
  /** @this {tf.Tensor} */
  transpose() {
    return tf.transpose(this);
  },
});

const SEED = 3;
const TURNS = 3; // TensorFlow.js takes seconds for one run

/**
 * @param {number} n
 * @param {readonly import("../tfjs.mjs").Backend[]} backends
 * @returns {import("../compare.mjs").Case}
 */
function orthogonalCase(n, backends) {
  const name = `${n} x ${n}`;
  const shape = [n, n];
  return {
    name,
    targets: n === 256 ? [{ own: "fanin", peer: "tfjs wasm", atLeast: 50 }] : [],
    ...(backends.length > 0 && n > 64 ? { rounds: TURNS } : {}),
    async prepare() {
      const init = fanin({ seed: SEED });
      expectOrthonormal(`fanin ${name}`, init(shape).data, n);
      /** @type {import("../measure.mjs").Contender[]} */
      const contenders = [{ name: "fanin", own: true, run: () => init(shape), amount: (8 / 3) * n ** 3 }];
      for (const backend of backends) {
        const peer = await tfjsContender(
          backend,
          () => () => initializers.orthogonal({ gain: 1, seed: SEED }).apply(shape),
          (result) => expectOrthonormal(`tfjs ${backend} ${name}`, result.dataSync(), n),
        );
        contenders.push({ ...peer, amount: (8 / 3) * n ** 3 });
      }
      return [...contenders, ownGemm(n)];
    },
  };
}

/**
 * Fanin's product of the same size: R and Q cost 4/3 n^3 operations each, a product 2 n^3.
 * @param {number} n
 * @returns {import("../measure.mjs").Contender}
 */
function ownGemm(n) {
  const { kernels, arena } = getRuntime();
  const workspace = arena.alloc(kernels.gemm_workspace_f32(n, n, n));
  const a = place(arena, operand(n * n, 1));
  const c = arena.alloc(n * n * 4);
  const run = () => kernels.gemm_f32(n, n, n, a, n, 1, a, n, 1, 0, c, n, workspace);
  return { name: "own gemm", run, amount: 2 * n ** 3, isLimit: true };
}

/** @type {import("../compare.mjs").Suite} */
export const orthogonal = {
  name: "orthogonal",
  title: "orthogonal: a new orthogonal matrix; own gemm: ratio of operations a second",
  cases: ({ tiny = false } = {}) =>
    tiny
      ? [orthogonalCase(8, ["wasm", "cpu"]), orthogonalCase(40, [])]
      : [orthogonalCase(64, ["wasm", "cpu"]), orthogonalCase(256, ["wasm", "cpu"]), orthogonalCase(1024, [])],
};

// A 3x3 convolution, forward and both gradients: Fanin's kernels and both backends of TensorFlow.js.
// Targets: 40x tfjs cpu for all three together; forward at least as fast as tfjs wasm (XNNPACK).
// @ts-check

import * as tf from "@tensorflow/tfjs-core";
import { binaries, operand, place } from "../binaries.mjs";
import { GFLOPS } from "../compare.mjs";
import { expectClose } from "../expect-equal.mjs";
import { peaksByBinary } from "../peak.mjs";
import { useBackend } from "../tfjs.mjs";

const FILTER = 3;
const ATTRIBUTES = { strides: 1, pad: "same", dataFormat: "NHWC" };

/** @typedef {{ batch: number, size: number, inC: number, outC: number }} Sizes */
/** @typedef {"forward" | "byFilter" | "byInput"} Part */

/** @param {Sizes} sizes */
function operands({ batch, size, inC, outC }) {
  const pixels = batch * size * size;
  return {
    x: operand(pixels * inC, 1),
    filter: operand(FILTER * FILTER * inC * outC, 2),
    dy: operand(pixels * outC, 3),
  };
}

/**
 * The three parts with one binary of Fanin: how to run each, and its result.
 * @param {import("../binaries.mjs").Binary} binary
 * @param {Sizes} sizes
 * @returns {Record<Part, { run: () => void, result: () => Float32Array }>}
 */
function convolution({ kernels, arena }, sizes) {
  const { batch, size, inC, outC } = sizes;
  const values = operands(sizes);
  const shape = arena.alloc(15 * 4);
  arena.u32(shape, 15).set([batch, size, size, inC, size, size, outC, FILTER, FILTER, 1, 1, 1, 1, 1, 1]);
  const workspace = arena.alloc(kernels.conv2d_workspace_f32(shape));
  const [x, filter, dy] = [place(arena, values.x), place(arena, values.filter), place(arena, values.dy)];
  const [y, dfilter, dx] = [values.dy, values.filter, values.x].map((like) => arena.alloc(like.byteLength));
  const at = (/** @type {number | undefined} */ pointer, /** @type {Float32Array} */ like) => ({
    pointer: pointer ?? 0,
    result: () => arena.f32(pointer ?? 0, like.length),
  });
  const out = { forward: at(y, values.dy), byFilter: at(dfilter, values.filter), byInput: at(dx, values.x) };
  return {
    forward: {
      ...out.forward,
      run: () => kernels.conv2d_f32(out.forward.pointer, x, filter, shape, workspace, 0, 0, 0),
    },
    byFilter: {
      ...out.byFilter,
      run: () => kernels.conv2d_filter_gradient_f32(out.byFilter.pointer, x, dy, shape, workspace),
    },
    byInput: {
      ...out.byInput,
      run: () => kernels.conv2d_input_gradient_f32(out.byInput.pointer, dy, filter, shape, workspace),
    },
  };
}

/**
 * The same on the current backend of TensorFlow.js: each part makes one tensor.
 * @param {Sizes} sizes
 * @returns {Record<Part, () => tf.Tensor>}
 */
function tfjsConvolution(sizes) {
  const { batch, size, inC, outC } = sizes;
  const values = operands(sizes);
  const x = tf.tensor4d(values.x, [batch, size, size, inC]);
  const filter = tf.tensor4d(values.filter, [FILTER, FILTER, inC, outC]);
  const dy = tf.tensor4d(values.dy, [batch, size, size, outC]);
  const kernel = (
    /** @type {string} */ name,
    /** @type {Record<string, tf.Tensor>} */ inputs,
    /** @type {object} */ shapes,
  ) => /** @type {tf.Tensor} */ (tf.engine().runKernel(name, inputs, { ...ATTRIBUTES, ...shapes }));
  return {
    forward: () => tf.conv2d(x, filter, 1, "same"),
    byFilter: () => kernel("Conv2DBackpropFilter", { x, dy }, { filterShape: filter.shape }),
    byInput: () => kernel("Conv2DBackpropInput", { dy, filter }, { inputShape: x.shape }),
  };
}

/** The parts of each case, and the backends of TensorFlow.js that compute them. tfjs cpu takes a minute for one batch and runs once. */
const cases =
  /** @type {{ name: string, parts: Part[], backends: import("../tfjs.mjs").Backend[], targets: { peer: string, atLeast: number }[] }[]} */ ([
    { name: "forward", parts: ["forward"], backends: ["wasm"], targets: [{ peer: "tfjs wasm", atLeast: 1 }] },
    { name: "by filter", parts: ["byFilter"], backends: [], targets: [] },
    { name: "by input", parts: ["byInput"], backends: ["wasm"], targets: [] },
    {
      name: "all three",
      parts: ["forward", "byFilter", "byInput"],
      backends: ["cpu"],
      targets: [{ peer: "tfjs cpu", atLeast: 40 }],
    },
  ]);

/**
 * @param {(typeof cases)[number]} test
 * @param {Sizes} sizes
 * @returns {import("../compare.mjs").Case}
 */
function convolutionCase({ name, parts, backends, targets }, sizes) {
  const { batch, size, inC, outC } = sizes;
  const label = `${FILTER}x${FILTER} ${size}x${size}x${inC} -> ${outC}, batch ${batch}: ${name}`;
  return {
    name: label,
    targets: binaries().flatMap(({ name: own }) => targets.map((target) => ({ own, ...target }))),
    async prepare() {
      const amount = parts.length * 2 * batch * size * size * FILTER * FILTER * inC * outC;
      const owns = binaries().map((binary) => ({ name: binary.name, by: convolution(binary, sizes) }));
      // Every sum is exact in float32 (binaries.mjs), so results are equal for any order of additions.
      /** @type {Map<Part, Float32Array>} */
      const expected = new Map();
      for (const { name: own, by } of owns) {
        for (const part of parts) {
          by[part].run();
          const got = by[part].result().slice();
          expectClose(`${own} ${label}`, got, expected.get(part) ?? got, 0);
          expected.set(part, got);
        }
      }
      const peers = [];
      for (const backend of backends) {
        await useBackend(backend);
        const theirs = tfjsConvolution(sizes);
        const check = () => {
          for (const part of parts) {
            const result = theirs[part]();
            expectClose(`tfjs ${backend} ${label}`, result.dataSync(), expected.get(part) ?? [], 0);
            result.dispose();
          }
        };
        const run = () => {
          for (const part of parts) theirs[part]().dispose();
        };
        // A run that takes a minute is checked while it is timed: the comparison takes a thousandth of that.
        const isSlow = backend === "cpu";
        if (!isSlow) check();
        peers.push({
          name: `tfjs ${backend}`,
          isSlow,
          enter: () => useBackend(backend),
          run: isSlow ? check : run,
          amount,
        });
      }
      return [
        ...owns.map(({ name: own, by }) => ({
          name: own,
          own: true,
          run: () => {
            for (const part of parts) by[part].run();
          },
          amount,
        })),
        ...peers,
        ...peaksByBinary(),
      ];
    },
  };
}

/** @type {import("../compare.mjs").Suite} */
export const convolution3x3 = {
  name: "convolution",
  title: "convolution: forward and both gradients",
  rate: GFLOPS,
  cases: ({ tiny = false } = {}) =>
    cases.map((test) =>
      convolutionCase(test, tiny ? { batch: 2, size: 5, inC: 3, outC: 4 } : { batch: 32, size: 28, inC: 32, outC: 64 }),
    ),
};

// A training step of 784-128-10 through tfjs-layers: Fanin's backend with its fused Adam, and TensorFlow.js's backends.
// Target: 4x tfjs wasm.
// @ts-check

import { adam } from "@fanin/core/tfjs";
import { proceduralDataset } from "@fanin/lab/data";
import { expectClose } from "../expect-equal.mjs";
import { useBackend } from "../tfjs.mjs";
import { tfjsStep } from "./training-step.mjs";

const STEPS = 10; // the losses of these steps are compared
const INPUTS = 784;

/**
 * @param {number} batch
 * @param {readonly import("../compare.mjs").Target[]} targets
 * @returns {import("../compare.mjs").Case}
 */
function stepCase(batch, targets) {
  return {
    name: `784-128-10, batch ${batch}, Adam, tfjs-layers`,
    targets,
    async prepare() {
      const { images, labels } = proceduralDataset({ train: batch, test: 1 }).train;
      const pixels = Float32Array.from(images.subarray(0, batch * INPUTS), (byte) => byte / 255);
      /** @type {import("../measure.mjs").Contender[]} */
      const contenders = [];
      /** @type {number[] | undefined} */
      let expected;
      for (const backend of /** @type {const} */ (["fanin", "wasm", "cpu"])) {
        await useBackend(backend);
        const own = backend === "fanin";
        const optimizer = own ? adam(0.001, 0.9, 0.999, 1e-7) : undefined;
        const step = tfjsStep(pixels, labels.subarray(0, batch), optimizer);
        const losses = [];
        for (let i = 0; i < STEPS; i++) losses.push(await step());
        expected ??= losses;
        expectClose(`${backend}: losses`, losses, expected, 1e-3);
        contenders.push({ name: own ? backend : `tfjs ${backend}`, own, enter: () => useBackend(backend), run: step });
      }
      return contenders;
    },
  };
}

/** @type {import("../compare.mjs").Suite} */
export const tfjsTrainingStep = {
  name: "tfjs-step",
  title: "training step through tfjs-layers",
  cases: ({ tiny = false } = {}) =>
    tiny ? [stepCase(4, [])] : [stepCase(64, [{ own: "fanin", peer: "tfjs wasm", atLeast: 4 }]), stepCase(32, [])],
};

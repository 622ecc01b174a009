// The measured peak of this core as a contender; matrix products are shown in per cent of it.
// @ts-check

import { supportsRelaxedSimd } from "@fanin/kernels";
import { peakModule, peakResult, STEP_OPERATIONS } from "./peak-module.mjs";

const STEPS = 50_000;
const X = 0.5;
const Y = 0.25;

const FUSED = "fused multiply-add";

/** The name of the peak that `peaksByBinary` gives for each binary. */
export const PEAK = "peak";

/**
 * The loop's sum is compared with a plain computation before it is timed.
 * @param {string} name
 * @param {boolean} fused
 * @returns {import("./measure.mjs").Contender}
 */
function peak(name, fused) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(peakModule(fused)));
  const run = /** @type {(steps: number, x: number, y: number) => number} */ (exports["run"]);
  for (const steps of [1, 2, 7, STEPS]) {
    const got = run(steps, X, Y);
    const want = peakResult(fused, steps, X, Y);
    if (got !== want) throw new Error(`${name}: ${steps} steps: expected ${want}, got ${got}`);
  }
  return { name, run: () => run(STEPS, X, Y), amount: STEPS * STEP_OPERATIONS, isLimit: true };
}

/** Loops of independent multiplications and additions, and of fused ones if the engine has them. */
export function peaks() {
  return [peak("multiply, add", false), ...(supportsRelaxedSimd() ? [peak(FUSED, true)] : [])];
}

/**
 * The peak of the instructions that each binary uses: multiply, add for `fanin`, fused for `fanin relaxed`.
 * @returns {import("./measure.mjs").Contender[]}
 */
export function peaksByBinary() {
  return peaks().map((contender) => ({
    ...contender,
    name: PEAK,
    only: contender.name === FUSED ? "fanin relaxed" : "fanin",
  }));
}

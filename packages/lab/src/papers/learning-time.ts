// T8: the learning time of a deep linear network does not grow with depth if its weights start orthogonal.
// Source: Saxe, McClelland and Ganguli 2013 (arXiv 1312.6120), section 3.

import { orthogonal, randomNormal } from "@fanin/core";
import { getRuntime } from "@fanin/core/runtime";
import { type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";

const N = 32;
const SIZE = N * N;
const DONE = 0.05; // the mean square of the error; 1 for a network that outputs zero
const LIMIT = 1500;
const ORTHOGONAL_LIMIT = 1000;
const RATIO = 5;
const rates = [0.0625, 0.125, 0.25, 0.5]; // divided by depth, because that many layers move the product together

/** Steps of gradient descent on |W_L ... W_1 - target|^2 / 2 until its mean square is below DONE; LIMIT if never. */
function stepsToLearn(start: readonly Float32Array[], target: Float32Array, rate: number): number {
  const { kernels, arena } = getRuntime();
  return arena.scope((alloc) => {
    const depth = start.length;
    const blocks = (count: number): number[] => Array.from({ length: count }, () => alloc(4 * SIZE));
    const weights = blocks(depth);
    const below = blocks(depth); // below[l] = W_l ... W_1
    const above = blocks(depth); // above[l] = (W_L ... W_(l+1))^T error
    const [gradient = 0] = blocks(1);
    const workspace = alloc(kernels.gemm_workspace_f32(N, N, N));
    for (const [l, values] of start.entries()) arena.f32(weights[l] ?? 0, SIZE).set(values);
    const at = (list: readonly number[], l: number): number => list[l] ?? 0;
    /** c = a b, with optional transposes. */
    const multiply = (a: number, isATransposed: boolean, b: number, isBTransposed: boolean, c: number): void => {
      const [aRow, aColumn] = isATransposed ? [1, N] : [N, 1];
      const [bRow, bColumn] = isBTransposed ? [1, N] : [N, 1];
      kernels.gemm_f32(N, N, N, a, aRow, aColumn, b, bRow, bColumn, 0, c, N, workspace);
    };
    for (let step = 0; step < LIMIT; step++) {
      arena.f32(at(below, 0), SIZE).set(arena.f32(at(weights, 0), SIZE));
      for (let l = 1; l < depth; l++) multiply(at(weights, l), false, at(below, l - 1), false, at(below, l));
      const error = arena.f32(at(above, depth - 1), SIZE);
      const product = arena.f32(at(below, depth - 1), SIZE);
      let square = 0;
      for (let i = 0; i < SIZE; i++) {
        const difference = (product[i] ?? 0) - (target[i] ?? 0);
        error[i] = difference;
        square += difference * difference;
      }
      if (square / N < DONE) return step;
      if (!Number.isFinite(square)) return LIMIT;
      for (let l = depth - 1; l > 0; l--) multiply(at(weights, l), true, at(above, l), false, at(above, l - 1));
      for (let l = 0; l < depth; l++) {
        if (l > 0) multiply(at(above, l), false, at(below, l - 1), true, gradient);
        kernels.sgd_f32(at(weights, l), l > 0 ? gradient : at(above, 0), SIZE, rate / depth);
      }
    }
    return LIMIT;
  });
}

/** The best of four learning rates. */
function bestSteps(draw: (l: number) => Float32Array, depth: number, target: Float32Array): number {
  const start = Array.from({ length: depth }, (_, l) => draw(l));
  return Math.min(...rates.map((rate) => stepsToLearn(start, target, rate)));
}

/** T8. */
export const learningTime: PaperTable = {
  title: "Learning time against depth in linear networks",
  paper: "Saxe, McClelland and Ganguli 2013",
  run: () => {
    const target = orthogonal({ seed: 800 })([N, N]).data;
    const turned = (l: number): Float32Array => orthogonal({ seed: 801 + l })([N, N]).data;
    const gaussian = (l: number): Float32Array =>
      randomNormal({ stddev: 1 / Math.sqrt(N), seed: 801 + l })([N, N]).data;
    const steps = new Map<number, number>();
    const rows = [2, 4, 8, 16, 32].map((depth): PaperRow => {
      const ours = bestSteps(turned, depth, target);
      steps.set(depth, ours);
      const half = ORTHOGONAL_LIMIT / 2;
      return paperRow(`orthogonal, ${depth} layers: steps`, half, ours, half, "done within 1,000 steps at any depth");
    });
    const slow = bestSteps(gaussian, 8, target);
    return [
      ...rows,
      paperRow("Gaussian, 8 layers: steps, up to 1,500", LIMIT, slow, 0, "not done within 1,500 steps"),
      paperRow(
        "8 layers: Gaussian / orthogonal, up to 5",
        RATIO,
        Math.min(RATIO, slow / (steps.get(8) ?? LIMIT)),
        0,
        "at least 5 times as long",
      ),
    ];
  },
};

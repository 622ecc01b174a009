// T9: the spectrum of products of random matrices, the Jacobian of a deep linear network.
// Source: Pennington, Schoenholz and Ganguli 2017 (arXiv 1711.04735); the Fuss-Catalan law of such products.

import { randomNormal } from "@fanin/core";
import { matmul } from "../signal/matmul.ts";
import { orthonormal } from "../signal/orthonormal.ts";
import { singularValues } from "../signal/singular-values.ts";
import { CHANCE, mean, type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";

const N = 200;
const DRAWS = 8;
// The real case (beta = 1): Tracy and Widom 1996.
const TRACY_WIDOM_MEAN = -1.2065336;
const TRACY_WIDOM_DEVIATION = 1.2679814;
const depths = [1, 2, 5, 10, 20, 50];

/**
 * The share of s^2 below `bound` in the limit of wide matrices: the Fuss-Catalan law by its parametrization
 * x(phi) = sin^(d+1)((d+1) phi) / (sin(phi) sin^d(d phi)); density times x is sin(phi) sin((d+1) phi) / (pi sin(d phi)).
 */
function fussCatalanShare(depth: number, bound: number): number {
  const end = Math.PI / (depth + 1);
  const lnX = (phi: number): number =>
    (depth + 1) * Math.log(Math.sin((depth + 1) * phi)) -
    Math.log(Math.sin(phi)) -
    depth * Math.log(Math.sin(depth * phi));
  const steps = 20_000;
  // x falls from its greatest value at phi = 0 to 0 at the end, so the share above `bound` is a sum from the start.
  let above = 0;
  let previous = lnX(end * 1e-9);
  for (let i = 1; i < steps; i++) {
    const next = lnX((end * i) / steps);
    if (next < Math.log(bound)) break;
    const phi = (end * (i - 0.5)) / steps;
    above += ((Math.sin(phi) * Math.sin((depth + 1) * phi)) / (Math.PI * Math.sin(depth * phi))) * (previous - next);
    previous = next;
  }
  return 1 - above;
}

/** A lower bound of the greatest squared singular value, by 60 steps of power iteration. */
function greatestSquare(matrix: Float32Array): number {
  let v = new Float64Array(N).fill(1 / Math.sqrt(N));
  let square = 0;
  for (let step = 0; step < 60; step++) {
    const image = new Float64Array(N);
    const back = new Float64Array(N);
    for (let i = 0; i < N; i++) {
      const row = matrix.subarray(i * N, (i + 1) * N);
      let sum = 0;
      for (let j = 0; j < N; j++) sum += (row[j] ?? 0) * (v[j] ?? 0);
      image[i] = sum;
      for (let j = 0; j < N; j++) back[j] = (back[j] ?? 0) + sum * (row[j] ?? 0);
    }
    square = image.reduce((sum, x) => sum + x * x, 0);
    const length = Math.sqrt(back.reduce((sum, x) => sum + x * x, 0));
    v = back.map((x) => x / length);
  }
  return square;
}

/** The products of `depth` Gaussian matrices, a list of draws for each depth. */
function products(): Map<number, Float32Array[]> {
  const found = new Map<number, Float32Array[]>(depths.map((depth) => [depth, []]));
  for (let draw = 0; draw < DRAWS; draw++) {
    const all = randomNormal({ seed: 90 + draw, stddev: 1 / Math.sqrt(N) })([50, N, N]).data;
    const layer = (l: number): Float32Array => all.subarray(l * N * N, (l + 1) * N * N);
    let product = layer(0);
    for (let depth = 1; depth <= 50; depth++) {
      if (depth > 1) product = matmul(product, layer(depth - 1), N, N, N);
      found.get(depth)?.push(product);
    }
  }
  return found;
}

/** T9. */
export const jacobianSpectrum: PaperTable = {
  title: "Singular values of the end-to-end Jacobian",
  paper: "Pennington, Schoenholz and Ganguli 2017",
  run: () => {
    const gaussian = products();
    const rows = depths.flatMap((depth): PaperRow[] => {
      const values = gaussian.get(depth) ?? [];
      const edge = (depth + 1) ** (depth + 1) / depth ** depth;
      // Near its edge the density is slope sqrt(edge - x) / pi, from x(phi) = edge (1 - depth (depth + 1) phi^2 / 2).
      const slope = ((depth + 1) / (depth * edge)) * Math.sqrt(2 / (edge * depth * (depth + 1)));
      const unit = (N * slope) ** (-2 / 3);
      const row = paperRow(
        `Gaussian, ${depth} layers: greatest s^2 (${edge.toPrecision(3)} for infinite width)`,
        edge + TRACY_WIDOM_MEAN * unit,
        mean(values.map(greatestSquare)),
        (CHANCE * TRACY_WIDOM_DEVIATION * unit) / Math.sqrt(DRAWS),
        "the edge has a Tracy-Widom distribution at width 200; mean of 8 draws, 1 in 1,000",
      );
      if (depth !== 10 && depth !== 50) return [row];
      const share = mean(values.slice(0, 3).map((m) => singularValues(m, N, N).filter((s) => s < 1e-2).length / N));
      return [
        row,
        paperRow(
          `Gaussian, ${depth} layers: share of s below .01`,
          fussCatalanShare(depth, 1e-4),
          share,
          // The spectrum of n rigid levels is known to about 1 / n; the limit of wide layers is off by depth / n.
          (1 + depth / 4) / N,
          "n levels repel each other, and n is finite: corrections of order depth / n",
        ),
      ];
    });
    const rotations = Array.from({ length: 5 }, (_, i) => Float32Array.from(orthonormal(N, N, 200 + i)));
    let product = rotations[0] as Float32Array;
    for (let l = 1; l < 50; l++) product = matmul(product, rotations[l % 5] as Float32Array, N, N, N);
    const isometry = singularValues(product, N, N);
    // 50 products of sums of 128 floats, each with a few roundings of 2^-24.
    const tolerance = 50 * Math.sqrt(N) * 2 ** -24;
    return [
      ...rows,
      paperRow(
        "orthogonal, 50 layers: greatest s",
        1,
        isometry[0] ?? 0,
        tolerance,
        "rounding of 50 products in f32 (five rotations in turn)",
      ),
      paperRow(
        "orthogonal, 50 layers: least s",
        1,
        isometry.at(-1) ?? 0,
        tolerance,
        "rounding of 50 products in f32 (five rotations in turn)",
      ),
    ];
  },
};

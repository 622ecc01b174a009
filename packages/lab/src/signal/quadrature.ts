// Means over a normal variable by Gaussian quadrature on panels that end at the kinks of the integrand.
// Source: Golub and Welsch 1969. A Gauss-Hermite rule over the line converges only like 1/n across a kink.

import { normalDensity } from "./elementary.ts";

/** Nodes on [-1, 1] and their weights. */
export interface Rule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Eigenvalues of a symmetric tridiagonal matrix, and the first components of its eigenvectors, by implicit QL.
 * `below[i]` couples i and i + 1; both arrays are overwritten.
 */
function tridiagonalQl(diagonal: number[], below: number[]): { values: number[]; first: number[] } {
  const n = diagonal.length;
  const d = (i: number): number => diagonal[i] ?? 0;
  const e = (i: number): number => below[i] ?? 0;
  const first = diagonal.map((_, i): number => (i === 0 ? 1 : 0));
  below[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (;;) {
      let m = l;
      while (m < n - 1 && Math.abs(e(m)) > 2 ** -53 * (Math.abs(d(m)) + Math.abs(d(m + 1)))) m++;
      if (m === l) break;
      const half = (d(l + 1) - d(l)) / (2 * e(l));
      const root = Math.sqrt(half * half + 1);
      let g = d(m) - d(l) + e(l) / (half + (half < 0 ? -root : root));
      let [s, c, p] = [1, 1, 0];
      for (let i = m - 1; i >= l; i--) {
        const f = s * e(i);
        const b = c * e(i);
        const r = Math.sqrt(f * f + g * g);
        below[i + 1] = r;
        [s, c] = [f / r, g / r];
        g = d(i + 1) - p;
        const t = (d(i) - g) * s + 2 * c * b;
        p = s * t;
        diagonal[i + 1] = g + p;
        g = c * t - b;
        const above = first[i + 1] ?? 0;
        first[i + 1] = s * (first[i] ?? 0) + c * above;
        first[i] = c * (first[i] ?? 0) - s * above;
      }
      diagonal[l] = d(l) - p;
      below[l] = g;
      below[m] = 0;
    }
  }
  return { values: diagonal, first };
}

/** The Gauss-Legendre rule of `n` nodes on [-1, 1], in ascending order. */
export function gaussLegendre(n: number): Rule {
  const below = Array.from({ length: n }, (_, i) => (i + 1) / Math.sqrt(4 * (i + 1) * (i + 1) - 1));
  const { values, first } = tridiagonalQl(new Array<number>(n).fill(0), below);
  const order = values.map((_, i) => i).sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0));
  return { nodes: order.map((i) => values[i] ?? 0), weights: order.map((i) => 2 * (first[i] ?? 0) * (first[i] ?? 0)) };
}

// In standard deviations. 2e-19 of the normal's mass is beyond 9; 16 nodes are exact on a panel this short.
const panels = [-9, -6, -4, -2, 0, 2, 4, 6, 9];
// In units of the argument: the bends of the activations, so that a wide normal does not step over them.
const bends = [-16, -8, -4, -2, 0, 2, 4, 8, 16];
let rule: Rule | undefined;

/** Points z of a standard normal with weights that include its density: a mean of f is the sum of weight * f(x). */
export interface NormalNodes {
  readonly z: Float64Array;
  /** `mean + deviation * z`. */
  readonly x: Float64Array;
  readonly weight: Float64Array;
}

interface KnownNodes {
  readonly mean: number;
  readonly deviation: number;
  readonly kinks: readonly number[];
  readonly nodes: NormalNodes;
}
// The theory of one layer needs the same nodes twice.
let known: KnownNodes | undefined;

/** Nodes for means of functions of x ~ N(mean, deviation^2) with bends near 0 and `kinks`; deviation > 0. */
export function normalNodes(mean: number, deviation: number, kinks: readonly number[]): NormalNodes {
  if (known && known.mean === mean && known.deviation === deviation && known.kinks === kinks) return known.nodes;
  const nodes = makeNodes(mean, deviation, kinks);
  known = { mean, deviation, kinks, nodes };
  return nodes;
}

function makeNodes(mean: number, deviation: number, kinks: readonly number[]): NormalNodes {
  rule ??= gaussLegendre(16);
  const inner = [...bends, ...kinks].map((bend) => (bend - mean) / deviation).filter((z) => Math.abs(z) < 9);
  const edges = [...panels, ...inner].sort((a, b) => a - b);
  const z: number[] = [];
  const weight: number[] = [];
  for (let i = 1; i < edges.length; i++) {
    const [low, high] = [edges[i - 1] ?? 0, edges[i] ?? 0];
    const half = (high - low) / 2;
    if (half === 0) continue;
    rule.nodes.forEach((node, j) => {
      const at = low + half * (1 + node);
      z.push(at);
      weight.push(half * (rule?.weights[j] ?? 0) * normalDensity(at));
    });
  }
  return {
    z: Float64Array.from(z),
    x: Float64Array.from(z, (at) => mean + deviation * at),
    weight: Float64Array.from(weight),
  };
}

// The functions of one number: around the vector length, in place, halves and integers among the values.

import { floats, type KernelCase, type KernelName, lengths } from "../harness.ts";
import { unary } from "../reference/unary.ts";

const ROUNDED_TWICE = new Set(["rsqrt"]);
const CONSTANTS: Readonly<Record<string, number[]>> = { clip: [-1.5, 2.25], step: [0.25] };
const EXACT = new Set([
  ...["abs", "ceil", "clip", "floor", "neg", "reciprocal", "round", "sign_or_zero", "sqrt", "square", "step"],
]);
const POSITIVE = new Set(["log", "log1p", "rsqrt", "sqrt", "reciprocal"]);

/** Values of a function's domain: half-integers first, then any. */
function inputs(name: string, n: number): Float32Array {
  const x = POSITIVE.has(name) ? floats(n, 0.1, 9) : floats(n, -5, 5);
  if (name === "step" || name === "sign_or_zero") x.fill(Number.NaN, n - 1);
  for (let i = 0; i < Math.min(n, 6); i++) x[i] = POSITIVE.has(name) ? i + 0.5 : i - 2.5;
  return x;
}

export const unaryCases: readonly KernelCase[] = Object.entries(unary).map(([name, value]) => ({
  kernel: `${name}_f32` as KernelName,
  sizes: lengths(4),
  arguments: (n = 0) => [new Float32Array(n), inputs(name, n), n, ...(CONSTANTS[name] ?? [])],
  reference: (out: Float32Array, x: Float32Array, n: number, low: number, high: number) => {
    for (let i = 0; i < n; i++) out[i] = value(x[i] ?? 0, low, high);
    return undefined;
  },
  inPlace: [[0, 1]],
  ...(EXACT.has(name)
    ? { tolerance: 0 }
    : {
        tolerance: ROUNDED_TWICE.has(name) ? 1.2e-7 : 5e-7,
        why: "the ULP bounds are in ulp.test.ts; here the loops are tested",
      }),
}));

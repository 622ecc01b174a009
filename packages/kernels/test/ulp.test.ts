// The accuracy of the mathematical functions: every 8191st float32 (524,354 of them) against float64, and the special values.
// The bounds are those in the headers of assembly/, in lines "// ULP: name bound, ..." and "// ULP of 1: name bound, ...". They were measured on a denser sweep
// (every 509th, 8.4 million points, rounded up), so this one finds somewhat less: at least two thirds of the bound.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type KernelName, kernels, memory } from "./harness.ts";
import { binary } from "./reference/binary.ts";
import { functions, slopeConstants, slopes } from "./reference/math.ts";

const STEP = 8191; // prime, so that all mantissas occur
const COUNT = Math.ceil(2 ** 32 / STEP);
const CHUNK = 1 << 16;

/** The bounds of the header lines that begin with `label`. */
function statedBounds(label: string): Map<string, number> {
  const bounds = new Map<string, number>();
  const root = fileURLToPath(new URL("../assembly", import.meta.url));
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.startsWith("generated")) continue;
    for (const [, found, list = ""] of readFileSync(`${root}/${file}`, "utf8").matchAll(/^\/\/ (ULP.*?): (.*)$/gm)) {
      if (found !== label) continue;
      for (const [, name = "", bound] of list.matchAll(/(\w+) ([\d.]+)/g)) bounds.set(name, Number(bound));
    }
  }
  return bounds;
}

/** The distance of neighbouring floats at |x|, at least that of the denormals. */
function ulp(x: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return 2 ** (Math.max(exponent, -126) - 23);
}

/** How many ULPs of 1 `got` is from `want`, for results of about 1 whose small values cancel. */
function distanceOfOne(got: number, want: number): number {
  if (Number.isNaN(got) || Number.isNaN(want)) return Object.is(got, want) ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(got - want) / 2 ** -23;
}

/** How many ULPs `got` is from `want`; Infinity for a wrong NaN, infinity or zero. */
function distance(got: number, want: number): number {
  const nearest = Math.fround(want);
  if (Object.is(got, nearest)) return Number.isFinite(got) && want !== 0 ? Math.abs(got - want) / ulp(want) : 0;
  if (Number.isNaN(got) || Number.isNaN(want)) return Number.POSITIVE_INFINITY;
  const top = 2 ** 128; // what an infinity stands for beside the largest floats
  if (!Number.isFinite(want) || want === 0) return Number.POSITIVE_INFINITY;
  return Math.abs((Number.isFinite(got) ? got : Math.sign(got) * top) - want) / ulp(want);
}

function apply(name: string, x: Float32Array): Float32Array {
  const at = Math.ceil(kernels.heap_base() / 16) * 16;
  const view = new Float32Array(memory.buffer, at, x.length);
  view.set(x);
  (kernels[`${name}_f32` as KernelName] as (...values: number[]) => void)(at, at, x.length);
  return view.slice();
}

/** The derivatives of the activation `name` at x, from its gradient kernel with dy = 1. */
function applyGradient(name: string, x: Float32Array): Float32Array {
  const at = Math.ceil(kernels.heap_base() / 16) * 16;
  const [dy, out] = [at + 4 * x.length, at + 8 * x.length];
  new Float32Array(memory.buffer, at, x.length).set(x);
  new Float32Array(memory.buffer, dy, x.length).fill(1);
  const constant = slopeConstants[name];
  const call = kernels[`${name}_gradient_f32` as KernelName] as (...values: number[]) => void;
  call(out, at, dy, x.length, ...(constant === undefined ? [] : [constant]));
  return new Float32Array(memory.buffer, out, x.length).slice();
}

/** The largest error over the sweep of `compute`, and where it is. */
function worst(
  compute: (x: Float32Array) => Float32Array,
  reference: (x: number) => number,
  measure: (got: number, want: number) => number,
): { ulps: number; x: number; got: number; want: number } {
  let found = { ulps: 0, x: 0, got: 0, want: 0 };
  for (let first = 0; first < COUNT; first += CHUNK) {
    const words = Uint32Array.from({ length: Math.min(CHUNK, COUNT - first) }, (_, i) => (first + i) * STEP);
    const x = new Float32Array(words.buffer);
    const y = compute(x);
    for (let i = 0; i < x.length; i++) {
      const [xi = 0, got = 0] = [x[i], y[i]];
      const want = reference(xi);
      const ulps = measure(got, want);
      if (ulps > found.ulps) found = { ulps, x: xi, got, want };
    }
  }
  return found;
}

const bounds = statedBounds("ULP");
const boundsOfOne = statedBounds("ULP of 1");

interface Swept {
  readonly name: string;
  readonly compute: (x: Float32Array) => Float32Array;
  readonly reference: (x: number) => number;
  readonly measure: (got: number, want: number) => number;
  readonly bound: number;
}

const sweptFunctions: Swept[] = Object.entries(functions).map(([name, reference]) => ({
  name,
  compute: (x) => apply(name, x),
  reference,
  measure: distance,
  bound: bounds.get(name) ?? Number.NaN,
}));

/** A derivative with a zero, or that is 1 less a value near 1, loses its small values: its bound is in ULPs of 1. */
const sweptSlopes: Swept[] = Object.entries(slopes).map(([activation, reference]) => {
  const name = `${activation}_gradient`;
  const ofOne = boundsOfOne.get(name);
  return {
    name,
    compute: (x) => applyGradient(activation, x),
    reference,
    measure: ofOne === undefined ? distance : distanceOfOne,
    bound: ofOne ?? bounds.get(name) ?? Number.NaN,
  };
});

describe("the stated bounds", () => {
  it("are there for every function with a reference, and for no other", () => {
    const swept = [...sweptFunctions, ...sweptSlopes].map(({ name }) => name);
    expect([...bounds.keys(), ...boundsOfOne.keys()].sort()).toEqual([...swept, "pow"].sort());
  });

  it("cover every kernel of a gradient of one number", () => {
    const gradients = Object.keys(kernels).filter(
      (name) => /^[a-z0-9_]+_gradient_f32$/.test(name) && !/pool|conv/.test(name),
    );
    expect(gradients.sort()).toEqual(sweptSlopes.map(({ name }) => `${name}_f32`).sort());
  });
});

describe.each([...sweptFunctions, ...sweptSlopes])("$name", ({ name, compute, reference, measure, bound }) => {
  it("keeps the bound that its header states, which is no more than half as much again as the sweep finds", () => {
    const found = worst(compute, reference, measure);
    expect(found.ulps, JSON.stringify(found)).toBeLessThanOrEqual(bound);
    expect(bound).toBeLessThanOrEqual(found.ulps * 1.5);
  });

  it("is right at NaN, the infinities, zeros, ones and the ends of the float32 range", () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const small = [2 ** -149, -(2 ** -149), 2 ** -126];
    const points = [nan, inf, -inf, 0, -0, 1, -1, ...small, 3.4028234663852886e38, -3.4028234663852886e38];
    const got = compute(Float32Array.from(points));
    points.forEach((x, i) => {
      const ulps = measure(got[i] as number, reference(x));
      expect(ulps, `${name}(${x}) = ${got[i]}`).toBeLessThanOrEqual(bound);
    });
  });
});

describe("pow", () => {
  /** x[i]^y[i] for all i. */
  function power(x: Float32Array, y: Float32Array): Float32Array {
    const at = Math.ceil(kernels.heap_base() / 16) * 16;
    const [a, b, shape] = [at, at + 4 * x.length, at + 8 * x.length];
    new Float32Array(memory.buffer, a, x.length).set(x);
    new Float32Array(memory.buffer, b, y.length).set(y);
    new Uint32Array(memory.buffer, shape, 6).set([0, 0, 0, x.length, 1, 1]);
    kernels.pow_f32(a, a, b, shape);
    return new Float32Array(memory.buffer, a, x.length).slice();
  }

  it("keeps its bound on positive bases with exponents that reach from underflow to overflow, and no less", () => {
    let found = 0;
    for (let round = 0; round < 4; round++) {
      const words = Uint32Array.from({ length: CHUNK }, (_, i) => (round * CHUNK + i) * 8087);
      const x = new Float32Array(words.buffer);
      const y = x.map((value, i) => ((i % 4001) - 2000) / 13 / Math.max(Math.abs(Math.log(value)), 1e-3));
      const got = power(x, y);
      for (let i = 0; i < CHUNK; i++) found = Math.max(found, distance(got[i] ?? 0, (x[i] ?? 0) ** (y[i] ?? 0)));
    }
    expect(found).toBeLessThanOrEqual(bounds.get("pow") ?? 0);
    expect(found * 1.1).toBeGreaterThanOrEqual(bounds.get("pow") ?? 0);
  });

  it("is C's pow at zeros, ones, infinities, NaN, negative bases, odd, even and broken exponents", () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const points = [
      0,
      -0,
      1,
      -1,
      2,
      -2,
      3,
      -3,
      0.5,
      -0.5,
      -2.5,
      1e30,
      -1e30,
      16777215,
      16777216,
      2 ** -149,
      inf,
      -inf,
      nan,
    ];
    for (const x of points) {
      const y = Float32Array.from(points);
      const got = power(
        y.map(() => x),
        y,
      );
      y.forEach((exponent, i) => {
        const want = (binary["pow"] as (a: number, b: number) => number)(Math.fround(x), exponent);
        expect(distance(got[i] ?? 0, want), `${x} ** ${exponent} = ${got[i]}, not ${want}`).toBeLessThanOrEqual(0.51);
      });
    }
  });
});

// Papers, T16: no randomness, square layers that pass the signal on, and features that outgrow the input's rank.

import { describe, expect, it } from "vitest";
import { dense, difference, meanOf, normals, orthogonalityError, rank, relu, transpose } from "../../test/signal.ts";
import { eye } from "./eye.ts";
import { get } from "./registry.ts";
import { zerO } from "./zer-o.ts";

const BATCH = 64;

/** The rank of the second hidden layer's features of a 4-16-16-2 ReLU network after 20 steps of gradient descent. */
function featureRank(first: Float32Array): number {
  const x = normals(BATCH * 4, 1);
  const target = normals(BATCH * 2, 2);
  const w1 = Float64Array.from(first);
  const w2 = Float64Array.from(eye()([16, 16]).data);
  const w3 = Float64Array.from(eye()([16, 2]).data);
  const descend = (w: Float64Array, gradient: Float64Array) => {
    gradient.forEach((g, i) => {
      w[i] = (w[i] ?? 0) - (0.1 / BATCH) * g;
    });
  };
  const through = (d: Float64Array, h: Float64Array) => d.map((value, i) => ((h[i] ?? 0) > 0 ? value : 0));
  for (let step = 0; step < 20; step++) {
    const h1 = relu(dense(x, w1, 4, 16));
    const h2 = relu(dense(h1, w2, 16, 16));
    const d3 = difference(dense(h2, w3, 16, 2), target);
    const d2 = through(dense(d3, transpose(w3, 16, 2), 2, 16), h2);
    const d1 = through(dense(d2, transpose(w2, 16, 16), 16, 16), h1);
    descend(w3, dense(transpose(h2, BATCH, 16), d3, BATCH, 2));
    descend(w2, dense(transpose(h1, BATCH, 16), d2, BATCH, 16));
    descend(w1, dense(transpose(x, BATCH, 4), d1, BATCH, 16));
  }
  return rank(relu(dense(relu(dense(x, w1, 4, 16)), w2, 16, 16)), BATCH, 16);
}

describe("zerO", () => {
  it("is the identity where square, at the centre of a kernel, and part of it where it narrows", () => {
    expect(zerO()([3, 3]).data).toEqual(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1));
    expect(zerO()([3, 2]).data).toEqual(Float32Array.of(1, 0, 0, 1, 0, 0));
    const kernel = zerO()([3, 3, 2, 2]).data;
    expect([...kernel.subarray(16, 20)]).toEqual([1, 0, 0, 1]);
    expect(kernel.reduce((sum, value) => sum + Math.abs(value), 0)).toBe(2);
  });

  it("is a scaled Hadamard matrix, rows orthogonal, where it widens to a power of two", () => {
    const c = Math.fround(2 ** -0.5);
    expect([...zerO()([2, 4]).data]).toEqual([c, c, c, c, c, -c, c, -c]);
    // Squared singular values: c^2 2^m = 2.
    expect(orthogonalityError(transpose(zerO()([5, 32]).data, 5, 32), 32, 5, 2)).toBeLessThan(1e-6);
    expect(new Set(zerO()([5, 24]).data.map(Math.abs))).toEqual(new Set([Math.fround(2 ** -2)]));
  });

  it("has a distribution that its values obey exactly, whatever the size", () => {
    for (const shape of [
      [1, 2],
      [3, 5],
      [4, 7],
      [7, 8],
      [5, 33],
      [3, 6, 11],
      [9, 9],
      [9, 4],
    ]) {
      const { data } = zerO()(shape);
      const { mean, variance } = zerO().distribution(shape);
      expect(meanOf(data)).toBeCloseTo(mean, 6);
      expect(meanOf(data, (value) => (value - mean) ** 2)).toBeCloseTo(variance, 6);
    }
  });

  it("has no seed, and every call gives the same values", () => {
    expect(zerO().stream).toBe(null);
    expect(zerO()([8, 32]).data).toEqual(zerO()([8, 32]).data);
    expect(() => zerO({ seed: 1 } as Record<never, never>)).toThrow(/ZerO: unknown option "seed"; expected no options/);
  });

  it("lets features outgrow the rank of the input within 20 steps, which the partial identity does not", () => {
    expect(featureRank(eye()([4, 16]).data)).toBe(4);
    expect(featureRank(zerO()([4, 16]).data)).toBeGreaterThan(4);
  });

  it("does not take the name that is Keras's Zeros", () => {
    expect(get("zero").className).toBe("Zeros");
    expect(get("ZerO").className).toBe("ZerO");
  });
});

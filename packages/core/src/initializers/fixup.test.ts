// Papers, T10: residual blocks start as the identity, and a step changes the output by O(1) at any depth.

import { describe, expect, it } from "vitest";
import { dense, difference, norm, normals, relu, transpose } from "../../test/signal.ts";
import { fixup } from "./fixup.ts";

const WIDTH = 32;
const BATCH = 8;

/**
 * How far one step of gradient descent moves the output of `depth` blocks x + W2 relu(W1 x), the W1 for a network of
 * `branches`; W2 starts at zero, so the blocks pass x on and only W2 has a gradient.
 */
function outputChange(depth: number, branches: number): number {
  const x = normals(BATCH * WIDTH, 5);
  const first = Array.from({ length: depth }, (_, seed) => fixup({ branches, seed })([WIDTH, WIDTH]).data);
  const second = first.map(() => Float64Array.from(fixup({ branches, position: "last" })([WIDTH, WIDTH]).data));
  const forward = () =>
    first.reduce((stream, w1, block) => {
      const branch = dense(relu(dense(stream, w1, WIDTH, WIDTH)), second[block] ?? [], WIDTH, WIDTH);
      return stream.map((value, i) => value + (branch[i] ?? 0));
    }, x);
  const before = forward();
  expect(before).toEqual(x);
  const error = difference(before, normals(BATCH * WIDTH, 6));
  second.forEach((w2, block) => {
    const hidden = relu(dense(x, first[block] ?? [], WIDTH, WIDTH));
    dense(transpose(hidden, BATCH, WIDTH), error, BATCH, WIDTH).forEach((gradient, i) => {
      w2[i] = (w2[i] ?? 0) - (1e-4 / BATCH) * gradient;
    });
  });
  return norm(difference(forward(), before));
}

describe("fixup", () => {
  it("changes the output by a step as much in 64 blocks as in 4; unscaled kernels change it by the depth", () => {
    const ratio = outputChange(64, 64) / outputChange(4, 4);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
    expect(outputChange(64, 1) / outputChange(4, 1)).toBeGreaterThan(10);
  });

  it("scales He's standard deviation by L^(-1 / (2m - 2))", () => {
    const variance = (branches: number, layers: number) =>
      fixup({ branches, layers }).distribution([3, 3, 8, 16]).variance;
    const he = 2 / (9 * 16);
    expect(variance(1, 2)).toBeCloseTo(he, 15);
    expect(variance(16, 2)).toBeCloseTo(he / 16, 15);
    expect(variance(16, 3)).toBeCloseTo(he / 4, 15);
  });

  it("refuses branches of one layer, which have no inner one, and unknown positions", () => {
    expect(() => fixup({ layers: 1 })).toThrow(/layers: expected an integer from 2/);
    expect(() => fixup({ position: "lst" as "last" })).toThrow(
      /position: expected one of inner, last.*did you mean "last"/,
    );
  });
});

// Orthogonal's invariant, orientation and distribution, and the norms it keeps.

import { describe, expect, it } from "vitest";
import { dense, meanSquare, norm, normals, orthogonalityError, transpose } from "../../test/signal.ts";
import { getStreams } from "../runtime/streams.ts";
import { orthogonal } from "./orthogonal.ts";

describe("orthogonal", () => {
  it.each([
    [[1, 1], 1],
    [[8, 3], 1.5],
    [[3, 8], 1.5],
    [[3, 3, 4, 5], -0.5],
    [[2, 2, 100], 2],
    [[65, 33], 1],
    [[100, 200], Math.SQRT2],
  ] as const)("of %j with gain %d has W^T W = gain^2 I, or W W^T where it is wide", (shape, gain) => {
    const cols = shape.at(-1) ?? 1;
    const { data } = orthogonal({ gain, seed: 11 })([...shape]);
    const rows = data.length / cols;
    const error =
      rows >= cols
        ? orthogonalityError(data, rows, cols, gain ** 2)
        : orthogonalityError(transpose(data, rows, cols), cols, rows, gain ** 2);
    expect(error).toBeLessThan(1e-6 * gain ** 2);
  });

  it("has the variance of its distribution exactly, for the sum of squares is fixed", () => {
    for (const shape of [
      [96, 40],
      [40, 96],
      [3, 3, 8, 16],
    ]) {
      const init = orthogonal({ gain: 1.7, seed: 1 });
      expect(meanSquare(init(shape).data) / init.distribution(shape).variance).toBeCloseTo(1, 5);
    }
  });

  it("keeps the norm of a signal through 100 layers", () => {
    let x = normals(64, 5);
    const before = norm(x);
    for (let layer = 0; layer < 100; layer++) x = dense(x, orthogonal({ seed: layer })([64, 64]).data, 64, 64);
    expect(norm(x) / before).toBeCloseTo(1, 5);
  });

  it("is uniform over rotations: first elements of many matrices have the variance and the fourth moment of a sphere's", () => {
    const n = 4000;
    const first = Float64Array.from({ length: n }, (_, seed) => orthogonal({ seed })([4, 4]).data[0] ?? 0);
    // On the sphere in 4 dimensions E x^2 = 1/4 and E x^4 = 3 / (4 * 6) = 1/8; six standard errors of 4000 draws.
    expect(Math.abs(meanSquare(first) - 1 / 4)).toBeLessThan(6 * Math.sqrt((1 / 8 - 1 / 16) / n));
    expect(Math.abs(meanSquare(first.map((x) => x * x)) - 1 / 8)).toBeLessThan(0.02);
    expect(Math.abs(first.reduce((sum, x) => sum + x, 0) / n)).toBeLessThan(6 * Math.sqrt(1 / 4 / n));
  });

  it("refuses vectors with Keras's sentence", () => {
    const message = "The tensor to initialize must be at least two-dimensional. Received: shape=[5] of rank 1.";
    expect(() => orthogonal()([5])).toThrow(new RangeError(message));
    expect(() => orthogonal().distribution([])).toThrow(/at least two-dimensional/);
    expect(() => orthogonal({ gain: "1" as never })).toThrow(/gain/);
  });
});

describe("a tall matrix", () => {
  it("takes a few times its own memory, not the square of its height", () => {
    const { arena } = getStreams();
    const shape = [65536, 8];
    const before = arena.use();
    orthogonal({ seed: 1 })(shape);
    const after = arena.use();
    expect(after.blocks).toBe(before.blocks);
    expect(after.memory - before.memory).toBeLessThan(10 * 4 * 65536 * 8);
  });
});

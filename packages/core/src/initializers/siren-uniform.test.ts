// The paper's claim: the pre-activations of a network of sines have the same distribution in every layer.

import { describe, expect, it } from "vitest";
import { dense, meanSquare, normals } from "../../test/signal.ts";
import { sirenUniform } from "./siren-uniform.ts";
import { glorotUniform, lecunUniform } from "./variance-scaling.ts";

const WIDTH = 256;
const BATCH = 64;

/** The mean square of omega0 W x by layer, from random points of the square [-1, 1]^2 on. */
function preActivations(omega0: number, depth: number, kernel: (layer: number) => Float32Array): number[] {
  let x = normals(2 * BATCH, 9).map((value) => Math.sin(10 * value));
  const squares: number[] = [];
  for (let layer = 0; layer < depth; layer++) {
    const z = dense(x, kernel(layer), layer === 0 ? 2 : WIDTH, WIDTH).map((value) => omega0 * value);
    squares.push(meanSquare(z));
    x = z.map(Math.sin);
  }
  return squares;
}

describe("sirenUniform", () => {
  it.each([10, 30])("keeps the pre-activations' variance at 0.797 through 30 layers, omega0 = %d", (omega0) => {
    const squares = preActivations(omega0, 30, (layer) => {
      const init = sirenUniform({ first: layer === 0, omega0, seed: layer });
      return init([layer === 0 ? 2 : WIDTH, WIDTH]).data;
    });
    // The fixed point of v = 1 - exp(-2 v). 64 points x 256 units estimate it to sqrt(2 / 64 / 256) = 1.1 % a layer.
    const errors = squares.slice(5).map((square) => Math.abs(square / 0.7968 - 1));
    expect(Math.max(...errors)).toBeLessThan(0.05);
  });

  it("does what the usual initializers do not: without their omega0 the frequency grows without bound", () => {
    const usual = preActivations(
      30,
      5,
      (layer) => lecunUniform({ seed: layer })([layer === 0 ? 2 : WIDTH, WIDTH]).data,
    );
    expect(usual[4]).toBeGreaterThan(100);
    const glorot = glorotUniform({ seed: 0 }).distribution([WIDTH, WIDTH]).variance;
    expect(sirenUniform().distribution([WIDTH, WIDTH]).variance / glorot).toBeCloseTo(2 / 900, 10);
  });

  it("has the paper's limits", () => {
    expect(sirenUniform({ first: true }).distribution([2, 256]).support).toEqual([-0.5, 0.5]);
    const [low, high] = sirenUniform({ omega0: 10 }).distribution([24, 8]).support;
    expect(high).toBeCloseTo(Math.sqrt(6 / 24) / 10, 15);
    expect(low).toBe(-high);
    expect(() => sirenUniform({ omega0: 0 })).toThrow(/omega0: expected a finite number above 0, got 0/);
    expect(() => sirenUniform({ first: 1 as unknown as boolean })).toThrow(/first: expected true or false, got 1/);
  });
});

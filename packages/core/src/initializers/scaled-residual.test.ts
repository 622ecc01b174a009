// GPT-2's claim: the residual stream's variance does not grow with the number of layers.

import { describe, expect, it } from "vitest";
import { dense, meanSquare, normals } from "../../test/signal.ts";
import type { Initializer } from "./initializer.ts";
import { randomNormal } from "./random.ts";
import { scaledResidual } from "./scaled-residual.ts";

const WIDTH = 64;
const BATCH = 32;

/** The mean square of what 2 N branches add to the stream, each a projection of a normalized signal. */
function added(numLayers: number, projection: (seed: number) => Initializer): number {
  const stream = new Float64Array(BATCH * WIDTH);
  for (let branch = 0; branch < 2 * numLayers; branch++) {
    const y = dense(normals(BATCH * WIDTH, 1000 + branch), projection(branch)([WIDTH, WIDTH]).data, WIDTH, WIDTH);
    y.forEach((value, i) => {
      stream[i] = (stream[i] ?? 0) + value;
    });
  }
  return meanSquare(stream);
}

describe("scaledResidual", () => {
  it.each([1, 4, 24])("adds to the stream of %i layers what one unscaled branch would", (numLayers) => {
    const one = WIDTH * 0.02 ** 2;
    // 2048 values: sqrt(2 / 2048) = 3 % standard error, more as the values of a column share their weights.
    expect(Math.abs(added(numLayers, (seed) => scaledResidual({ numLayers, seed })) / one - 1)).toBeLessThan(0.2);
    const unscaled = added(numLayers, (seed) => randomNormal({ stddev: 0.02, seed }));
    expect(Math.abs(unscaled / (2 * numLayers * one) - 1)).toBeLessThan(0.2);
  });

  it("has standard deviation stddev / sqrt(2 N)", () => {
    expect(scaledResidual().distribution([8, 8]).variance).toBeCloseTo(0.02 ** 2 / 24, 15);
    expect(() => scaledResidual({ numLayers: 0 })).toThrow(/numLayers: expected an integer from 1/);
  });
});

import { heNormal, randomNormal } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { lsuv } from "./lsuv.ts";
import { propagate } from "./propagate.ts";

const layers = [30, 24, 24, 24];
const weights = layers
  .slice(1)
  .map((outputs, l) => heNormal({ seed: l })([layers[l] ?? 0, outputs]).data.map((x) => 3 * x));
const batch = randomNormal({ seed: 8, stddev: 1 })([200, 30]).data;

describe("lsuv", () => {
  it("brings every layer to variance 1 and does not modify its argument", () => {
    const before = weights.map((kernel) => kernel.slice());
    const result = lsuv({ layers, activation: "tanh", weights }, batch);
    expect(weights).toEqual(before);
    expect(result.warning).toBeNull();
    const { signals } = propagate(
      { layers, activation: "tanh", weights: result.weights },
      { seed: 0, batch: 200, input: batch },
    );
    for (const { forward } of signals) expect(Math.abs(10 ** (forward.log10 ?? 0) - 1)).toBeLessThan(0.15);
    for (const { iterations, varianceAfter } of result.layers) {
      expect(iterations).toBe(1);
      expect(varianceAfter).toBeCloseTo(1, 4);
    }
  });

  it("multiplies a kernel by one factor", () => {
    const [kernel] = lsuv({ layers, activation: "relu", weights }, batch).weights;
    const factor = (kernel?.[0] ?? 0) / (weights[0]?.[0] ?? 1);
    kernel?.forEach((x, i) => {
      expect(x).toBeCloseTo(factor * (weights[0]?.[i] ?? 0), 5);
    });
  });

  it("takes more than one step with a bias", () => {
    const biases = layers.slice(1).map((outputs) => randomNormal({ seed: 3, stddev: 0.7 })([outputs]).data);
    const { layers: report } = lsuv({ layers, activation: "relu", weights, biases }, batch);
    expect(Math.max(...report.map(({ iterations }) => iterations))).toBeGreaterThan(1);
    for (const { varianceAfter } of report) expect(Math.abs(varianceAfter - 1)).toBeLessThan(0.1);
  });

  it("warns about an unscaled input and about a layer that cannot be rescaled", () => {
    expect(
      lsuv(
        { layers, activation: "relu", weights },
        batch.map((x) => x * 0.35),
      ).warning,
    ).toMatch(/the input has variance 0\.12/);
    const zeros = weights.map((kernel, l) => (l === 1 ? kernel.map(() => 0) : kernel));
    expect(lsuv({ layers, activation: "relu", weights: zeros }, batch).warning).toMatch(/layer 2 stays at variance 0/);
  });

  it("names the faulty argument", () => {
    expect(() => lsuv({ layers, activation: "relu", weights: [] }, batch)).toThrow(
      "weights: expected 3 kernels, got 0",
    );
    expect(() => lsuv({ layers, activation: "relu", weights }, new Float32Array(31))).toThrow("batch: number of rows");
    expect(() => lsuv({ layers, activation: "relu", weights, biases: [new Float32Array(1)] }, batch)).toThrow(
      "biases[0]: expected 24 values, got 1",
    );
  });
});

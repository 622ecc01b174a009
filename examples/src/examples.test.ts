// The five programs run and give the expected results.

import { heUniform } from "@fanin/core";
import { proceduralDataset } from "@fanin/lab/data";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { program as constantNetwork } from "./constant-network.ts";
import { program as fashionMnist, plot } from "./fashion-mnist.ts";
import { program as heUniformNetwork } from "./he-uniform-network.ts";
import { program as onesLayer } from "./ones-layer.ts";
import { program as zerosLayer } from "./zeros-layer.ts";

let printed: string;

beforeEach(() => {
  printed = "";
  vi.spyOn(console, "log").mockImplementation((...words) => {
    printed += `${words.join(" ")}\n`;
  });
});
afterEach(() => vi.restoreAllMocks());

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("the five programs", () => {
  it("1: a layer of ones gives every output the sum of its inputs", async () => {
    const { prediction, hidden } = await onesLayer();
    const sums = [0, 1].map((row) => sum(Array.from({ length: 20 }, (_, i) => (20 * row + i) / 40)));
    for (const [row, values] of hidden.entries()) {
      expect(values.length).toBe(10);
      for (const value of values) expect(value).toBeCloseTo(sums[row] as number, 5);
    }
    expect(prediction.map((row) => row.length)).toEqual([1, 1]);
    expect(printed).toContain("Total params: 211");
  });

  it("2: a layer of zeros gives zeros", async () => {
    const { prediction, hidden } = await zerosLayer();
    expect(hidden).toEqual([new Array(10).fill(0), new Array(10).fill(0)]);
    expect(prediction).toEqual([[0], [0]]);
    expect(printed).toContain("Total params: 211");
  });

  it.each([
    ["3: starts from 0.1", constantNetwork, new Float32Array(6400).fill(0.1)],
    ["4: starts from He's uniform values", heUniformNetwork, heUniform({ seed: 0 })([100, 64]).data],
  ] as const)("%s and predicts probabilities", async (_, program, start) => {
    const { prediction, kernel } = await program();
    expect(kernel).toEqual(start);
    for (const row of prediction) {
      expect(row.length).toBe(10);
      expect(sum(row)).toBeCloseTo(1, 5);
    }
    expect(printed).toContain("Total params: 7114");
  });

  it("5: zeros do not learn, unit normals learn slowly, scaled normals learn well, as in Keras", async () => {
    const outcomes = await fashionMnist(proceduralDataset({ train: 800, test: 200 }), 3);
    expect(outcomes.map(({ name }) => name)).toEqual(["Zeros", "RandomNormal(0, 1)", "GlorotNormal", "HeNormal"]);
    const [dead = 1, unit = 0, glorot = 0, he = 0] = outcomes.map(({ testAccuracy }) => testAccuracy);
    expect(dead).toBeLessThan(0.2);
    expect(unit).toBeGreaterThan(0.2);
    expect(Math.min(glorot, he)).toBeGreaterThan(unit);
    for (const { history } of outcomes) expect(history["val_loss"]?.length).toBe(3);
    expect(plot(outcomes)).toMatch(/^<svg .*HeNormal/s);
  });
});

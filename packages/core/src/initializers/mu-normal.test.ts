// Papers, T13: the coordinate check. What a step changes in the activations does not depend on the width.

import { describe, expect, it } from "vitest";
import { dense, difference, logSlope, meanOf, normals, relu, transpose } from "../../test/signal.ts";
import { muNormal } from "./mu-normal.ts";

const WIDTHS = [64, 128, 256, 512];
const NETWORKS = [0, 1, 2, 3, 4, 5]; // averaged, for one network's change varies by a tenth
const BASE = 64;
const INPUTS = 32;
const OUTPUTS = 10;
const BATCH = 8;
const LEARNING_RATE = 1e-2;

interface Changes {
  readonly hidden: number;
  readonly outputs: number;
  readonly initial: number;
}

/** Mean |change| of the second hidden layer and of the outputs in Adam's first step, whose size is the learning rate's. */
function stepChanges(width: number, parametrization: "standard" | "mu", network: number): Changes {
  const mu = parametrization === "mu";
  const shapes = [
    [INPUTS, width],
    [width, width],
    [width, OUTPUTS],
  ] as const;
  const bases = [
    [INPUTS, BASE],
    [BASE, BASE],
    [BASE, OUTPUTS],
  ] as const;
  const [w1, w2, w3] = shapes.map((shape, layer) => {
    const [fanIn] = mu ? (bases[layer] ?? shape) : shape;
    const baseShape = mu ? (bases[layer] ?? null) : null;
    const init = muNormal({ stddev: Math.sqrt(2 / fanIn), baseShape, readout: "folded", seed: 3 * network + layer });
    return Float64Array.from(init(shape).data);
  }) as [Float64Array, Float64Array, Float64Array];
  const m = mu ? width / BASE : 1;
  const x = normals(BATCH * INPUTS, 77);
  const target = normals(BATCH * OUTPUTS, 78);
  const forward = () => {
    const h1 = relu(dense(x, w1, INPUTS, width));
    const z2 = dense(h1, w2, width, width);
    return { h1, z2, out: dense(relu(z2), w3, width, OUTPUTS) };
  };
  const before = forward();
  const d3 = difference(before.out, target);
  const through = (d: Float64Array, h: Float64Array) => d.map((value, i) => ((h[i] ?? 0) > 0 ? value : 0));
  const d2 = through(dense(d3, transpose(w3, width, OUTPUTS), OUTPUTS, width), before.z2);
  const d1 = through(dense(d2, transpose(w2, width, width), width, width), before.h1);
  const step = (w: Float64Array, gradient: Float64Array, rate: number) => {
    gradient.forEach((g, i) => {
      w[i] = (w[i] ?? 0) - rate * Math.sign(g);
    });
  };
  step(w1, dense(transpose(x, BATCH, INPUTS), d1, BATCH, width), LEARNING_RATE);
  step(w2, dense(transpose(before.h1, BATCH, width), d2, BATCH, width), LEARNING_RATE / m);
  step(w3, dense(transpose(relu(before.z2), BATCH, width), d3, BATCH, OUTPUTS), LEARNING_RATE / m);
  const after = forward();
  return {
    hidden: meanOf(difference(after.z2, before.z2), Math.abs),
    outputs: meanOf(difference(after.out, before.out), Math.abs),
    initial: meanOf(before.z2, Math.abs),
  };
}

describe("muNormal", () => {
  it("makes the change of activations in a step independent of the width; the standard parametrization does not", () => {
    const slopes = (parametrization: "standard" | "mu") => {
      const changes = WIDTHS.map((width) => NETWORKS.map((network) => stepChanges(width, parametrization, network)));
      const slope = (size: (change: Changes) => number) =>
        logSlope(
          WIDTHS,
          changes.map((networks) => meanOf(networks.map(size))),
        );
      return {
        hidden: slope(({ hidden }) => hidden),
        outputs: slope(({ outputs }) => outputs),
        initial: slope(({ initial }) => initial),
      };
    };
    const mu = slopes("mu");
    expect(Math.abs(mu.initial)).toBeLessThan(0.15);
    expect(Math.abs(mu.hidden)).toBeLessThan(0.15);
    expect(Math.abs(mu.outputs)).toBeLessThan(0.15);
    expect(slopes("standard").outputs).toBeGreaterThan(0.8);
  });

  it("scales hidden layers by 1 / sqrt(m), input layers and biases not, the output layer as `readout` says", () => {
    const variance = (shape: number[], baseShape: number[], readout: "divided" | "folded" = "divided") =>
      muNormal({ stddev: 1, baseShape, readout }).distribution(shape).variance;
    expect(variance([512, 512], [128, 128])).toBeCloseTo(1 / 4, 12);
    expect(variance([3, 3, 512, 256], [3, 3, 128, 64])).toBeCloseTo(1 / 4, 12);
    expect(variance([32, 512], [32, 128])).toBe(1);
    expect(variance([512], [128])).toBe(1);
    expect(variance([512, 10], [128, 10])).toBe(1);
    expect(variance([512, 10], [128, 10], "folded")).toBeCloseTo(1 / 16, 12);
    expect(muNormal({ stddev: 0.5 }).distribution([512, 512]).variance).toBe(0.25);
  });

  it("refuses a shape of another rank than its base", () => {
    const init = muNormal({ baseShape: [8, 8] });
    expect(() => init([8])).toThrow(/shape: expected as many dimensions as baseShape \[8,8\], got \[8\]/);
    expect(() => muNormal({ baseShape: [8, -1] })).toThrow(/dimensions of 0 or more/);
    expect(() => muNormal({ baseShape: 8 as unknown as null })).toThrow(/baseShape: expected an array/);
  });
});

// PyTorch's formulas, by hand.

import { describe, expect, it } from "vitest";
import { calculateGain, type Nonlinearity } from "./gain.ts";
import { kaimingNormal, kaimingUniform } from "./kaiming.ts";
import { varianceScaling } from "./variance-scaling.ts";
import { xavierNormal, xavierUniform } from "./xavier.ts";

describe("calculateGain", () => {
  it("is PyTorch's table", () => {
    const names: Nonlinearity[] = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"];
    const expected = [1, 1, 5 / 3, Math.sqrt(2), Math.sqrt(2 / 1.0001), 0.75];
    names.forEach((name, i) => {
      expect(calculateGain(name)).toBeCloseTo(expected[i] ?? 0, 15);
    });
    expect(calculateGain("leaky_relu", 0.2)).toBeCloseTo(1.3867504905630728, 15);
    expect(() => calculateGain("reul" as "relu")).toThrow(/nonlinearity: .*did you mean "relu"/);
    expect(() => calculateGain("leaky_relu", true as unknown as number)).toThrow(/a: expected a number, got true/);
  });
});

describe("kaimingUniform and kaimingNormal", () => {
  it("have variance gain^2 / fan, the fans being Keras's", () => {
    const shape = [3, 3, 64, 128];
    expect(kaimingUniform().distribution(shape).variance).toBeCloseTo(2 / 576, 15);
    expect(kaimingNormal({ mode: "fan_out" }).distribution(shape).variance).toBeCloseTo(2 / 1152, 15);
    expect(kaimingNormal({ nonlinearity: "tanh" }).distribution(shape).variance).toBeCloseTo(25 / 9 / 576, 15);
    expect(kaimingNormal({ a: 0.2 }).distribution(shape).variance).toBeCloseTo(2 / 1.04 / 576, 15);
  });

  it("give torch.nn.Linear's start, 1 / sqrt(fan-in), for a = sqrt(5)", () => {
    expect(kaimingUniform({ a: Math.sqrt(5) }).distribution([100, 7]).support[1]).toBeCloseTo(0.1, 15);
  });

  it("draw what variance scaling without truncation draws", () => {
    const options = { scale: 2, distribution: "untruncated_normal", seed: 3 } as const;
    const same = varianceScaling(options)([50, 20]).data;
    const got = kaimingNormal({ seed: 3 })([50, 20]).data;
    got.forEach((value, i) => {
      expect(Math.abs(value - (same[i] ?? 0))).toBeLessThan(1e-7);
    });
  });

  it("refuse unknown modes", () => {
    expect(() => kaimingNormal({ mode: "fan_inn" as "fan_in" })).toThrow(/mode: .*did you mean "fan_in"/);
  });
});

describe("xavierUniform and xavierNormal", () => {
  it("have variance 2 gain^2 / (fan-in + fan-out)", () => {
    expect(xavierUniform({ gain: 2 }).distribution([30, 70]).variance).toBeCloseTo(0.08, 15);
    expect(xavierNormal().distribution([3, 3, 4, 6]).variance).toBeCloseTo(2 / 90, 15);
  });
});

describe("varianceScaling", () => {
  it("knows JAX's geometric mean of the fans", () => {
    const init = varianceScaling({ mode: "fan_geo_avg" });
    expect(init.distribution([4, 25]).variance).toBeCloseTo(1 / 10, 15);
    expect(init.getConfig()["mode"]).toBe("fan_geo_avg");
  });
});

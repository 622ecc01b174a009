// diagnose on bad input, on its widths of confidence, and on its own figures.

import { glorotUniform, heNormal } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { codes, explainCode } from "../src/diagnose/codes.ts";
import { diagnose } from "../src/diagnose/diagnose.ts";
import type { NetworkDescription } from "../src/diagnose/network-description.ts";
import { signalRate } from "../src/diagnose/signal-rate.ts";
import { cpuTime } from "./cpu-time.ts";

const network: NetworkDescription = { layers: [784, 128, 10], activation: "relu", initializer: "he_normal" };
const deep = (width: number, depth: number): number[] => [64, ...new Array<number>(depth).fill(width), 10];
const float = (shape: readonly number[]) => ({ name: "k", shape, dtype: "float32", data: new Float32Array(4) });

describe("bad input", () => {
  it.each([
    [{ layers: [784, 0, 10] }, "layers: expected an integer from 1"],
    [{ layers: [784] }, "layers: expected 2 to"],
    [{ layers: "784,10" }, "layers: expected a list"],
    [{ layers: [784, 1.5, 10] }, "layers: expected an integer"],
    [{ activation: "rleu" }, 'did you mean "relu"?'],
    [{ initializer: "he_norml" }, 'did you mean "he_normal"?'],
    [{ initializer: "he_normal(" }, "initializer: expected a name"],
    [{ initializer: 3 }, "initializer: expected text, got 3"],
    [{ initializer: "random_normal(stddev=abc)" }, 'got "abc" in'],
    [{ biasStddev: -1 }, "biasStddev: expected 0"],
    [{ norm: "group" }, "norm: expected one of none, batch, layer"],
    [{ optimizer: "lion" }, "optimizer: expected one of"],
    [{ residual: 1 }, "residual: expected true or false"],
    [{ input: { mean: 0 } }, "input.standardDeviation: expected a number"],
    [{ input: { mean: 0, standardDeviation: -1 } }, "input: expected finite numbers"],
    [{ input: 5 }, "input: expected { mean, standardDeviation }"],
  ])("refuses a network with %j", (change, message) => {
    expect(() => diagnose({ ...network, ...change } as NetworkDescription)).toThrow(message);
  });

  it.each([
    [null, "network: expected a description"],
    [[null], "weights[0]: expected { name, shape, dtype, data }"],
    [[{ ...float([4]), data: [1, 2, 3, 4] }], "expected a shape, a dtype and a typed array"],
    [[float([-4])], "expected dimensions of 0 or more"],
    [[float([4]), float([4])], 'expected a name of its own, got "k" again'],
  ])("refuses %j", (weights, message) => {
    expect(() => diagnose(weights as never)).toThrow(message);
  });

  it.each([
    [{ layout: "hwio" }, "layout: expected one of keras, torch"],
    [{ activation: "rleu" }, 'did you mean "relu"?'],
    [{ layers: [4, 0] }, "layers: expected an integer from 1"],
  ])("refuses weights with %j", (options, message) => {
    expect(() => diagnose([float([2, 2])], options as never)).toThrow(message);
  });

  it("finds what is wrong with tensors, without a crash, whatever their shape", () => {
    const odd = [[0], [0, 0], [4, 0, 3], [2 ** 40, 2 ** 40], [1], [], [1, 1, 1, 1], [3, 1], [1, 3], [1, 1, 2, 2, 2, 2]];
    for (const shape of odd) {
      for (const size of [0, 1, 3, 16]) {
        for (const value of [0, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e-45, -3e38]) {
          for (const name of ["kernel", "bias", "a.weight", "gamma", ""]) {
            const data = new Float32Array(size).fill(value);
            const { findings } = diagnose([{ name, shape, dtype: "float32", data }], { activation: "relu" });
            const fits = shape.reduce((product, dimension) => product * dimension, 1) === size;
            expect(findings.some(({ code }) => code === "E103")).toBe(!fits);
            if (fits && size > 0) expect(findings.some(({ code }) => code === "E101")).toBe(Number.isNaN(value));
          }
        }
      }
    }
  });

  it("looks at shapes only where the dtype has no real values", () => {
    const complex = { name: "k", shape: [2], dtype: "complex64", data: new Float32Array(4) };
    const integers = { name: "i", shape: [2], dtype: "int64", data: new BigInt64Array(2) };
    expect(diagnose([complex, integers]).findings).toEqual([]);
  });
});

describe("a verdict", () => {
  it("is plain JSON, of a signal of 0 too", () => {
    for (const initializer of ["zeros", "ones", "he_normal"]) {
      const diagnosis = diagnose({ ...network, layers: deep(32, 12), initializer });
      expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
    }
  });

  it("is the same, bit for bit, for the same seed", () => {
    const twice = [0, 1].map(() => JSON.stringify(diagnose({ ...network, layers: deep(32, 12) }, { seed: 5 })));
    expect(twice[0]).toBe(twice[1]);
  });

  it("is surer in a wider net: 5L/n", () => {
    const confidence = (width: number): number =>
      diagnose({ ...network, initializer: "variance_scaling(scale=1.4)", layers: deep(width, 16) }).findings.find(
        ({ code }) => code === "E201",
      )?.confidence ?? 0;
    const [narrow, middle, wide] = [16, 64, 512].map(confidence);
    expect(narrow).toBeLessThan(middle ?? 0);
    expect(middle).toBeLessThan(wide ?? 0);
  });

  it("goes by the slope of the last half: a power law is not vanishing, an exponential of the same end is", () => {
    const run = (values: readonly number[]) =>
      signalRate(
        values.map((value) => ({ log10: Math.log10(value), theory: null })),
        values.map(() => Number.POSITIVE_INFINITY),
      );
    const power = run(Array.from({ length: 50 }, (_, l) => 1 / (2 * (l + 1))));
    const exponential = run(Array.from({ length: 50 }, (_, l) => 0.5 * 0.02 ** (l / 49)));
    expect(power.change).toBeCloseTo(Math.log(0.02), 6);
    expect(power.total).toBeGreaterThan(Math.log(0.1));
    expect(exponential.total).toBeCloseTo(Math.log(0.02), 5);
  });

  it("says what Adam makes of it", () => {
    const notes = (initializer: string, optimizer: NetworkDescription["optimizer"]): string =>
      diagnose({ ...network, layers: deep(64, 30), initializer, optimizer })
        .findings.flatMap((each) => each.notes)
        .join();
    expect(notes("glorot_uniform", "adam")).toContain("Adam may still train");
    expect(notes("glorot_uniform", "sgd")).toContain("SGD will not train this");
    // the papers' table T6: PyTorch's default at 30 layers does not train with Adam either.
    expect(notes("variance_scaling(scale=0.3333)", "adam")).toContain("Not even Adam");
  });

  it("reports rates that are the theory's: ReLU keeps half of what Glorot's weights give", () => {
    const { forward, gradient, field } = diagnose({ ...network, layers: deep(256, 20), initializer: "glorot_uniform" });
    expect(forward.factorPerLayer).toBeCloseTo(0.5, 2);
    expect(gradient.factorPerLayer).toBeCloseTo(0.5, 2);
    expect(field?.chi1).toBeCloseTo(0.5, 6);
    expect(Math.abs((forward.log10Change ?? 0) - 19 * Math.log10(0.5))).toBeLessThan(3 * Math.sqrt((5 * 19) / 256));
  });

  it("grows a residual stream by 2.009 a block, as the papers' table T10 has it", () => {
    const { forward } = diagnose({ ...network, layers: deep(128, 20), residual: true });
    expect(forward.factorPerLayer).toBeCloseTo(2, 2);
    expect(10 ** (forward.log10Change ?? 0)).toBeCloseTo(2 ** 20, -3);
  });

  it("softens to notes what normalization undoes", () => {
    const { findings } = diagnose({ ...network, layers: deep(64, 30), initializer: "glorot_uniform", norm: "layer" });
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([["E201", "note"]]);
  });

  it("takes under 1 s for 50 layers of 256", () => {
    expect(cpuTime(() => diagnose({ ...network, layers: deep(256, 50) }))).toBeLessThan(1000);
  });

  it("reads the signal of loaded weights in either layout", () => {
    const sizes = deep(48, 24);
    const keras = sizes.slice(1).map((units, l) => ({
      name: `l${l}/kernel`,
      ...glorotUniform({ seed: l })([sizes[l] ?? 0, units]),
    }));
    const torch = keras.map(({ name, shape: [inputs = 1, units = 1], dtype, data }) => ({
      name: name.replace("/kernel", ".weight"),
      shape: [units, inputs],
      dtype,
      data: data.map((_, j) => data[(j % inputs) * units + Math.floor(j / inputs)] ?? 0),
    }));
    for (const weights of [keras, torch]) {
      expect(diagnose(weights, { activation: "relu" }).findings.map(({ code }) => code)).toEqual(["E201"]);
      expect(diagnose(weights, { activation: "tanh" }).findings).toEqual([]);
    }
  });

  it("does not hold the theory of a start against a part of a network, or none", () => {
    expect(
      diagnose([{ name: "head/kernel", ...heNormal({ seed: 0 })([128, 10]) }], { activation: "relu" }).findings,
    ).toEqual([]);
    expect(diagnose([]).findings).toEqual([]);
  });
});

describe("the table of codes", () => {
  it("is sorted, and each letter is the usual severity", () => {
    const names = Object.keys(codes);
    expect(names).toEqual([...names].sort());
    for (const [code, { severity }] of Object.entries(codes)) {
      expect(severity).toBe(code.startsWith("E") ? "error" : "warning");
    }
    expect(explainCode("E201")?.title).toBe("vanishing signal");
    for (const none of ["E999", "toString", "__proto__", ""]) expect(explainCode(none)).toBeUndefined();
  });
});

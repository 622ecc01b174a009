// Seeds, the default generator, permutations and distributions.

import { describe, expect, it } from "vitest";
import { makeDefaultSeed, setRandomSeed } from "./default-seed.ts";
import { normalCdf, truncatedNormal, uniform } from "./distribution.ts";
import { permutation } from "./permutation.ts";
import { PythonRandom } from "./python-random.ts";
import { SeedGenerator } from "./seed-generator.ts";

describe("PythonRandom", () => {
  // python -c "import random; random.seed(1234); print([random.randint(1, 10**9) for _ in range(3)])"
  it("draws what Python's random draws", () => {
    const random = new PythonRandom(1234n);
    expect([random.randint1e9(), random.randint1e9(), random.randint1e9()]).toEqual([835549144, 473233032, 125467290]);
  });

  it("takes the absolute value of a seed, and seeds of many words", () => {
    expect(new PythonRandom(-1234n).randint1e9()).toBe(835549144);
    // python -c "import random; random.seed(2**100 + 7); print(random.randint(1, 10**9))"
    expect(new PythonRandom(2n ** 100n + 7n).randint1e9()).toBe(446721284);
  });
});

describe("setRandomSeed", () => {
  it("repeats the default seeds", () => {
    setRandomSeed(1234);
    expect([makeDefaultSeed(), makeDefaultSeed()]).toEqual([835549144, 473233032]);
  });

  it.each([1.5, Number.NaN, 2 ** 60])("refuses %d", (seed) => {
    expect(() => setRandomSeed(seed)).toThrow(RangeError);
  });
});

describe("SeedGenerator", () => {
  it("counts its draws", () => {
    const generator = new SeedGenerator({ seed: 7 });
    expect([generator.next(), generator.next()]).toEqual([
      [7n, 0n],
      [7n, 1n],
    ]);
  });

  it("comes fresh from its config", () => {
    const generator = new SeedGenerator({ seed: 7, name: "abc" });
    generator.next();
    expect(generator.getConfig()).toEqual({ seed: 7, name: "abc" });
    expect(SeedGenerator.fromConfig(generator.getConfig()).next()).toEqual([7n, 0n]);
  });

  it("draws a seed where none is given, and says null in its config", () => {
    setRandomSeed(1234);
    const generator = new SeedGenerator();
    expect(generator.next()).toEqual([835549144n, 0n]);
    expect(generator.getConfig().seed).toBeNull();
  });

  it.each([1.5, "7", true])("refuses the seed %o", (seed) => {
    expect(() => new SeedGenerator({ seed: seed as number })).toThrow(/seed: expected an integer/);
  });
});

describe("permutation", () => {
  it("has every number once, in another order for another key", () => {
    const order = permutation(20_000, [3, 1]);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
    expect([...permutation(20_000, [3, 1])]).toEqual([...order]);
    expect([...permutation(20_000, [3, 2])]).not.toEqual([...order]);
  });

  it("puts each number in each place equally often", () => {
    const counts = new Uint32Array(25);
    const trials = 20_000;
    for (let key = 0; key < trials; key++) {
      for (const [place, value] of permutation(5, [key, 0]).entries()) {
        counts[place * 5 + value] = (counts[place * 5 + value] ?? 0) + 1;
      }
    }
    // 16 degrees of freedom; chi-squared exceeds 39.3 once in a thousand keys' worth of such trials.
    const chiSquared = counts.reduce((sum, count) => sum + (count - trials / 5) ** 2 / (trials / 5), 0);
    expect(chiSquared).toBeLessThan(39.3);
  });
});

describe("distributions", () => {
  it.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [-2, 0.0227501319481792],
    [-6, 9.86587645037698e-10],
    [4, 0.999968328758167],
  ])("know the normal distribution at %d", (x, probability) => {
    expect(Math.abs(normalCdf(x) / probability - 1)).toBeLessThan(1e-13);
  });

  it("cut the truncated normal at two standard deviations", () => {
    const distribution = truncatedNormal(1, 0.5);
    expect(distribution.support).toEqual([0, 2]);
    expect([distribution.cdf?.(0), distribution.cdf?.(1), distribution.cdf?.(2)]).toEqual([0, 0.5, 1]);
  });

  it("do not divide by an empty range", () => {
    expect(uniform(0.5, 0.5).cdf?.(0.5)).toBe(1);
  });
});

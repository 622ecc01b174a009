// SeedGenerator: the pairs of ordered and unordered draws, its config, its errors.

import { describe, expect, it } from "vitest";
import { orthogonal } from "../initializers/orthogonal.ts";
import { randomNormal, randomUniform } from "../initializers/random.ts";
import * as random from "./keras-random.ts";
import type { SeedDType } from "./seed.ts";
import { SeedGenerator } from "./seed-generator.ts";

it("counts in the second word", () => {
  const generator = new SeedGenerator({ seed: 7 });
  expect([generator.next(), generator.next(), generator.next()]).toEqual([
    [7n, 0n],
    [7n, 1n],
    [7n, 2n],
  ]);
});

describe("drawUnordered", () => {
  // (word + 1) * 5387 % 933199 in NumPy arrays of these types.
  it.each([
    [7, "int64", [43096n, 5387n], [730187n, 95987n]],
    [7, "uint32", [43096n, 5387n], [730187n, 95987n]],
    [835549144, "int64", [774619n, 5387n], [545211n, 95987n]],
    [835549144, "uint32", [300181n, 5387n], [779766n, 95987n]],
    [835549144, "int32", [847882n, 5387n], [84317n, 95987n]],
    [4294967295, "int64", [309951n, 5387n], [218413n, 95987n]],
    [4294967295, "uint32", [0n, 5387n], [5387n, 95987n]],
    [4294967295, "int32", [0n, 5387n], [5387n, 95987n]],
  ] as [number, SeedDType, [bigint, bigint], [bigint, bigint]][])(
    "of %d counts in %s",
    (seed, dtype, first, second) => {
      const generator = new SeedGenerator({ seed });
      expect(generator.drawUnordered(dtype, (pair) => pair)).toEqual([BigInt(seed), 0n]);
      expect(generator.drawUnordered(dtype, (pair) => pair)).toEqual(first);
      expect(generator.next()).toEqual(second);
    },
  );
});

describe("a refused draw", () => {
  const refuse = () => {
    throw new RangeError("no");
  };

  it("does not use a pair up", () => {
    const generator = new SeedGenerator({ seed: 7 });
    expect(() => generator.draw("int64", refuse)).toThrow("no");
    expect(() => generator.drawUnordered("int64", refuse)).toThrow("no");
    expect(generator.next()).toEqual([7n, 0n]);
  });

  it.each([
    ["a dtype", (seed: SeedGenerator) => randomNormal({ seed })([2], { dtype: "int8" })],
    ["bounds", (seed: SeedGenerator) => randomUniform({ seed, minval: 1, maxval: 0, stream: "keras/numpy" })([2])],
    ["a deviation", (seed: SeedGenerator) => randomNormal({ seed, stddev: -1, stream: "keras/torch" })([2])],
    ["a shape", (seed: SeedGenerator) => orthogonal({ seed })([2])],
    ["bounds of integers", (seed: SeedGenerator) => randomUniform({ seed, maxval: 0 })([2], { dtype: "int32" })],
    ["bounds of keras.random", (seed: SeedGenerator) => random.uniform([2], { seed, minval: 1e39 })],
  ] as [string, (seed: SeedGenerator) => unknown][])(
    "because of %s leaves the generator as it is",
    (_what, refused) => {
      const generator = new SeedGenerator({ seed: 7 });
      expect(() => refused(generator)).toThrow(RangeError);
      expect(generator.next()).toEqual([7n, 0n]);
    },
  );
});

describe("the config", () => {
  it("has the initial seed and the name, from which a fresh generator starts over", () => {
    const generator = new SeedGenerator({ seed: 7, name: "abc" });
    generator.next();
    expect(generator.getConfig()).toEqual({ seed: 7, name: "abc" });
    expect(SeedGenerator.fromConfig(generator.getConfig()).next()).toEqual([7n, 0n]);
  });

  it("has null where no seed was given, so that each copy draws its own", () => {
    const generator = new SeedGenerator();
    expect(generator.getConfig().seed).toBeNull();
    expect(generator.name).toMatch(/^seed_generator(_\d+)?$/);
  });
});

it.each([
  [{ seed: "7" }, TypeError],
  [{ seed: 1.5 }, RangeError],
  [{ seed: 2 ** 60 }, RangeError],
  [{ seed: 7, nmae: "x" }, TypeError],
  [{ name: 3 }, TypeError],
])("refuses %j", (options, Kind) => {
  expect(() => new SeedGenerator(options as never)).toThrow(Kind);
});

import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { SeedSource } from "./seed-rule.ts";

it("takes the words of SHA-256 by name, independent of the tensor's index", () => {
  const words = createHash("sha256").update("7/layers.0.weight").digest();
  const first = words.readUInt32BE(0) & 0x7fffffff;
  expect(new SeedSource(7, "name").seedOf("layers.0.weight", 0)).toBe(first);
  const later = new SeedSource(7n, "name");
  later.seedOf("layers.1.weight", 0);
  expect(later.seedOf("layers.0.weight", 1)).toBe(first);
  expect(new SeedSource(8, "name").seedOf("layers.0.weight", 0)).not.toBe(first);
});

it("gives no seed twice and none that a stream would change", () => {
  const seeds = new SeedSource(0, "name");
  // An equal name simulates a collision: the words of one hash, then those of the next.
  const given = Array.from({ length: 20 }, (_, i) => Number(seeds.seedOf("same", i)));
  expect(new Set(given).size).toBe(20);
  expect(given.every((seed) => Number.isInteger(seed) && seed >= 0 && seed <= 2147483645)).toBe(true);
  const next = createHash("sha256").update("0/same/").digest().readUInt32BE(0) & 0x7fffffff;
  expect(given[8]).toBe(next);
});

it("adds the index exactly", () => {
  const seeds = new SeedSource(2n ** 60n, "index");
  expect([seeds.seedOf("a", 0), seeds.seedOf("b", 3)]).toEqual([2n ** 60n, 2n ** 60n + 3n]);
  expect(new SeedSource(-5, "index").seedOf("a", 5)).toBe(0);
});

import { describe, expect, it } from "vitest";
import { chooseCloth, cloths } from "./cloths.ts";

describe("cloths", () => {
  it("have probabilities that add up to 1", () => {
    expect(cloths.reduce((total, { chance }) => total + chance, 0)).toBeCloseTo(1, 12);
  });

  it("are each chosen with their probability", () => {
    const draws = Array.from({ length: 1000 }, (_, i) => chooseCloth((i + 0.5) / 1000).name);
    for (const { name, chance } of cloths) {
      expect(draws.filter((drawn) => drawn === name).length).toBeCloseTo(chance * 1000, 6);
    }
    expect(chooseCloth(1 - 2 ** -24)).toBe(cloths.at(-1));
  });

  it.each(cloths)("$name keeps tones in (0, 1] for any draw", ({ weave }) => {
    const ends = [0, 0.3, 1 - 2 ** -24];
    for (const a of ends) {
      for (const b of ends) {
        const texture = weave(a, b, 1 - a, 1 - b);
        const tones = Array.from({ length: 784 }, (_, i) => texture(i % 28, Math.floor(i / 28)));
        expect(Math.min(...tones)).toBeGreaterThan(0);
        expect(Math.max(...tones)).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each(cloths.filter(({ name }) => name !== "plain"))("$name differs from plain cloth", ({ weave }) => {
    const texture = weave(0.5, 0.4, 0.5, 0.5);
    const tones = Array.from({ length: 784 }, (_, i) => texture(i % 28, Math.floor(i / 28)));
    expect(Math.min(...tones)).toBeLessThan(0.9);
  });
});

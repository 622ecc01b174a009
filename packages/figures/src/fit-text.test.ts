import { expect, test } from "vitest";
import { fitText, textWidth } from "./fit-text.ts";

test("fitText keeps a text that fits", () => {
  expect(fitText("he_normal", textWidth("he_normal"))).toBe("he_normal");
});

test("fitText keeps both ends of a long text, so that arguments stay distinguishable", () => {
  const names = [3, 7].map((seed) => fitText(`variance_scaling(scale=2,mode="fan_avg",seed=${seed})`, 200));
  expect(names[0]).toMatch(/^variance.*….*seed=3\)$/);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(textWidth(name)).toBeLessThanOrEqual(200);
});

test("fitText never splits a character and accepts a width of 0", () => {
  expect(fitText("🧠🧠🧠🧠🧠🧠🧠🧠", 60)).toMatch(/^\p{Emoji}+…\p{Emoji}+$/u);
  expect(fitText("zeros", 1)).toBe("…");
});

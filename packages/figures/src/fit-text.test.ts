import { expect, test } from "vitest";
import { fitText, textWidth } from "./fit-text.ts";

test("fitText leaves a text that fits as it is", () => {
  expect(fitText("he_normal", textWidth("he_normal"))).toBe("he_normal");
});

test("fitText keeps both ends of a long one, so that arguments stay apart", () => {
  const names = [3, 7].map((seed) => fitText(`variance_scaling(scale=2,mode="fan_avg",seed=${seed})`, 200));
  expect(names[0]).toMatch(/^variance.*….*seed=3\)$/);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(textWidth(name)).toBeLessThanOrEqual(200);
});

test("fitText never splits a character and survives no room at all", () => {
  expect(fitText("🧠🧠🧠🧠🧠🧠🧠🧠", 60)).toMatch(/^\p{Emoji}+…\p{Emoji}+$/u);
  expect(fitText("zeros", 1)).toBe("…");
});

import { expect, it } from "vitest";
import { holm } from "./holm.ts";

it("adjusts by rank, never downwards and never above 1", () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  // R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")
  expect(holm([0.01, 0.02, 0.03, 0.04, 0.05])).toEqual([0.05, 0.08, 0.09, 0.09, 0.09]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([0.03])).toEqual([0.03]);
  expect(holm([])).toEqual([]);
});

// The verdicts of the benchmark of weights, from synthetic figures: each can pass and fail.

import { readWeightsSpec } from "@fanin/models";
import { expect, it } from "vitest";
import { configOf, verdicts } from "../materialize.mjs";

const row = (gigabytes: number, jobs: number, more: object = {}) => ({
  bytes: gigabytes * 1e9,
  jobs,
  seconds: (gigabytes * 2) / jobs,
  cpu: gigabytes * 2,
  memory: 100e6,
  sha256: `of ${gigabytes}`,
  ...more,
});
const rows = [row(1, 1), row(1, 2), row(6, 1), row(6, 2)];
const reached = (given: readonly ReturnType<typeof row>[], disk = 3e9) =>
  verdicts(given, disk).map(({ isReached }) => isReached);

it("reports each target: memory, linear work, scaling, equal bytes", () => {
  expect(reached(rows)).toEqual([true, true, true, true, true, true, true]);
  expect(reached([...rows.slice(0, 3), row(6, 2, { memory: 301e6 })])[0]).toBe(false);
  expect(reached([row(1, 1), row(1, 2), row(6, 1), row(6, 2, { cpu: 14 })])).toEqual([
    true,
    true,
    false,
    true,
    true,
    true,
    true,
  ]);
  const slow = [row(1, 1), row(1, 2, { seconds: 1.5 })];
  expect(reached(slow)).toEqual([true, false, true]);
  // Close to the disk's own rate, a second job cannot help.
  expect(reached(slow, 0.8e9)).toEqual([true, true, true]);
  expect(reached([row(1, 1), row(1, 2, { sha256: "other" })])).toEqual([true, true, false]);
});

it("measures a model of the stated size", () => {
  for (const gigabytes of [1, 6]) {
    const { tensors } = readWeightsSpec(JSON.stringify(configOf(gigabytes)));
    const bytes = tensors.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
    expect(Math.abs(bytes / 1e9 / gigabytes - 1)).toBeLessThan(0.05);
  }
});

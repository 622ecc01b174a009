import { expect, test } from "vitest";
import { compareResultFixture, courses } from "../../test/compare-result-fixture.ts";
import { epochCurves } from "./epoch-curves.ts";

test("epochCurves gives mean and range over the runs of each initializer", () => {
  const result = compareResultFixture();
  const series = epochCurves(result, "accuracy");
  expect(series.map(({ name }) => name)).toEqual(result.config.initializers);
  const values = result.runs
    .filter((run) => run.initializer === "he_normal")
    .map((run) => run.epochs[2]?.accuracy ?? 0);
  const point = series[3]?.points[2];
  expect(point?.x).toBe(3);
  expect(point?.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 8, 12);
  expect([point?.low, point?.high]).toEqual([Math.min(...values), Math.max(...values)]);
});

test("epochCurves continues without diverged runs and records the epoch of each divergence", () => {
  const series = epochCurves(compareResultFixture(), "loss")[4];
  expect(series?.lost).toEqual([1, 3]);
  expect(series?.points.every(({ mean }) => mean !== null && Number.isFinite(mean))).toBe(true);
});

test("epochCurves has no band for a single run, and no validation values without a validation set", () => {
  const result = compareResultFixture({ courses: courses.slice(0, 2), seeds: 1, hasValidation: false });
  expect(epochCurves(result, "loss")[0]?.points[0]).toMatchObject({ low: null, high: null });
  expect(
    epochCurves(result, "validationLoss")
      .flatMap(({ points }) => points)
      .every(({ mean }) => mean === null),
  ).toBe(true);
});

test("epochCurves keeps a run that ended without a last entry inside the epochs", () => {
  const result = compareResultFixture({ courses: courses.slice(3, 4), seeds: 1, epochs: 3 });
  const runs = result.runs.map((run) => ({ ...run, epochs: run.epochs.slice(0, 1), diverged: 50 }));
  expect(epochCurves({ ...result, runs }, "loss")[0]).toMatchObject({
    lost: [2],
    points: [{ x: 1 }, { mean: null }, { mean: null }],
  });
});

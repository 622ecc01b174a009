// A race ends with exactly the weights of `trainRun`, and rewinds to exactly its initial weights.

import { compareConfig, pairedComparisons, planRuns, type RunResult, trainRun } from "@fanin/lab";
import { proceduralDataset } from "@fanin/lab/data";
import { afterAll, describe, expect, it } from "vitest";
import { RaceSession } from "./race-session.ts";

const dataset = proceduralDataset({ train: 150, test: 60 });
const config = compareConfig({
  layers: [784, 12, 12, 10],
  initializers: ["glorot_uniform", "random_normal(stddev=1)", "random_normal(stddev=1e20)"],
  optimizer: "momentum",
  seeds: [0, 7],
  epochs: 2,
  batch: 32,
});
const session = new RaceSession(config, dataset);
afterAll(() => session.dispose());

function finish(): void {
  while (!session.isOver) session.advance();
}

describe("a race", () => {
  it("ends with the weights, accuracies and divergences of trainRun", async () => {
    finish();
    const hashes = await session.hashes();
    const runs: RunResult[] = [];
    for (const [i, run] of planRuns(config).entries()) {
      const expected = await trainRun(config, dataset, run);
      runs.push(expected);
      const lane = session.lanes[i];
      expect(lane).toMatchObject({ ...run, diverged: expected.diverged });
      if (expected.diverged === null) expect(hashes[i]).toBe(expected.sha256);
      expect(lane?.accuracies.at(-1)).toBe(expected.testAccuracy);
    }
    const judge = (results: readonly RunResult[]) => pairedComparisons(config.initializers, config.reference, results);
    expect(judge(await session.results())).toEqual(judge(runs));
    expect(session.lanes.some(({ diverged }) => diverged !== null)).toBe(true);
  });

  it("rewinds to identical weights and trains to identical ones", async () => {
    session.rewind();
    const first = await session.hashes();
    finish();
    const last = await session.hashes();
    session.rewind();
    expect(session.step).toBe(0);
    expect(await session.hashes()).toEqual(first);
    finish();
    expect(await session.hashes()).toEqual(last);
    expect(last).not.toEqual(first);
  });

  it("refuses a network that does not fit the data", () => {
    expect(() => new RaceSession({ ...config, layers: [10, 10] }, dataset)).toThrow("layers: expected 784 inputs");
  });
});

// Medians, and the order in which contenders take turns.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { measure, median } from "../measure.mjs";

describe("median", () => {
  it("is the middle value, or the mean of the two middle ones, in any order", () => {
    expect(median([3])).toBe(3);
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 2, 9, 1])).toBe(5.5);
  });

  it("sorts as numbers and does not change its argument", () => {
    const values = [10, 9, 100];
    expect(median(values)).toBe(10);
    expect(values).toEqual([10, 9, 100]);
  });

  it("refuses an empty list", () => {
    expect(() => median([])).toThrow(new RangeError("values: expected at least one, got none"));
  });
});

// The clock that `measure` reads: with a real one, other load on the machine would change the results.
let clock = 0;
beforeEach(() => void vi.spyOn(performance, "now").mockImplementation(() => clock));
afterEach(() => void vi.restoreAllMocks());

/** Work that advances that clock. */
function busy(milliseconds: number): void {
  clock += milliseconds;
}

describe("measure", () => {
  it("takes turns A B A B after a warm-up of each, and enters before each turn", async () => {
    const calls: string[] = [];
    const contender = (name: string) => ({
      name,
      enter: async () => calls.push(`enter ${name}`),
      run: () => {
        calls.push(name);
        busy(1);
      },
    });
    await measure([contender("A"), contender("B")], { rounds: 2, seconds: 1e-4 });
    const turn = ["enter A", "A", "enter B", "B"];
    expect(calls).toEqual([...turn, ...turn, ...turn]);
  });

  it("runs a slow contender once, in the first turn", async () => {
    const calls: string[] = [];
    const contender = (name: string, milliseconds: number) => ({
      name,
      isSlow: name === "slow",
      run: () => {
        calls.push(name);
        busy(milliseconds);
      },
    });
    const timings = await measure([contender("A", 1), contender("slow", 5)], { rounds: 3, seconds: 1e-4 });
    expect(calls).toEqual(["A", "A", "slow", "A", "A"]);
    expect(timings.map(({ samples }) => samples)).toEqual([3, 1]);
    expect(timings[1]?.median).toBeCloseTo(0.005, 12);
  });

  it("awaits a promise before it reads the clock", async () => {
    const run = async () => {
      await Promise.resolve();
      busy(20);
    };
    const [timing] = await measure([{ name: "slow", run }], { rounds: 3, seconds: 1e-4 });
    expect(timing?.median).toBeCloseTo(0.02, 12);
    expect(timing?.samples).toBe(3);
  });

  it("returns the median over turns of the mean of a turn's calls", async () => {
    const [fast, slow] = await measure(
      [
        { name: "fast", run: () => busy(1) },
        { name: "slow", run: () => busy(8), amount: 3 },
      ],
      { rounds: 5, seconds: 0.008 },
    );
    expect(fast?.median).toBeCloseTo(0.001, 12);
    expect(slow?.median).toBeCloseTo(0.008, 12);
    expect([fast?.amount, slow?.amount]).toEqual([1, 3]);
  });

  it("does not measure a known cost", async () => {
    const [timing] = await measure([{ name: "bytes", cost: 1234 }]);
    expect(timing).toEqual({ name: "bytes", own: false, amount: 1, median: 1234, deviation: 0, samples: 0 });
  });

  it("refuses a contender without run", async () => {
    await expect(measure([{ name: "idle" }])).rejects.toThrow("run: expected a function, got none");
  });
});

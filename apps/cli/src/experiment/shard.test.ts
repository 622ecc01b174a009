import { describe, expect, it } from "vitest";
import { isScheduledPart, readShard, shardOf } from "./shard.ts";

describe("readShard", () => {
  it("reads i/n, and the variables of SLURM and Kubernetes", () => {
    expect(readShard(undefined, { SLURM_ARRAY_TASK_ID: "1", SLURM_ARRAY_TASK_COUNT: "4" })).toBeUndefined();
    expect(readShard("2/8", {})).toEqual({ index: 2, count: 8 });
    const slurm = { SLURM_ARRAY_TASK_ID: "3", SLURM_ARRAY_TASK_COUNT: "4" };
    expect(readShard("auto", slurm)).toEqual({ index: 4, count: 4 });
    expect(readShard("auto", { ...slurm, SLURM_ARRAY_TASK_MIN: "1" })).toEqual({ index: 3, count: 4 });
    const steps = { SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_MIN: "2", SLURM_ARRAY_TASK_STEP: "4" };
    const parts = [2, 6, 10, 14].map((id) => readShard("auto", { ...steps, SLURM_ARRAY_TASK_ID: `${id}` })?.index);
    expect(parts).toEqual([1, 2, 3, 4]);
    expect(readShard("auto/8", { JOB_COMPLETION_INDEX: "0" })).toEqual({ index: 1, count: 8 });
    expect(readShard("auto", { JOB_COMPLETION_INDEX: "7", JOB_COMPLETIONS: "8" })).toEqual({ index: 8, count: 8 });
  });

  it.each([
    ["0/4", {}, "i from 1 to n"],
    ["5/4", {}, "got 5/4"],
    ["1/0", {}, "got 1/0"],
    ["1", {}, "expected i/n"],
    ["a/b", {}, "expected i/n"],
    ["-1/4", {}, "expected i/n"],
    ["1/100001", {}, "n up to 100000"],
    ["auto", {}, "auto needs SLURM_ARRAY_TASK_ID"],
    ["auto", { JOB_COMPLETION_INDEX: "2" }, "pass auto/n"],
    ["auto", { SLURM_ARRAY_TASK_ID: "9", SLURM_ARRAY_TASK_COUNT: "4" }, "got 10/4"],
  ])("refuses %s", (text, environment, message) => {
    expect(() => readShard(text, environment)).toThrow(message);
  });
});

it("detects several tasks of a scheduler", () => {
  expect(isScheduledPart({})).toBe(false);
  expect(isScheduledPart({ SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_COUNT: "1" })).toBe(false);
  expect(isScheduledPart({ SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_COUNT: "4" })).toBe(true);
  expect(isScheduledPart({ JOB_COMPLETION_INDEX: "0" })).toBe(true);
});

it("gives every run to exactly one shard", () => {
  const runs = Array.from({ length: 11 }, (_, i) => i);
  const parts = [1, 2, 3, 4].map((index) => shardOf(runs, { index, count: 4 }));
  expect(parts.flat().sort((a, b) => a - b)).toEqual(runs);
  expect(parts[1]).toEqual([1, 5, 9]);
  expect(shardOf(runs, undefined)).toEqual(runs);
});

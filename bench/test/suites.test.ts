// Every suite at tiny sizes: its contenders compute the same results, run, and leave no tensor in TensorFlow.js.

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { runCase } from "../compare.mjs";
import { suites } from "../suites.mjs";
import { useBackend } from "../tfjs.mjs";

beforeAll(() => useBackend("cpu"));

describe.each(suites)("$name", ({ cases }) => {
  it("names every case once", () => {
    const names = cases().map((test) => test.name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(cases({ tiny: true }))("prepares, agrees and runs: $name", async (test) => {
    const contenders = await test.prepare();
    expect(contenders.some(({ own }) => own)).toBe(true);
    expect(new Set(contenders.map(({ name: own, only }) => `${own} ${only}`)).size).toBe(contenders.length);
    for (const target of test.targets ?? []) {
      expect(contenders.map((contender) => contender.name)).toContain(target.own);
      if ("peer" in target) expect(contenders.map((contender) => contender.name)).toContain(target.peer);
    }
    for (const { enter, run } of contenders) {
      await enter?.();
      await run?.();
      const before = tf.memory().numTensors;
      await run?.();
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it("computes a ratio to every peer", async () => {
    const [test] = cases({ tiny: true });
    if (!test) throw new Error("expected a case");
    const { timings, ratios } = await runCase(test, { rounds: 1, seconds: 1e-4 });
    const peers = timings.filter(({ own }) => !own);
    expect(ratios.length).toBeGreaterThanOrEqual(peers.length);
    for (const { ratio } of ratios) {
      expect(ratio).toBeGreaterThan(0);
      expect(ratio).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });
});

describe("the fills", () => {
  it("have a case for each stream and distribution", () => {
    const fills = suites.find(({ name }) => name === "fills")?.cases() ?? [];
    expect(fills.length).toBe(4 * 3);
  });
});

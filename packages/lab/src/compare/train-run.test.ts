import { describe, expect, it } from "vitest";
import { proceduralDataset } from "../data/procedural.ts";
import type { OptimizerName } from "../engine/optimizers.ts";
import { decodeCheckpoint } from "./checkpoint.ts";
import { compareConfig } from "./compare.ts";
import type { CompareConfig } from "./config.ts";
import { TrainRun, trainRun } from "./train-run.ts";

const dataset = proceduralDataset({ train: 300, test: 100 });
const run = { initializer: "he_normal", seed: 3 };
const configOf = (given: Partial<CompareConfig>): CompareConfig =>
  compareConfig({ layers: [784, 12, 10], initializers: ["he_normal"], epochs: 3, batch: 32, ...given });

/** Trains `run`, stopped after each of `steps` and opened anew from the bytes it saved. */
async function interrupted(config: CompareConfig, steps: readonly number[]): ReturnType<typeof trainRun> {
  let saved: Uint8Array | undefined;
  for (const stop of [...steps, Number.POSITIVE_INFINITY]) {
    const training = await TrainRun.open(config, dataset, run, saved);
    try {
      while (!training.isDone) if ((await training.step()).step === stop) break;
      if (training.isDone) return await training.finish();
      saved = await training.save();
    } finally {
      training.dispose();
    }
  }
  throw new Error("the run did not end");
}

// 240 examples to train on: 8 steps an epoch, the last of 16 rows; 24 in all.
describe.each<[OptimizerName, Partial<CompareConfig>]>([
  ["adam", {}],
  ["momentum", { validationSplit: 0 }],
  ["rmsprop", {}],
  ["sgd", { layers: [784, 9, 7, 10], activation: "tanh" }],
])("a run with %s", (optimizer, given) => {
  it("gives the same result, stopped after any step", async () => {
    const config = configOf({ optimizer, ...given });
    const whole = await trainRun(config, dataset, run);
    for (const steps of [[1], [7], [8], [9], [23], [3, 4, 8, 16, 20], Array.from({ length: 23 }, (_, i) => i + 1)]) {
      expect(await interrupted(config, steps)).toEqual(whole);
    }
  });
});

describe("TrainRun", () => {
  it("ends where the loss is no longer finite, stopped before or not", async () => {
    const config = configOf({ optimizer: "sgd", learningRate: 1e30 });
    const whole = await trainRun(config, dataset, run);
    expect(whole.diverged).toBeGreaterThan(1);
    expect(await interrupted(config, [1])).toEqual(whole);
  });

  it("steps until it is done, and finishes only then", async () => {
    const training = await TrainRun.open(configOf({ epochs: 1 }), dataset, run);
    await expect(training.finish()).rejects.toThrow("finish: expected a run that is done, got one in epoch 1");
    while (!training.isDone) await training.step();
    await expect(training.step()).rejects.toThrow(RangeError);
    training.dispose();
  });

  it("refuses bytes that are damaged anywhere, cut short, or of another run", async () => {
    const config = configOf({});
    const training = await TrainRun.open(config, dataset, run);
    for (let i = 0; i < 11; i++) await training.step();
    const saved = await training.save();
    training.dispose();
    const open = (bytes: Uint8Array, other: Partial<CompareConfig> = {}, which = run): Promise<TrainRun> =>
      TrainRun.open(configOf(other), dataset, which, bytes);
    for (let at = 0; at < saved.length; at += 997) {
      const damaged = saved.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 4;
      await expect(open(damaged)).rejects.toThrow(/^checkpoint: expected /);
    }
    for (const length of [0, 7, 119, 120, 200, saved.length - 1]) {
      await expect(open(saved.slice(0, length))).rejects.toThrow(/^checkpoint: expected /);
    }
    await expect(open(saved, { learningRate: 0.01 })).rejects.toThrow("checkpoint: expected run ");
    await expect(open(saved, {}, { ...run, seed: 4 })).rejects.toThrow("checkpoint: expected run ");
  });

  it("saves what the layout says", async () => {
    const config = configOf({ epochs: 5 });
    const training = await TrainRun.open(config, dataset, run);
    for (let i = 0; i < 11; i++) await training.step();
    const saved = await training.save();
    training.dispose();
    expect(new TextDecoder().decode(saved.subarray(0, 8))).toBe("FANINRUN");
    const identity = Buffer.from(saved.subarray(12, 44)).toString("hex");
    // An odd offset, as bytes out of a larger file have.
    const moved = new Uint8Array(saved.length + 1);
    moved.set(saved, 1);
    const state = await decodeCheckpoint(moved.subarray(1), identity);
    expect(state).toMatchObject({ epoch: 2, position: 96, step: 11 });
    expect(state.epochs).toHaveLength(1);
    // Weights and Adam's two slots: 784 x 12 + 12 + 12 x 10 + 10, each padded to whole vectors.
    expect(state.arrays.map(({ length }) => length)).toEqual(new Array(3).fill(9408 + 12 + 120 + 12));
    expect(saved.length).toBe(88 + 32 + 4 * 3 * 9552 + 32);
  });
});

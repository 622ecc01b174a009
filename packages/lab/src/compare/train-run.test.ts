import { describe, expect, it } from "vitest";
import { proceduralDataset } from "../data/procedural.ts";
import type { OptimizerName } from "../engine/optimizers.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { compareConfig } from "./compare.ts";
import type { CompareConfig } from "./config.ts";
import { TrainRun, trainRun } from "./train-run.ts";

const dataset = proceduralDataset({ train: 300, test: 100 });
const run = { initializer: "he_normal", seed: 3 };
const configOf = (given: Partial<CompareConfig>): CompareConfig =>
  compareConfig({ layers: [784, 12, 10], initializers: ["he_normal"], epochs: 3, batch: 32, ...given });

/** Trains `run`; after each of `steps` it stops and resumes from its saved bytes. */
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
  throw new Error("the run did not finish");
}

// 240 examples to train on: 8 steps an epoch, the last of 16 rows; 24 in all.
describe.each<[OptimizerName, Partial<CompareConfig>]>([
  ["adam", {}],
  ["momentum", { validationSplit: 0 }],
  ["rmsprop", {}],
  ["sgd", { layers: [784, 9, 7, 10], activation: "tanh" }],
])("a run with %s", (optimizer, given) => {
  it("gives the same result if interrupted after any step", async () => {
    const config = configOf({ optimizer, ...given });
    const whole = await trainRun(config, dataset, run);
    for (const steps of [[1], [7], [8], [9], [23], [3, 4, 8, 16, 20], Array.from({ length: 23 }, (_, i) => i + 1)]) {
      expect(await interrupted(config, steps)).toEqual(whole);
    }
  });
});

describe("TrainRun", () => {
  it("ends when the loss is no longer finite, interrupted before or not", async () => {
    const config = configOf({ optimizer: "sgd", learningRate: 1e30 });
    const whole = await trainRun(config, dataset, run);
    expect(whole.diverged).toBeGreaterThan(1);
    expect(await interrupted(config, [1])).toEqual(whole);
  });

  it("finishes only after its last step", async () => {
    const training = await TrainRun.open(configOf({ epochs: 1 }), dataset, run);
    await expect(training.finish()).rejects.toThrow("finish: expected a finished run, got one in epoch 1");
    while (!training.isDone) await training.step();
    await expect(training.step()).rejects.toThrow(RangeError);
    training.dispose();
  });

  it("refuses bytes that are damaged, truncated, or of another run", async () => {
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

  it.each<[string, (state: Checkpoint) => Partial<Checkpoint>, string]>([
    ["no epoch", () => ({ epoch: 0 }), "checkpoint: epoch: expected 1 to 6, got 0"],
    ["an epoch after the last", () => ({ epoch: 900 }), "checkpoint: epoch: expected 1 to 6, got 900"],
    [
      "a position beyond the data",
      () => ({ position: 2 ** 31 }),
      "checkpoint: position: expected a multiple of 32 below 240",
    ],
    [
      "a position within a batch",
      () => ({ position: 97 }),
      "checkpoint: position: expected a multiple of 32 below 240",
    ],
    ["a position after the last epoch", () => ({ epoch: 6, position: 16 }), "checkpoint: position: expected 0, got 16"],
    ["other steps", () => ({ step: 10 }), "checkpoint: step: expected 11 at position 96 of epoch 2, got 10"],
    ["no loss", () => ({ loss: Number.NaN }), "checkpoint: loss: expected a finite number, got NaN"],
    ["more hits than examples", () => ({ correct: 97 }), "checkpoint: correct: expected 0 to 96, got 97"],
    ["half a hit", () => ({ correct: 1.5 }), "checkpoint: correct: expected 0 to 96, got 1.5"],
    ["fewer epochs", () => ({ epochs: [] }), "checkpoint: epochs: expected 1 finished epochs, got 0"],
    ["more epochs", ({ epochs }) => ({ epochs: [...epochs, ...epochs] }), "checkpoint: epochs: expected 1 finished"],
    [
      "an accuracy of 2",
      ({ epochs }) => ({ epochs: epochs.map((epoch) => ({ ...epoch, accuracy: 2 })) }),
      "checkpoint: epochs[0].accuracy: expected 0 to 1, got 2",
    ],
    [
      "a loss that is infinite",
      ({ epochs }) => ({ epochs: epochs.map((epoch) => ({ ...epoch, loss: Number.POSITIVE_INFINITY })) }),
      "checkpoint: epochs[0].loss: expected a finite number, got Infinity",
    ],
    [
      "validation metrics that contradict the plan",
      ({ epochs }) => ({
        epochs: epochs.map((epoch) => ({
          ...epoch,
          validationAccuracy: epoch.validationAccuracy === null ? 0.5 : null,
        })),
      }),
      "checkpoint: epochs[0].validationAccuracy: expected ",
    ],
    ["no arrays", () => ({ arrays: [] }), "arrays: expected 3 of 9552 floats, got none"],
    ["short arrays", ({ arrays }) => ({ arrays: arrays.map((one) => one.subarray(8)) }), "arrays: expected 3 of 9552"],
    ["one array", ({ arrays }) => ({ arrays: arrays.slice(1) }), "arrays: expected 3 of 9552 floats, got 9552, 9552"],
  ])("refuses an intact but forged state: %s", async (_, forge, message) => {
    const config = configOf({ epochs: 5 });
    const training = await TrainRun.open(config, dataset, run);
    for (let i = 0; i < 11; i++) await training.step();
    const saved = await training.save();
    training.dispose();
    const state = await decodeCheckpoint(saved, Buffer.from(saved.subarray(12, 44)).toString("hex"));
    const forged = await encodeCheckpoint({ ...state, ...forge(state) });
    await expect(TrainRun.open(config, dataset, run, forged)).rejects.toThrow(message);
  });

  it("saves the documented layout", async () => {
    const config = configOf({ epochs: 5 });
    const training = await TrainRun.open(config, dataset, run);
    for (let i = 0; i < 11; i++) await training.step();
    const saved = await training.save();
    training.dispose();
    expect(new TextDecoder().decode(saved.subarray(0, 8))).toBe("FANINRUN");
    const identity = Buffer.from(saved.subarray(12, 44)).toString("hex");
    // An odd offset, as in a larger file.
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

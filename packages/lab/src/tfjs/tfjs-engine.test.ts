import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { compareConfig } from "../compare/compare.ts";
import type { CompareConfig } from "../compare/config.ts";
import type { RunResult } from "../compare/result.ts";
import { type RunProgress, TrainRun, trainRun } from "../compare/train-run.ts";
import { proceduralDataset } from "../data/procedural.ts";
import { type ActivationName, activations } from "../engine/activations.ts";
import { type OptimizerName, optimizers } from "../engine/optimizers.ts";
import { denseEngine, type TrainingEngine } from "../engine/training-engine.ts";
import { tfjsEngine } from "./tfjs-engine.ts";

const dataset = proceduralDataset({ train: 320, test: 60 });
const run = { initializer: "he_normal", seed: 3 };
let tfjs: TrainingEngine;
beforeAll(async () => {
  tfjs = await tfjsEngine();
});

const configOf = (given: Partial<CompareConfig>): CompareConfig =>
  compareConfig({ layers: [784, 16, 10], initializers: ["he_normal"], batch: 16, validationSplit: 0, ...given });

/** The mean loss of each batch, and the result. */
async function curve(config: CompareConfig, engine: TrainingEngine): Promise<[number[], RunResult]> {
  const seen: RunProgress[] = [];
  const result = await trainRun({ ...config, engine: engine.name }, dataset, run, (p) => seen.push(p), engine);
  // Progress reports means over the epoch so far; the sums of two neighbours differ by one batch.
  const perEpoch = seen.length / config.epochs;
  const sums = seen.map(({ loss, step }) => loss * ((step - 1) % perEpoch) + loss);
  const losses = sums.map((sum, i) => (i % perEpoch === 0 ? sum : sum - (sums[i - 1] as number)));
  return [losses, result];
}

describe.each(Object.keys(optimizers) as OptimizerName[])("both engines with %s", (optimizer) => {
  it("agree within 1e-4 on the losses of 100 batches, from the same weights", async () => {
    // 20 steps of 16 rows in each of 5 epochs.
    const config = configOf({ optimizer, epochs: 5 });
    const [[losses, dense], [others, result]] = [await curve(config, denseEngine), await curve(config, tfjs)];
    expect(losses).toHaveLength(100);
    for (const [i, loss] of losses.entries()) expect(Math.abs((others[i] as number) - loss)).toBeLessThan(1e-4);
    expect(losses[99]).toBeLessThan((losses[0] as number) * 0.95);
    expect(result.weights.map(({ layer, before }) => [layer, before.counts])).toEqual(
      dense.weights.map(({ layer, before }) => [layer, before.counts]),
    );
    expect(Math.abs(result.testAccuracy - dense.testAccuracy)).toBeLessThanOrEqual(1 / 60);
    // The engines round differently: equal bits would mean that one engine ran twice.
    expect(result.sha256).not.toBe(dense.sha256);
  });
});

describe("the engine tfjs", () => {
  it.each(Object.keys(activations) as ActivationName[])("has the activation %s", async (activation) => {
    const config = configOf({ activation, layers: [784, 12, 9, 10], optimizer: "sgd", learningRate: 0.02, epochs: 1 });
    const [[losses], [others]] = [await curve(config, denseEngine), await curve(config, tfjs)];
    for (const [i, loss] of losses.entries()) expect(Math.abs((others[i] as number) - loss)).toBeLessThan(1e-4);
  });

  it("computes the full loss of a confident mistake, beyond the 16.1 of a clipped softmax", async () => {
    const config = configOf({ epochs: 1, learningRate: 1e-6 });
    const wild = { initializer: "random_normal(stddev=3)", seed: 0 };
    const first = async (engine: TrainingEngine): Promise<number> => {
      const training = await TrainRun.open({ ...config, engine: engine.name }, dataset, wild, undefined, engine);
      const { loss } = await training.step();
      training.dispose();
      return loss;
    };
    const [want, got] = [await first(denseEngine), await first(tfjs)];
    expect(want).toBeGreaterThan(20);
    expect(Math.abs(got - want)).toBeLessThan(1e-3);
  });

  // 240 examples to train on: 15 steps an epoch.
  it.each(Object.keys(optimizers) as OptimizerName[])(
    "resumes bit-identically after any interruption, %s",
    async (optimizer) => {
      const config = configOf({ optimizer, engine: "tfjs", epochs: 2, validationSplit: 0.25 });
      const whole = await trainRun(config, dataset, run, undefined, tfjs);
      expect(whole.epochs.map(({ validationAccuracy }) => typeof validationAccuracy)).toEqual(["number", "number"]);
      let saved: Uint8Array | undefined;
      for (const stop of [0, 1, 2, 15, 16, 29, 30]) {
        const training = await TrainRun.open(config, dataset, run, saved, tfjs);
        let { step } = { step: saved ? new DataView(saved.buffer).getUint32(52, true) : 0 };
        while (step < stop) ({ step } = await training.step());
        saved = await training.save();
        if (training.isDone) expect(await training.finish()).toEqual(whole);
        training.dispose();
      }
      const training = await TrainRun.open(config, dataset, run, saved, tfjs);
      expect(training.isDone).toBe(true);
      expect(await training.finish()).toEqual(whole);
      training.dispose();
    },
  );

  it("reports a diverged run", async () => {
    const config = configOf({ optimizer: "sgd", learningRate: 1e30, engine: "tfjs", epochs: 1 });
    expect((await trainRun(config, dataset, run, undefined, tfjs)).diverged).toBeGreaterThan(1);
  });

  it("leaks no tensor", async () => {
    const before = memory();
    await trainRun(configOf({ engine: "tfjs", epochs: 1 }), dataset, run, undefined, tfjs);
    expect(memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });

  it("is not confused with another engine, nor are their states", async () => {
    const config = configOf({ engine: "tfjs" });
    await expect(trainRun(config, dataset, run)).rejects.toThrow("engine: expected tfjs, as in the config, got dense");
    const training = await TrainRun.open(configOf({}), dataset, run);
    const saved = await training.save();
    training.dispose();
    await expect(TrainRun.open(config, dataset, run, saved, tfjs)).rejects.toThrow("checkpoint: expected run ");
  });
});

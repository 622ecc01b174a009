import { describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { proceduralDataset } from "../data/procedural.ts";
import { compare, compareConfig, compareResult, describeDataset, expectFit, planRuns } from "./compare.ts";
import { layerInitializers } from "./layer-initializers.ts";

describe("compare", () => {
  it("gives the drawings an accuracy that leaves room above and shows a bad start", async () => {
    const config = compareConfig({ seeds: [0] });
    const { summary } = await compare(config, proceduralDataset());
    const accuracy = Object.fromEntries(summary.map((row) => [row.initializer, row.testAccuracy.mean]));
    expect(accuracy["he_normal"]).toBeGreaterThan(0.8);
    expect(accuracy["he_normal"]).toBeLessThan(0.95);
    expect(accuracy["random_normal(stddev=1)"]).toBeLessThan((accuracy["he_normal"] ?? 0) - 0.05);
    expect(accuracy["zeros"]).toBeLessThan(0.15);
  });

  it("names the step at which a run diverged and continues with the others", async () => {
    const dataset: Dataset = {
      name: "two pixels",
      height: 1,
      width: 2,
      classes: ["left", "right"],
      train: { images: Uint8Array.of(255, 0, 0, 255), labels: Uint8Array.of(0, 1) },
      test: { images: Uint8Array.of(255, 0), labels: Uint8Array.of(0) },
    };
    const config = compareConfig({
      layers: [2, 4, 4, 2],
      initializers: ["constant(value=3e38)", "he_normal"],
      seeds: [0],
      epochs: 2,
      batch: 2,
      validationSplit: 0,
    });
    const { runs, summary } = await compare(config, dataset);
    expect(runs.map(({ diverged }) => diverged)).toEqual([1, null]);
    expect(summary.map(({ diverged, testLoss }) => [diverged, testLoss === null])).toEqual([
      [1, true],
      [0, false],
    ]);
    expect(runs[1]?.epochs[0]?.validationLoss).toBeNull();
  });

  it("judges by pairs and reports the epochs to the target", async () => {
    const config = compareConfig({
      layers: [784, 16, 10],
      initializers: ["he_normal", "zeros"],
      seeds: [0, 1, 2, 3, 4, 5],
      epochs: 3,
      batch: 16,
    });
    const result = await compare(config, proceduralDataset({ train: 600, test: 200 }));
    const [accuracy, loss] = result.comparisons;
    expect(result.comparisons.map(({ verdict }) => verdict)).toEqual(["worse", "worse"]);
    expect(accuracy).toMatchObject({ initializer: "zeros", reference: "he_normal", pairs: 6, pValue: 2 / 64 });
    const means = result.summary.map(({ testAccuracy }) => testAccuracy.mean);
    expect(accuracy?.difference).toBeCloseTo((means[1] ?? 0) - (means[0] ?? 0), 12);
    const areas = result.summary.map(({ lossAuc }) => lossAuc?.mean ?? 0);
    expect(loss?.difference).toBeCloseTo((areas[1] ?? 0) - (areas[0] ?? 0), 12);
    expect(areas[1]).toBeCloseTo(Math.log(10), 1);
    const [he, zeros] = result.summary.map(({ epochsToTarget }) => epochsToTarget);
    expect(he?.reached).toBeGreaterThan(0);
    expect(zeros).toEqual({ median: null, reached: 0 });
    const best = Math.max(...result.runs.flatMap(({ epochs }) => epochs.map((epoch) => epoch.validationAccuracy ?? 0)));
    expect(result.target).toBeCloseTo(0.95 * best, 12);
    expect(await compare(config, proceduralDataset({ train: 600, test: 200 }))).toEqual(result);
  });

  it("refuses a result with a run missing", async () => {
    const config = compareConfig({ seeds: [0] });
    const info = await describeDataset(proceduralDataset({ train: 10, test: 10 }), config);
    expect(() => compareResult(config, info, [])).toThrow("runs: zeros with seed 0 is missing");
  });
});

describe("layerInitializers", () => {
  it("gives layer i the i-th seed that Keras draws, for any initializer", () => {
    const seeds = (initializer: string) =>
      layerInitializers(compareConfig({ layers: [784, 8, 8, 10] }), { initializer, seed: 1234 }).map(
        (layer) => layer.getConfig()["seed"],
      );
    expect(seeds("he_normal")).toEqual([835549144, 473233032, 125467290]);
    expect(seeds("zeros")).toEqual([undefined, undefined, 125467290]);
    expect(seeds("he_normal(seed=5)")).toEqual([5, 5, 125467290]);
  });
});

describe("compareConfig", () => {
  it("compares with the first initializer, and in the default experiment with a sensible one", () => {
    expect(compareConfig({ initializers: ["ones", "zeros"] }).reference).toBe("ones");
    expect(compareConfig({ initializers: ["ones", "zeros"], reference: "zeros" }).reference).toBe("zeros");
    expect(compareConfig({}).reference).toBe("glorot_normal");
  });

  it("accepts Keras's alias of an activation", () => {
    expect(compareConfig({ activation: "swish" as "silu" })).toEqual(compareConfig({ activation: "silu" }));
  });

  it("fills in the optimizer's own learning rate", () => {
    expect(compareConfig({ optimizer: "sgd" }).learningRate).toBe(0.01);
    expect(compareConfig({ optimizer: "sgd", learningRate: 0.5 }).learningRate).toBe(0.5);
  });

  it.each([
    [{ layers: [784] }, "layers: expected at least input and output"],
    [{ layers: [784, 0, 10] }, "layers: expected an integer from 1"],
    [{ layers: "784" }, "layers: expected a list"],
    [{ initializers: [] }, "init: expected at least one"],
    [{ initializers: ["he"] }, "Could not interpret initializer identifier"],
    [{ activation: "swsh" }, "activation: expected one of"],
    [{ optimizer: "adamx" }, 'did you mean "adam"?'],
    [{ stream: "torch" }, "stream: expected one of"],
    [{ validationSplit: -0.1 }, "validation-split: expected a number from 0"],
    [{ learningRate: Number.POSITIVE_INFINITY }, "lr: expected a positive number"],
    [{ seeds: [-1] }, "seed: expected an integer from 0"],
    [{ reference: "zeroes" }, 'did you mean "zeros"?'],
    [{ initializers: ["zeros", "ones"], reference: "he_normal" }, "reference: expected one of zeros, ones"],
    [{ target: 0 }, "target: expected an accuracy above 0 and up to 1, got 0"],
    [{ target: 85 }, "target: expected an accuracy above 0 and up to 1, got 85"],
  ])("refuses %j", (given, message) => {
    expect(() => compareConfig(given as never)).toThrow(message);
  });

  it("must fit the data", () => {
    const dataset = proceduralDataset({ train: 10, test: 10 });
    expect(() => expectFit(compareConfig({ layers: [100, 10] }), dataset)).toThrow("layers: expected 784 inputs");
    expect(() => expectFit(compareConfig({ layers: [784, 3] }), dataset)).toThrow("layers: expected 10 outputs");
    expect(() => expectFit(compareConfig({ validationSplit: 0.95 }), dataset)).toThrow("leaves none to train on");
    expect(planRuns(compareConfig({ seeds: [3, 4], initializers: ["ones"] }))).toEqual([
      { initializer: "ones", seed: 3 },
      { initializer: "ones", seed: 4 },
    ]);
  });
});

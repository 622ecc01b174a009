// The experiment on clothes gives the accuracies of Keras on the same images (mean of 8 seeds).

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompareResult } from "@fanin/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

const beside = fileURLToPath(new URL("../../../../shared/data/fashion-mnist-subset", import.meta.url));
const images = [process.env["FANIN_FASHION_MNIST"], beside].find((path) => path !== undefined && existsSync(path));

/** Keras 3.15 on 3,615 training and 4,443 test images. */
const keras = { zeros: 0.097, "random_normal(stddev=1)": 0.703, glorot_normal: 0.801, he_normal: 0.801 };
/** The same networks on the generated images, which are about as hard. */
const generated = { zeros: 0.1, "random_normal(stddev=1)": 0.75, glorot_normal: 0.895, he_normal: 0.895 };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-assignment-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Compares the mean test accuracy of each initializer with `expected`. */
async function expectAccuracies(data: string, expected: Readonly<Record<string, number>>): Promise<CompareResult> {
  const words = ["--layers", "784,128,10", "--init", Object.keys(expected).join(), "--epochs", "5", "--batch", "64"];
  const { code, stdout } = await fanin([
    ...["compare", "--data", data, ...words, "--validation-split", "0.2", "--seeds", "5"],
    ...["--json", "--quiet", "--out", join(folder, "runs")],
  ]);
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as CompareResult;
  for (const { initializer, testAccuracy } of result.summary) {
    expect(Math.abs(testAccuracy.mean - (expected[initializer] as number)), initializer).toBeLessThan(0.02);
  }
  return result;
}

describe("fanin compare on the network 784-128-10", () => {
  // FANIN_FASHION_MNIST names the folder of the images.
  it.skipIf(images === undefined)("gives Keras's accuracies within 0.02", async () => {
    const { dataset } = await expectAccuracies(images as string, keras);
    expect([dataset.trainCount, dataset.validationCount, dataset.testCount]).toEqual([2892, 723, 4443]);
  });

  if (images === undefined) {
    it("gives the accuracies of the generated images within 0.02", async () => {
      await expectAccuracies("procedural", generated);
    });
  }
});

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
/** Without the images: the generated ones, which are about as hard. */
const drawings = { zeros: 0.1, "random_normal(stddev=1)": 0.75, glorot_normal: 0.895, he_normal: 0.895 };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-assignment-"));
});
afterAll(() => rm(folder, { recursive: true }));

const name = images
  ? "gives Keras's accuracies within 0.02"
  : "LEFT OUT: Keras's accuracies, for want of the images (FANIN_FASHION_MNIST names their folder); the drawings instead";

describe("fanin compare on the network 784-128-10", () => {
  it(name, async () => {
    const expected: Record<string, number> = images ? keras : drawings;
    const words = ["--layers", "784,128,10", "--init", Object.keys(expected).join(), "--epochs", "5", "--batch", "64"];
    const { code, stdout } = await fanin([
      ...["compare", "--data", images ?? "procedural", ...words, "--validation-split", "0.2", "--seeds", "5"],
      ...["--json", "--quiet", "--out", join(folder, "runs")],
    ]);
    expect(code).toBe(0);
    const { summary, dataset } = JSON.parse(stdout) as CompareResult;
    if (images) expect([dataset.trainCount, dataset.validationCount, dataset.testCount]).toEqual([2892, 723, 4443]);
    for (const { initializer, testAccuracy } of summary) {
      expect(Math.abs(testAccuracy.mean - (expected[initializer] ?? 0)), initializer).toBeLessThan(0.02);
    }
  });
});

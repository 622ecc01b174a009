// The IDX reader on whole data sets: the procedural one, written as IDX, and the real subset of Fashion-MNIST.
// FANIN_FASHION_MNIST names the folder of the real images; defaults to ../shared/data/fashion-mnist-subset beside the repository.

import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fashionClasses } from "../src/data/dataset.ts";
import type { Dataset } from "../src/data.ts";
import { proceduralDataset } from "../src/data.ts";
import { loadIdxDirectory } from "../src/node.ts";
import { nearestCentroidAccuracy, pixelMoments } from "./nearest-centroid.ts";
import { imagesIdx, labelsIdx } from "./write-idx.ts";

const named = process.env["FANIN_FASHION_MNIST"];
const folder = named || fileURLToPath(new URL("../../../../shared/data/fashion-mnist-subset", import.meta.url));
// A folder that is named must exist: the tests fail without it.
const hasImages = named ? true : existsSync(folder);

let standIn = "";
afterAll(() => rm(standIn, { recursive: true, force: true }));

/** Writes the procedural data set as the four files, gzip, to a new folder. */
async function writeStandIn(): Promise<string> {
  standIn = await mkdtemp(join(tmpdir(), "fashion-stand-in-"));
  const { train, test, height, width } = proceduralDataset();
  for (const [prefix, { images, labels }] of [
    ["train", train],
    ["t10k", test],
  ] as const) {
    await writeFile(join(standIn, `${prefix}-images-idx3-ubyte.gz`), gzipSync(imagesIdx(images, height, width)));
    await writeFile(join(standIn, `${prefix}-labels-idx1-ubyte.gz`), gzipSync(labelsIdx(labels)));
  }
  return standIn;
}

const sources = [
  {
    what: "the procedural data set as IDX files",
    isMissing: false,
    expected: { train: 4000, test: 1000, mean: 0.2032, stddev: 0.3003, first: [7, 1, 9, 5, 6, 2, 4, 8, 0, 3] },
    open: writeStandIn,
  },
  {
    what: "the real images of Fashion-MNIST",
    isMissing: !hasImages,
    expected: { train: 3615, test: 4443, mean: 0.2872, stddev: 0.3523, first: [9, 0, 0, 3, 0, 2, 7, 2, 5, 5] },
    open: async () => folder,
  },
] as const;

describe.each(sources)("$what", ({ isMissing, expected, open }) => {
  let dataset: Dataset;

  beforeAll(async () => {
    if (!isMissing) dataset = await loadIdxDirectory(await open());
  });

  it.skipIf(isMissing)("have Fashion-MNIST's classes and size", () => {
    expect(dataset.classes).toEqual(fashionClasses);
    expect([dataset.height, dataset.width]).toEqual([28, 28]);
    expect(dataset.train.labels.length).toBe(expected.train);
    expect(dataset.train.images.length).toBe(expected.train * 784);
    expect(dataset.test.labels.length).toBe(expected.test);
    expect(dataset.test.images.length).toBe(expected.test * 784);
  });

  it.skipIf(isMissing)("start with the known labels", () => {
    expect([...dataset.train.labels.subarray(0, expected.first.length)]).toEqual(expected.first);
  });

  it.skipIf(isMissing)("have every class about equally often", () => {
    for (const { labels } of [dataset.train, dataset.test]) {
      for (const label of fashionClasses.keys()) {
        const share = labels.filter((other) => other === label).length / labels.length;
        expect(share).toBeGreaterThan(0.08);
        expect(share).toBeLessThan(0.12);
      }
    }
  });

  it.skipIf(isMissing)("have the mean and the spread of the test pixels that NumPy computes", () => {
    const { mean, stddev } = pixelMoments(dataset.test.images);
    expect(mean).toBeCloseTo(expected.mean, 3);
    expect(stddev).toBeCloseTo(expected.stddev, 3);
  });

  it.skipIf(isMissing)("are classified by the nearest centroid in more than half of the cases", () => {
    expect(nearestCentroidAccuracy(dataset)).toBeGreaterThan(0.5);
    expect(nearestCentroidAccuracy(dataset)).toBeLessThan(0.75);
  });
});

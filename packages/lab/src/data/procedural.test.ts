import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { nearestCentroidAccuracy, pixelMoments } from "../../test/nearest-centroid.ts";
import { type Dataset, fashionClasses } from "./dataset.ts";
import { garments } from "./garments.ts";
import { proceduralDataset } from "./procedural.ts";

const PIXELS = 784;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const countsOf = (labels: Uint8Array): number[] =>
  fashionClasses.map((_, label) => labels.filter((other) => other === label).length);

let dataset: Dataset;

beforeAll(() => {
  proceduralDataset({ train: 10, test: 10 });
  dataset = proceduralDataset();
});

describe("the default procedural data set", () => {
  it("has 4,000 training and 1,000 test images of 28 x 28 with Fashion-MNIST's classes", () => {
    const { name, height, width, classes, train, test } = dataset;
    expect({ name, height, width, classes }).toEqual({
      name: "procedural",
      height: 28,
      width: 28,
      classes: fashionClasses,
    });
    expect([train.images.length, train.labels.length]).toEqual([4000 * PIXELS, 4000]);
    expect([test.images.length, test.labels.length]).toEqual([1000 * PIXELS, 1000]);
  });

  // Computed by this code at its first commit. Any other value is a different data set and a breaking change.
  it("has the same bytes everywhere and in every version", () => {
    expect({
      trainImages: sha256(dataset.train.images),
      trainLabels: sha256(dataset.train.labels),
      testImages: sha256(dataset.test.images),
      testLabels: sha256(dataset.test.labels),
    }).toEqual({
      trainImages: "3ea62a48558dfc43ab4bcd83c2ab1091a2c24e0ed7e4dd2b500ba67614071b2a",
      trainLabels: "78385f111dfe7cd02e81ffa44fa51185485d707cb22f0e097bbf12afa04c4cb0",
      testImages: "ae7e9302e09f4f59026ecd44730f035cc0dbfe7e694e78f2553a84d20040c860",
      testLabels: "8c01c812ca0e5e2f462a989684b58c12f0ae27586282eed36d89ac8c09010da3",
    });
  });

  // The aim is a second on an idle machine (it takes 0.3 s); the factor allows for shared cores.

  it("has balanced classes, and every ten examples hold all classes", () => {
    expect(countsOf(dataset.train.labels)).toEqual(new Array(10).fill(400));
    expect(countsOf(dataset.test.labels)).toEqual(new Array(10).fill(100));
    for (let i = 0; i < 4000; i += 10) expect(new Set(dataset.train.labels.subarray(i, i + 10)).size).toBe(10);
  });

  it("shuffles its classes: each is about equally frequent at every position of ten", () => {
    for (let position = 0; position < 10; position++) {
      const counts = countsOf(dataset.train.labels.filter((_, i) => i % 10 === position));
      // Chi-squared of 9 degrees of freedom: above 27.9 once in 1,000.
      expect(counts.reduce((sum, count) => sum + (count - 40) ** 2 / 40, 0)).toBeLessThan(27.9);
    }
  });

  it("has pixels like those of Fashion-MNIST (mean .287, standard deviation .352), over a black ground", () => {
    for (const { images } of [dataset.train, dataset.test]) {
      const { mean, stddev } = pixelMoments(images);
      expect(mean).toBeGreaterThan(0.17);
      expect(mean).toBeLessThan(0.3);
      expect(stddev).toBeGreaterThan(0.26);
      expect(stddev).toBeLessThan(0.36);
      const black = images.reduce((count, pixel) => count + (pixel === 0 ? 1 : 0), 0) / images.length;
      expect(black).toBeGreaterThan(0.4);
      expect(black).toBeLessThan(0.75);
      expect(images.includes(255)).toBe(true);
    }
  });

  it("has no blank image", () => {
    for (let i = 0; i < 4000; i++) {
      const image = dataset.train.images.subarray(i * PIXELS, (i + 1) * PIXELS);
      expect(image.filter((pixel) => pixel > 20).length).toBeGreaterThan(20);
    }
  });

  it("has no image twice", () => {
    const hashes = new Set<string>();
    for (const { images, labels } of [dataset.train, dataset.test]) {
      for (const i of labels.keys()) hashes.add(sha256(images.subarray(i * PIXELS, (i + 1) * PIXELS)));
    }
    expect(hashes.size).toBe(5000);
  });

  it("is neither trivial nor hopeless: the nearest centroid gets between .50 and .75", () => {
    const accuracy = nearestCentroidAccuracy(dataset);
    expect(accuracy).toBeGreaterThan(0.5);
    expect(accuracy).toBeLessThan(0.75);
  });
});

describe("proceduralDataset", () => {
  it("gives a prefix of the larger set for fewer examples, and each part independently of the other", () => {
    const small = proceduralDataset({ train: 137, test: 3 });
    expect(Buffer.compare(small.train.images, dataset.train.images.subarray(0, 137 * PIXELS))).toBe(0);
    expect(small.train.labels).toEqual(dataset.train.labels.subarray(0, 137));
    expect(small.test.images).toEqual(dataset.test.images.subarray(0, 3 * PIXELS));
    expect(small.test.labels).toEqual(dataset.test.labels.subarray(0, 3));
  });

  it("gives the same data for the same seed and other data for another seed", () => {
    const sizes = { train: 50, test: 50 };
    const hashes = [0, 1, -1, 2 ** 40].map((seed) => sha256(proceduralDataset({ seed, ...sizes }).train.images));
    expect(new Set(hashes).size).toBe(4);
    expect(sha256(proceduralDataset({ seed: -1, ...sizes }).train.images)).toBe(hashes[2]);
  });

  it("draws training and test examples independently", () => {
    const { train, test } = proceduralDataset({ seed: 5, train: 40, test: 40 });
    expect(train.labels).not.toEqual(test.labels);
    expect(train.images).not.toEqual(test.images);
  });

  it("has enough draws for the garment with the most names", () => {
    // 64 draws before the grain, 20 of them common to all garments.
    for (const { morphs, features } of garments) {
      expect(morphs.length + Object.keys(features).length).toBeLessThanOrEqual(44);
    }
  });

  it.each([
    [{ seed: 0.5 }, new RangeError(`seed: expected an integer from ${-(2 ** 53 - 1)} to ${2 ** 53 - 1}, got 0.5`)],
    [{ seed: "0" }, new TypeError('seed: expected a number, got "0"')],
    [{ seed: null }, new TypeError("seed: expected a number, got null")],
    [{ train: 0 }, new RangeError("train: expected an integer from 1 to 1000000, got 0")],
    [{ train: 1.5 }, new RangeError("train: expected an integer from 1 to 1000000, got 1.5")],
    [{ test: 1_000_001 }, new RangeError("test: expected an integer from 1 to 1000000, got 1000001")],
    [{ test: Number.NaN }, new RangeError("test: expected a number, got NaN")],
  ])("refuses %j", (options, error) => {
    expect(() => proceduralDataset(options as object)).toThrow(error);
  });
});

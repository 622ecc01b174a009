// The simplest classifier there is: what a data set gives to it, a network must beat.

import type { Dataset } from "../src/data.ts";

/** The accuracy on the test examples of choosing the class whose mean training image is nearest. */
export function nearestCentroidAccuracy({ height, width, classes, train, test }: Dataset): number {
  const pixels = height * width;
  const centroids = classes.map(() => new Float64Array(pixels));
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of train.labels) counts[label] = (counts[label] ?? 0) + 1;
  for (const [i, label] of train.labels.entries()) {
    const centroid = centroids[label] as Float64Array;
    for (let p = 0; p < pixels; p++) {
      centroid[p] = (centroid[p] as number) + (train.images[i * pixels + p] as number) / (counts[label] as number);
    }
  }
  let right = 0;
  for (const [i, label] of test.labels.entries()) {
    const distances = centroids.map((centroid) => {
      let sum = 0;
      for (let p = 0; p < pixels; p++) sum += ((test.images[i * pixels + p] as number) - (centroid[p] as number)) ** 2;
      return sum;
    });
    if (distances.indexOf(Math.min(...distances)) === label) right++;
  }
  return right / test.labels.length;
}

/** Mean and standard deviation of all pixels, 0 black and 1 white. */
export function pixelMoments(images: Uint8Array): { mean: number; stddev: number } {
  const mean = images.reduce((sum, pixel) => sum + pixel, 0) / images.length / 255;
  const square = images.reduce((sum, pixel) => sum + pixel * pixel, 0) / images.length / 255 ** 2;
  return { mean, stddev: Math.sqrt(square - mean ** 2) };
}

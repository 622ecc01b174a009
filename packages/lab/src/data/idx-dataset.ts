// A data set from its four IDX files, on a disk or dropped on a page. Runs in browsers too.
// Source: the file names and layout of MNIST (Y. LeCun), which Fashion-MNIST shares.

import type { Dataset, Examples } from "./dataset.ts";
import { type IdxImages, type IdxLabels, type IdxOptions, readIdxImages, readIdxLabels } from "./idx.ts";
import { malformedDataset } from "./malformed-dataset.ts";

/** The classes of MNIST, and of any data set without class names. */
export const digitClasses: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** The names of the files, each with an optional `.gz`: training images and labels, then test images and labels. */
export const idxFileNames = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

/** A file that is read on demand. */
export interface IdxFile {
  /** The name that errors use. */
  readonly name: string;
  read(): Promise<Uint8Array>;
}

/** The files of a data set. */
export interface IdxParts {
  readonly name: string;
  readonly classes: readonly string[];
  readonly trainImages: IdxFile;
  readonly trainLabels: IdxFile;
  readonly testImages: IdxFile;
  readonly testLabels: IdxFile;
}

const lastName = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

async function readPart(
  imagesFile: IdxFile,
  labelsFile: IdxFile,
  classes: number,
  options: IdxOptions,
): Promise<{ readonly images: IdxImages; readonly labels: IdxLabels }> {
  const images = await readIdxImages(await imagesFile.read(), imagesFile.name, options);
  const labels = await readIdxLabels(await labelsFile.read(), labelsFile.name, { ...options, classes });
  if (images.count !== labels.count) {
    throw malformedDataset(
      "E_DATASET_COUNT",
      labelsFile.name,
      `${images.count} labels, as many as ${lastName(imagesFile.name)} has images`,
      `${labels.count}`,
    );
  }
  return { images, labels };
}

/**
 * Reads a data set, each file plain or gzip.
 *
 * @throws MalformedFileError if a file is malformed, if labels and images differ in number, or if training and test images
 * differ in size. Errors of `read` pass through.
 * @example
 * const idx = (name: string, ...bytes: number[]) => ({ name, read: async () => Uint8Array.from([0, 0, 8, ...bytes]) });
 * const images = idx("images", 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 64, 128, 255); // 1 of 2 by 2 pixels
 * const labels = idx("labels", 1, 0, 0, 0, 1, 7);
 * const files = { trainImages: images, trainLabels: labels, testImages: images, testLabels: labels };
 * const { train } = await readIdxDataset({ name: "mine", classes: digitClasses, ...files });
 * train.labels; // => Uint8Array(1) [ 7 ]
 */
export async function readIdxDataset(parts: IdxParts, options: IdxOptions = {}): Promise<Dataset> {
  const { name, classes, trainImages, testImages } = parts;
  const train = await readPart(trainImages, parts.trainLabels, classes.length, options);
  const test = await readPart(testImages, parts.testLabels, classes.length, options);
  const { height, width } = train.images;
  if (test.images.height !== height || test.images.width !== width) {
    throw malformedDataset(
      "E_DATASET_SIZE",
      testImages.name,
      `images of ${height} x ${width}, as ${lastName(trainImages.name)} has`,
      `${test.images.height} x ${test.images.width}`,
    );
  }
  const examplesOf = ({ images, labels }: typeof train): Examples => ({ images: images.values, labels: labels.values });
  return { name, height, width, classes, train: examplesOf(train), test: examplesOf(test) };
}

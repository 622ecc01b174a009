// Loads a data set from a folder of IDX files, named as MNIST and Fashion-MNIST name them. Node only.

import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { describeValue } from "@fanin/core";
import { type Dataset, type Examples, fashionClasses } from "./dataset.ts";
import { type IdxImages, type IdxLabels, type IdxOptions, readIdxImages, readIdxLabels } from "./idx.ts";
import { malformedDataset } from "./malformed-dataset.ts";

const digitClasses: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** The files of one part, as read. */
interface Part {
  readonly imagesFile: string;
  readonly images: IdxImages;
  readonly labels: IdxLabels;
}

/** Which of `name` and `name.gz` the folder has, the plain one first. */
function findFile(folder: string, entries: readonly string[], name: string): string {
  const found = [name, `${name}.gz`].find((candidate) => entries.includes(candidate));
  if (found !== undefined) return join(folder, found);
  const error: NodeJS.ErrnoException = new Error(
    `${folder}: expected the file ${name} or ${name}.gz, found neither; a data set is train-images-idx3-ubyte, ` +
      "train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each plain or .gz",
  );
  error.code = "ENOENT";
  error.path = join(folder, name);
  throw error;
}

async function readPart(imagesFile: string, labelsFile: string, classes: number, options: IdxOptions): Promise<Part> {
  const images = await readIdxImages(await readFile(imagesFile), imagesFile, options);
  const labels = await readIdxLabels(await readFile(labelsFile), labelsFile, { ...options, classes });
  if (images.count !== labels.count) {
    throw malformedDataset(
      "E_DATASET_COUNT",
      labelsFile,
      `${images.count} labels, as many as ${basename(imagesFile)} has images`,
      `${labels.count}`,
    );
  }
  return { imagesFile, images, labels };
}

const examplesOf = ({ images, labels }: Part): Examples => ({ images: images.values, labels: labels.values });

/**
 * Loads `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each
 * plain or `.gz`, from the folder `path`, whose name becomes that of the data set.
 *
 * MNIST and Fashion-MNIST look alike from outside: the classes are Fashion-MNIST's where the folder's name has "fashion" in
 * it, else the digits.
 *
 * @throws an Error with `code` "ENOENT" that names the missing file, or what the file system reports; MalformedFileError for a
 * file that is not what its name says, where labels and images differ in number, or training and test images in size.
 * @example
 * import { readdir } from "node:fs/promises";
 * const folder = "data/fashion-mnist"; // its four idx files, gzipped or not
 * if ((await readdir(".")).includes("data")) console.log((await loadIdxDirectory(folder)).name);
 */
export async function loadIdxDirectory(path: string, options: IdxOptions = {}): Promise<Dataset> {
  if (typeof path !== "string") throw new TypeError(`path: expected a string, got ${describeValue(path)}`);
  const folder = resolve(path);
  const entries = await readdir(folder);
  const find = (name: string): string => findFile(folder, entries, name);
  const files = [
    [find("train-images-idx3-ubyte"), find("train-labels-idx1-ubyte")],
    [find("t10k-images-idx3-ubyte"), find("t10k-labels-idx1-ubyte")],
  ] as const;
  const name = basename(folder);
  const classes = /fashion/i.test(name) ? fashionClasses : digitClasses;
  const train = await readPart(...files[0], classes.length, options);
  const test = await readPart(...files[1], classes.length, options);
  const { height, width } = train.images;
  if (test.images.height !== height || test.images.width !== width) {
    throw malformedDataset(
      "E_DATASET_SIZE",
      test.imagesFile,
      `images of ${height} x ${width}, as ${basename(train.imagesFile)} has`,
      `${test.images.height} x ${test.images.width}`,
    );
  }
  return { name, height, width, classes, train: examplesOf(train), test: examplesOf(test) };
}

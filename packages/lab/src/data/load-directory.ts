// Loads a data set from a folder of IDX files, named as MNIST and Fashion-MNIST name them. Node only.

import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { describeValue } from "@fanin/core";
import { type Dataset, fashionClasses } from "./dataset.ts";
import type { IdxOptions } from "./idx.ts";
import { digitClasses, type IdxFile, idxFileNames, readIdxDataset } from "./idx-dataset.ts";

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
  const file = (fileName: string): IdxFile => {
    const path = find(fileName);
    return { name: path, read: () => readFile(path) };
  };
  const [trainImages, trainLabels, testImages, testLabels] = idxFileNames.map(file) as [
    IdxFile,
    IdxFile,
    IdxFile,
    IdxFile,
  ];
  const name = basename(folder);
  const classes = /fashion/i.test(name) ? fashionClasses : digitClasses;
  return readIdxDataset({ name, classes, trainImages, trainLabels, testImages, testLabels }, options);
}

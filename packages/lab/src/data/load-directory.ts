// Loads a data set from a folder of IDX files with the names of MNIST and Fashion-MNIST. Node only.

import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { describeValue } from "@fanin/tensor/arguments";
import { type Dataset, fashionClasses } from "./dataset.ts";
import type { IdxOptions } from "./idx.ts";
import { digitClasses, type IdxFile, idxFileNames, readIdxDataset } from "./idx-dataset.ts";

/** Whether `path` is a regular file. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}

/**
 * Finds the file `name`, plain before gzip, then by the spellings of Kaggle's archives, `train-images.idx3-ubyte` and
 * `train-images-idx3-ubyte/train-images-idx3-ubyte`.
 */
async function findFile(folder: string, name: string): Promise<string> {
  const dotted = name.replace("-idx", ".idx");
  const spellings = [name, dotted, join(name, name), join(dotted, dotted), join(name, dotted)];
  for (const spelling of spellings) {
    for (const path of [join(folder, spelling), join(folder, `${spelling}.gz`)]) if (await isFile(path)) return path;
  }
  const error: NodeJS.ErrnoException = new Error(
    `${folder}: expected the file ${name} or ${name}.gz, found neither; a data set is train-images-idx3-ubyte, ` +
      "train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each plain or .gz, with - or . before idx",
  );
  error.code = "ENOENT";
  error.path = join(folder, name);
  throw error;
}

/**
 * Loads `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each
 * plain or `.gz`, from the folder `path`. The folder's name becomes the data set's name. The names of Kaggle's archives
 * are accepted too: `train-images.idx3-ubyte`, also in a folder of that name.
 *
 * MNIST and Fashion-MNIST have the same file names. If the folder's name contains "fashion", the classes are
 * Fashion-MNIST's, else the digits.
 *
 * @throws Error with `code` "ENOENT" that names the missing file, or the file system's error; MalformedFileError if a file
 * is malformed, if labels and images differ in number, or if training and test images differ in size.
 * @example
 * import { readdir } from "node:fs/promises";
 * const folder = "data/fashion-mnist"; // its four idx files, gzipped or not
 * if ((await readdir(".")).includes("data")) console.log((await loadIdxDirectory(folder)).name);
 */
export async function loadIdxDirectory(path: string, options: IdxOptions = {}): Promise<Dataset> {
  if (typeof path !== "string") throw new TypeError(`path: expected a string, got ${describeValue(path)}`);
  const folder = resolve(path);
  // An error of the folder must name the folder, not a file in it.
  await readdir(folder);
  const file = async (fileName: string): Promise<IdxFile> => {
    const path = await findFile(folder, fileName);
    return { name: path, read: () => readFile(path) };
  };
  const found: IdxFile[] = [];
  for (const name of idxFileNames) found.push(await file(name));
  const [trainImages, trainLabels, testImages, testLabels] = found as [IdxFile, IdxFile, IdxFile, IdxFile];
  const name = basename(folder);
  const classes = /fashion/i.test(name) ? fashionClasses : digitClasses;
  return readIdxDataset({ name, classes, trainImages, trainLabels, testImages, testLabels }, options);
}

// Reads the models of this folder with the built package, and writes them to FOLDER in each format of Keras.
// Run after `npm run build`: node rewrite.mjs FOLDER

import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { openModel, writeTensorFile } from "../../../dist/node/index.js";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(import.meta.dirname).filter((file) => file.endsWith(".keras"))) {
  const file = await openModel(join(import.meta.dirname, name));
  for (const ending of [".keras", ".weights.h5", ".h5"]) {
    const path = join(folder, `${basename(name, ".keras")}${ending}`);
    const options = { architecture: file.architecture, force: true };
    await writeTensorFile(path, [...file.tensors.values()], options).catch((error) => console.log(path, error.message));
  }
  await file.close();
}

// Mutants of HDF5 files of h5py, old format and latest, and of Keras.

import { readFileSync } from "node:fs";
import type { Model } from "../../src/index.ts";
import { fuzz } from "./fuzz.ts";
import { hdf5Mutant } from "./hdf5-mutation.ts";

const names = [
  "keras2_weights",
  "chunked_latest",
  "many_links",
  "booleans_and_scalars",
  "bfloat16",
  "complex_numbers",
  "never_written",
  "links",
];
const seeds = names.map((name) => new Uint8Array(readFileSync(new URL(`../goldens/hdf5/${name}.h5`, import.meta.url))));

fuzz({
  format: "h5",
  seeds,
  tokens: ["vars", "/", ".", "layer_names", "weight_names", "TREE", "SNOD", "GCOL", "\0\0\0\0\0\0\0\0"],
  mutant: (mutator, seed) => hdf5Mutant(mutator, seed),
  async read({ openModel, bytesSource }, bytes) {
    const file: Model = await openModel(bytesSource(bytes));
    try {
      for (const tensor of file.tensors.values()) await tensor.read();
      return file;
    } finally {
      await file.close?.();
    }
  },
  // A compressed data set may be 200 times the file; the rest is pages of headers.
  bound: (length) => 2 ** 22 + 1000 * length,
  share: 5000,
  maxLength: 65_536,
  codes: 6,
});

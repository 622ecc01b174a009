// Mutants of .keras files: records of the archive, the config, and the HDF5 file within.

import { readFileSync } from "node:fs";
import type { Model } from "../../src/index.ts";
import { fuzz } from "./fuzz.ts";

const read = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../goldens/keras/${name}.keras`, import.meta.url)));

fuzz({
  format: "keras",
  seeds: [read("dense"), read("quantized"), read("operations")],
  tokens: ["PK\x01\x02", "PK\x03\x04", "config.json", "model.weights.h5", "../", "class_name"],
  async read({ openModel, bytesSource }, bytes) {
    const file: Model = await openModel(bytesSource(bytes));
    try {
      for (const tensor of file.tensors.values()) await tensor.read();
      return file;
    } finally {
      await file.close?.();
    }
  },
  bound: (length) => 2 ** 22 + 1000 * length,
  share: 5000,
  codes: 8,
});

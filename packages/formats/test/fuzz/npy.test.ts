// Damaged .npy files.

import { fuzz } from "./fuzz.ts";
import { npySeeds, npyTokens, repairedNpy } from "./npy-seeds.ts";

fuzz({
  format: "npy",
  seeds: npySeeds,
  tokens: npyTokens,
  mutant: repairedNpy,
  // One in eight is opened as if it were too large to read whole.
  read: (formats, bytes, run) =>
    run % 8 === 0
      ? formats.openNpy(formats.bytesSource(bytes), "w").then((tensor) => tensor.slice(0, Math.min(...tensor.shape, 1)))
      : formats.readNpy(bytes),
  bound: (length) => 4 * length + 1024,
  codes: 8,
});

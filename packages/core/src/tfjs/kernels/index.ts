// Every kernel of our own by its tfjs name; kernels that are not here run as tfjs-backend-cpu's.

import { binary } from "./binary.ts";
import { cast } from "./cast.ts";
import { comparison } from "./comparison.ts";
import { convolution } from "./convolution.ts";
import { einsums } from "./einsum.ts";
import { filling } from "./filling.ts";
import { images } from "./images.ts";
import type { Kernel } from "./kernel.ts";
import { lookup } from "./lookup.ts";
import { matMul } from "./mat-mul.ts";
import { movement } from "./movement.ts";
import { normalization } from "./normalization.ts";
import { pooling } from "./pooling.ts";
import { reduction } from "./reduction.ts";
import { sharing } from "./sharing.ts";
import { unary } from "./unary.ts";
import { volumes } from "./volumes.ts";

const families = [
  binary,
  cast,
  comparison,
  convolution,
  einsums,
  filling,
  images,
  lookup,
  matMul,
  movement,
  normalization,
  pooling,
  reduction,
  sharing,
  unary,
  volumes,
];

export const kernels: ReadonlyMap<string, Kernel> = new Map(
  families.flat().map((kernel) => [kernel.kernelName, kernel]),
);

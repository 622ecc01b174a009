// Every initializer of Keras, one line each: the list that the registry, the contract tests and the command line iterate over.

import { constant, ones, zeros } from "./constant.ts";
import { identity } from "./identity.ts";
import type { InitializerFactory } from "./initializer.ts";
import { orthogonal } from "./orthogonal.ts";
import { randomNormal, randomUniform, truncatedNormal } from "./random.ts";
import { stft } from "./stft.ts";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from "./variance-scaling.ts";

/** The factories, in the order of Keras's documentation. */
export const kerasInitializers: readonly InitializerFactory<never>[] = [
  randomNormal,
  randomUniform,
  truncatedNormal,
  zeros,
  ones,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  orthogonal,
  constant,
  identity,
  varianceScaling,
  stft,
];

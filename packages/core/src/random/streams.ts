// The streams by name; one line each.

import { kerasJax } from "./keras-jax.ts";
import { kerasNumpy } from "./keras-numpy.ts";
import { kerasTensorflow } from "./keras-tensorflow.ts";
import { kerasTorch } from "./keras-torch.ts";
import type { Stream } from "./stream.ts";
import type { StreamName } from "./stream-names.ts";

/** Every stream. */
export const streams: Readonly<Record<StreamName, Stream>> = {
  "keras/tensorflow": kerasTensorflow,
  "keras/jax": kerasJax,
  "keras/torch": kerasTorch,
  "keras/numpy": kerasNumpy,
};

// The streams by name; one line each.

import { expectOneOf } from "../errors.ts";
import { kerasJax } from "./keras-jax.ts";
import { kerasNumpy } from "./keras-numpy.ts";
import { kerasTensorflow } from "./keras-tensorflow.ts";
import { kerasTorch } from "./keras-torch.ts";
import type { Stream } from "./stream.ts";

/** The name of a stream. */
export type StreamName = "keras/tensorflow" | "keras/jax" | "keras/torch" | "keras/numpy";

/** Every stream. */
export const streams: Readonly<Record<StreamName, Stream>> = {
  "keras/tensorflow": kerasTensorflow,
  "keras/jax": kerasJax,
  "keras/torch": kerasTorch,
  "keras/numpy": kerasNumpy,
};

/** The names of every stream. */
export const streamNames: readonly StreamName[] = Object.keys(streams) as StreamName[];

/** The stream used where none is named. */
export const DEFAULT_STREAM: StreamName = "keras/tensorflow";

/**
 * Returns `value` if it names a stream.
 *
 * @example
 * expectStreamName("keras/jax"); // => 'keras/jax'
 */
export function expectStreamName(value: unknown): StreamName {
  return expectOneOf("stream", value, streamNames);
}

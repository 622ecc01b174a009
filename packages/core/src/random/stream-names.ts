// The names of the streams, apart from what they draw with: an initializer that draws nothing needs the names alone.

import { expectOneOf } from "@fanin/tensor/arguments";
/** The names of every stream. */
export const streamNames = ["keras/tensorflow", "keras/jax", "keras/torch", "keras/numpy"] as const;

/** The name of a stream. */
export type StreamName = (typeof streamNames)[number];

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

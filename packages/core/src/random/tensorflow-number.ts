// A number as Keras on TensorFlow makes a tensor of it: apart from the stream, so that constants need no kernels.
// Source: keras/src/backend/tensorflow/core.py of Keras 3.15.1 (cast); tf.cast of TensorFlow 2.21.

import { flushSubnormal } from "./flush.ts";

/**
 * A bound as Keras makes a tensor of it: by tf.cast, which makes float32 of a number first, whatever the dtype.
 *
 * @throws RangeError for a finite number beyond float32.
 */
export function tensorflowNumber(name: string, value: number): number {
  const single = Math.fround(value);
  if (Number.isFinite(value) && !Number.isFinite(single)) {
    throw new RangeError(`${name}: expected a number that float32 holds (keras/tensorflow), got ${value}`);
  }
  return flushSubnormal("float32", single);
}

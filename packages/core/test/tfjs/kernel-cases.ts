// The rows of goldens/kernel-goldens.json as calls: a kernel by name, its tensors, attributes, results and gradients.
// Source: goldens/kernel-goldens.py, which TensorFlow 2.21 computed them with.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";

type Scalar = number | string;

/** One tensor of the file; what JSON has no numbers for is text. */
export interface Values {
  readonly dtype: tf.DataType;
  readonly shape: number[];
  readonly values: Scalar[];
}

/** One row of the file. */
export interface KernelCase {
  readonly kernel: string;
  readonly label: string;
  readonly inputs: Readonly<Record<string, Values>>;
  /** Whether the kernel takes its inputs as a list. */
  readonly isList?: boolean;
  readonly attrs: Readonly<Record<string, unknown>>;
  /** TensorFlow's results; missing where it has no counterpart. */
  readonly outputs?: readonly Values[];
  /** The inputs that gradients are taken by. */
  readonly by?: readonly string[];
  readonly gradients?: Readonly<Record<string, Values>>;
  /** Whether the inputs lie where the function has a kink, so that no difference quotient converges. */
  readonly isKink?: boolean;
}

/** Every row of the file. */
export const kernelCases: readonly KernelCase[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "goldens/kernel-goldens.json"), "utf8"),
).cases;

/** Numbers that JSON lacks are text in the file. */
export function numbersOf({ values }: Values): number[] {
  return values.map(Number);
}

export function tensorOf({ dtype, shape, values }: Values): tf.Tensor {
  if (dtype === "string") return tf.tensor(values as string[], shape, "string");
  const numbers = values.map(Number);
  if (dtype === "complex64") {
    return tf.complex(
      tf.tensor(
        numbers.filter((_, i) => i % 2 === 0),
        shape,
      ),
      tf.tensor(
        numbers.filter((_, i) => i % 2 === 1),
        shape,
      ),
    );
  }
  return tf.tensor(numbers, shape, dtype);
}

function attributesOf({ attrs }: KernelCase): tf.NamedAttrMap {
  const numeric = (value: unknown) => (value === "Infinity" || value === "-Infinity" ? Number(value) : value);
  return Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, numeric(value)])) as tf.NamedAttrMap;
}

/** The results of the kernel for `inputs`, which stand in the order of the row's. */
export function runCase(row: KernelCase, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const names = Object.keys(row.inputs);
  const given = row.isList ? [...inputs] : Object.fromEntries(inputs.map((tensor, i) => [names[i], tensor]));
  const outputs = tf.engine().runKernel(row.kernel, given as never, attributesOf(row)) as tf.Tensor | tf.Tensor[];
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** The weights of the sum whose gradient the file holds; they are exact in float32. */
export function weightsOf(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (((i * 7) % 11) - 5) / 4 + 0.125);
}

/** The gradient of the weighted sum of float results, by the inputs that the row names. */
export function gradientsOf(row: KernelCase, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const names = Object.keys(row.inputs);
  const places = (row.by ?? []).map((name) => names.indexOf(name));
  const total = (...moving: tf.Tensor[]) => {
    const all = inputs.map((tensor, i) => moving[places.indexOf(i)] ?? tensor);
    const sums = runCase(row, all)
      .filter((output) => output.dtype === "float32")
      .map((output) => tf.sum(tf.mul(output, tf.tensor(weightsOf(output.size), output.shape))));
    return sums.length === 1 ? (sums[0] as tf.Scalar) : tf.addN(sums.length === 0 ? [tf.scalar(0)] : sums);
  };
  return tf.grads(total)(places.map((place) => inputs[place] as tf.Tensor));
}

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

/** Rows by the name of their kernel. */
export function byKernel(rows: readonly KernelCase[]): ReadonlyMap<string, KernelCase[]> {
  const groups = new Map<string, KernelCase[]>();
  for (const row of rows) {
    const group = groups.get(row.kernel);
    if (group) group.push(row);
    else groups.set(row.kernel, [row]);
  }
  return groups;
}

/** Numbers that JSON lacks are text in the file. */
function numbersOf({ values }: Values): number[] {
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

/** The gradient of the weighted sum of all results, those of other dtypes cast, by the inputs that the row names. */
export function gradientsOf(row: KernelCase, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const names = Object.keys(row.inputs);
  const places = (row.by ?? []).map((name) => names.indexOf(name));
  const total = (...moving: tf.Tensor[]) => {
    const all = inputs.map((tensor, i) => moving[places.indexOf(i)] ?? tensor);
    const sums = runCase(row, all).map((output) =>
      tf.sum(tf.mul(tf.cast(output, "float32"), tf.tensor(weightsOf(output.size), output.shape))),
    );
    return sums.length === 1 ? (sums[0] as tf.Scalar) : tf.addN(sums.length === 0 ? [tf.scalar(0)] : sums);
  };
  return tf.grads(total)(places.map((place) => inputs[place] as tf.Tensor));
}

/** The relative error that a float32 may have: 16 roundings, of its own or of the largest results beside it. */
const TOLERANCE = 2 ** -20;

/** The same below float32's normal range, where 16 steps are 16 times the smallest number. */
const SMALLEST = 2 ** -145;

/** Beyond this a result says nothing of the errors of those beside it. */
const MODERATE = 1e6;

/**
 * How `got` differs from `want`; undefined if it does not. Integers, flags and text are compared exactly, floats by the error
 * that the largest of them may have, or one as large as `least`.
 */
export function difference(got: tf.Tensor, want: Values, least = 0): string | undefined {
  if (got.dtype !== want.dtype) return `expected ${want.dtype}, got ${got.dtype}`;
  if (!tf.util.arraysEqual(got.shape, want.shape)) return `expected the shape [${want.shape}], got [${got.shape}]`;
  const given = Array.from(got.dataSync() as ArrayLike<number | string>);
  if (want.dtype === "string") return given.join("\n") === want.values.join("\n") ? undefined : `got ${given}`;
  const numbers = numbersOf(want);
  const scale = numbers.reduce(
    (most, value) => (Math.abs(value) <= MODERATE ? Math.max(most, Math.abs(value)) : most),
    least,
  );
  const isExact = want.dtype === "int32" || want.dtype === "bool";
  const at = numbers.findIndex((value, i) => {
    const bound = isExact ? 0 : TOLERANCE * Math.max(scale, Math.abs(value)) + SMALLEST;
    return !(Object.is(given[i], value) || given[i] === value || Math.abs((given[i] as number) - value) <= bound);
  });
  return at < 0 ? undefined : `at ${at}: expected ${numbers[at]}, got ${given[at]}`;
}

/** The largest finite number of `values`. */
export function largestOf(values: readonly Values[]): number {
  return Math.max(0, ...values.flatMap((value) => numbersOf(value).filter(Number.isFinite).map(Math.abs)));
}

// Values that are arrays: reading them from lists, typed arrays, tensors and Keras's JSON, writing that, broadcasting them.
// Source: keras/src/saving/serialization_lib.py 3.15.1 (`__tensor__`, `__numpy__`); NumPy's broadcasting rules.

import {
  type ArrayOf,
  type DType,
  dtypeOf,
  type ElementArray,
  elementTypes,
  expectDType,
  expectTensor,
  formatShape,
  isTensorLike,
  type Shape,
  sizeOf,
  type Tensor,
} from "@fanin/tensor";
import { describeValue, expectReal } from "@fanin/tensor/arguments";
/** Numbers in nested lists, all of the same lengths at the same depth. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** An array as Keras writes it to JSON. */
export interface SerializedArray {
  readonly class_name: "__tensor__" | "__numpy__";
  readonly config: { readonly value: NestedNumbers; readonly dtype: string };
}

/** What stands for an array: a number, nested lists, a typed array, a tensor, or Keras's JSON of one. */
export type ArrayValue =
  | NestedNumbers
  | ArrayOf[Exclude<DType, "float16" | "bfloat16" | "uint16">]
  | Tensor<DType>
  | SerializedArray;

/** Numbers with a shape. */
export interface NumberArray {
  readonly shape: Shape;
  readonly values: readonly number[];
  /** How a config has it: as a plain number or list, or as an array of a dtype. */
  readonly form: "list" | "__tensor__" | "__numpy__";
  readonly dtype: DType;
}

function shapeOfNested(value: unknown): number[] {
  const shape: number[] = [];
  for (let part = value; Array.isArray(part); part = part[0]) shape.push(part.length);
  return shape;
}

function flatten(name: string, value: unknown, shape: Shape, depth: number, into: number[]): void {
  const length = shape[depth];
  if (length === undefined) {
    into.push(expectReal(name, value));
    return;
  }
  if (!Array.isArray(value) || value.length !== length) {
    throw new RangeError(`${name}: expected lists of ${length} at depth ${depth}, got ${describeValue(value)}`);
  }
  for (const part of value) flatten(name, part, shape, depth + 1, into);
}

function fromNested(name: string, value: unknown, form: NumberArray["form"], dtype: DType): NumberArray {
  const shape = shapeOfNested(value);
  const values: number[] = [];
  flatten(name, value, shape, 0, values);
  return { shape, values, form, dtype };
}

/** The elements as numbers; RangeError for an integer of 64 bits that no number has exactly. */
function numbersOf(name: string, dtype: DType, data: ElementArray): number[] {
  const { decode } = elementTypes[dtype] as { readonly decode: (element: number | bigint) => number };
  return Array.from(data as Iterable<number | bigint>, (element) => {
    if (typeof element === "bigint" && BigInt(Number(element)) !== element) {
      throw new RangeError(`${name}: expected integers that a number has exactly, got ${element}`);
    }
    return decode(element);
  });
}

function fromTensor(name: string, value: unknown): NumberArray {
  const { shape, dtype, data } = expectTensor(name, value);
  return { shape, values: numbersOf(name, dtype, data), form: "__tensor__", dtype };
}

function isSerialized(value: unknown): value is SerializedArray {
  if (typeof value !== "object" || value === null || !("class_name" in value) || !("config" in value)) return false;
  return value.class_name === "__tensor__" || value.class_name === "__numpy__";
}

/** Returns `value` as numbers with a shape; TypeError for another kind, RangeError for lists of unequal lengths. */
export function expectArrayValue(name: string, value: unknown): NumberArray {
  if (typeof value === "number" || Array.isArray(value)) return fromNested(name, value, "list", "float32");
  if (ArrayBuffer.isView(value)) {
    const dtype = dtypeOf(name, value, undefined);
    return {
      shape: [(value as ElementArray).length],
      values: numbersOf(name, dtype, value as ElementArray),
      form: "__numpy__",
      dtype,
    };
  }
  if (isTensorLike(value)) return fromTensor(name, value);
  if (isSerialized(value)) {
    return fromNested(name, value.config.value, value.class_name, expectDType(value.config.dtype));
  }
  throw new TypeError(
    `${name}: expected a number, lists of numbers, a typed array or a tensor, got ${describeValue(value)}`,
  );
}

function nest(values: readonly number[], shape: Shape): NestedNumbers {
  const [length, ...inner] = shape;
  if (length === undefined) return values[0] ?? 0;
  const size = sizeOf(inner);
  return Array.from({ length }, (_, i) => nest(values.slice(i * size, (i + 1) * size), inner));
}

/** What Keras's JSON has for an array. */
export function encodeArray({ shape, values, form, dtype }: NumberArray): NestedNumbers | SerializedArray {
  const value = nest(values, shape);
  return form === "list" ? value : { class_name: form, config: { value, dtype } };
}

/**
 * From a flat index of the tensor of shape `to` to that of the element of `from` which broadcasting puts there.
 *
 * @throws RangeError where `from` does not broadcast to `to`.
 */
export function broadcastTo(from: Shape, to: Shape): (index: number) => number {
  const missing = to.length - from.length;
  const fits = missing >= 0 && from.every((dimension, i) => dimension === 1 || dimension === to[i + missing]);
  if (!fits) {
    throw new RangeError(`value: expected a shape that broadcasts to ${formatShape(to)}, got ${formatShape(from)}`);
  }
  return (index) => {
    let rest = index;
    let position = 0;
    let stride = 1;
    for (let i = from.length - 1; i >= 0; i--) {
      const dimension = to[i + missing] ?? 1;
      const own = from[i] ?? 1;
      if (own !== 1) position += (rest % dimension) * stride;
      rest = Math.floor(rest / dimension);
      stride *= own;
    }
    return position;
  };
}

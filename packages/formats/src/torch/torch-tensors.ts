// Finds the tensors of an unpickled object: names are dotted from the outermost dict or list.

import { ANY_DTYPES, type AnyDType, countOf, elementLayouts } from "@fanin/tensor";
import { type ByteSource, bytesSource } from "../byte-source.ts";
import { type MalformedCode, MalformedFileError } from "../malformed-file-error.ts";
import { type SkippedTensor, skippedBy } from "../skipped-tensor.ts";
import type { StoredTensor } from "../tensor.ts";
import { PyArray, PyDict, PyList, PyOtherTensor, type PyStorage, PyTensor, type PyValue } from "./pickle-values.ts";
import { spanOf, stridedTensor } from "./strided-tensor.ts";

/** Opens the bytes of a storage, whose elements have `bytes` bytes. */
export type OpenStorage = (storage: PyStorage) => ByteSource;

/** The tensors of a file. */
export interface TorchTensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly skipped: readonly SkippedTensor[];
}

/** The name of a tensor that was saved alone. */
const ALONE = "tensor";
/** The keys of checkpoints under which a trainer keeps its own state: moments and steps, no weights. */
const TRAINER_STATE = /^(opt|optim|optimizer|lr_?scheduler|scheduler|grad_?scaler|scaler)(_?states?|s|_state_dict)?$/i;
/** Maximum number of values that are looked at; a list may be in many others. */
const MAX_VALUES = 2_000_000;
const MAX_DEPTH = 64;

/** NumPy's types of arrays in pickles. */
const arrayTypes: Readonly<Record<string, AnyDType>> = {
  f8: "float64",
  f4: "float32",
  f2: "float16",
  i8: "int64",
  i4: "int32",
  i2: "int16",
  i1: "int8",
  u8: "uint64",
  u4: "uint32",
  u2: "uint16",
  u1: "uint8",
  b1: "bool",
};

const isDType = (name: string): name is AnyDType => (ANY_DTYPES as readonly string[]).includes(name);

/** The strides of a contiguous array, in elements. */
function denseStrides(shape: readonly number[], isFortran: boolean): number[] {
  const strides: number[] = new Array(shape.length);
  const axes = Array.from(shape.keys());
  let stride = 1;
  for (const axis of isFortran ? axes : axes.reverse()) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

const isTensor = (value: PyValue): value is PyTensor | PyArray | PyOtherTensor =>
  value instanceof PyTensor || value instanceof PyArray || value instanceof PyOtherTensor;

/** A source that is only asked for its size. */
const unbounded: ByteSource = { size: Number.MAX_SAFE_INTEGER, read: async () => new Uint8Array(0) };

/** Collects tensors by name. */
class Collector {
  readonly tensors = new Map<string, StoredTensor>();
  readonly skipped: SkippedTensor[] = [];
  readonly #open: OpenStorage;
  readonly #isLittleEndian: boolean;
  readonly #file: string | undefined;
  #count = 0;

  constructor(open: OpenStorage, isLittleEndian: boolean, file: string | undefined) {
    this.#open = open;
    this.#isLittleEndian = isLittleEndian;
    this.#file = file;
  }

  #skip(code: MalformedCode, name: string, expected: string, got: string, dtype?: string, shape?: readonly number[]) {
    this.skipped.push(skippedBy(new MalformedFileError(code, { expected, got }), name, dtype, shape));
  }

  #refusal(code: MalformedCode, tensor: string, expected: string, got: string): MalformedFileError {
    return new MalformedFileError(code, { file: this.#file, tensor, expected, got });
  }

  #addTensor(name: string, { storage, dtype, offset, shape, strides }: PyTensor): void {
    if (!isDType(dtype)) {
      this.#skip("E_TORCH_DTYPE", name, "an element type with a value in JavaScript", dtype, dtype, shape);
      return;
    }
    const { bytes } = elementLayouts[dtype];
    const count = countOf(shape, bytes);
    if (count === undefined || strides.length !== shape.length) {
      throw this.#refusal("E_TORCH_TENSOR", name, "a shape below 2^53 bytes with a stride for each axis", "another");
    }
    const source = this.#open(storage);
    const last = offset + spanOf(shape, strides);
    if (count > 0 && !(Number.isSafeInteger(last * bytes) && last * bytes <= source.size)) {
      throw this.#refusal(
        "E_TORCH_TENSOR",
        name,
        `a view within the ${source.size} bytes of its storage`,
        `${last * bytes}`,
      );
    }
    const view = { name, shape, dtype, strides, offset, source, isLittleEndian: this.#isLittleEndian };
    this.tensors.set(name, stridedTensor(view, this.#file));
  }

  #addArray(name: string, { shape, dtype: label, isFortran, bytes: values }: PyArray): void {
    const dtype = arrayTypes[label.replace(/^[<>|=]/, "")];
    if (dtype === undefined || values === undefined) {
      this.#skip("E_TORCH_DTYPE", name, "a NumPy array of numbers", label === "" ? "objects" : label, label, shape);
      return;
    }
    const { bytes } = elementLayouts[dtype];
    if (countOf(shape, bytes) !== values.length / bytes) {
      throw this.#refusal("E_TORCH_TENSOR", name, "values that fill the shape", `${values.length} bytes`);
    }
    const strides = denseStrides(shape, isFortran);
    const isLittleEndian = !label.startsWith(">");
    const view = { name, shape, dtype, strides, offset: 0, source: bytesSource(values), isLittleEndian };
    this.tensors.set(name, stridedTensor(view, this.#file));
  }

  /** Adds a tensor if its name is new; two paths with the same dotted name are not both readable by it. */
  #add(name: string, value: PyTensor | PyArray | PyOtherTensor): void {
    if (this.tensors.has(name)) {
      this.#skip("E_TORCH_NAME", name, "a unique dotted name", "the same name by another path");
      return;
    }
    if (value instanceof PyTensor) this.#addTensor(name, value);
    else if (value instanceof PyArray) this.#addArray(name, value);
    else this.#skip("E_TORCH_DTYPE", name, "a dense tensor with a storage", `a ${value.dtype} tensor`, value.dtype);
  }

  /** Lists the state of a trainer as one entry, with its number of tensors. */
  #skipState(name: string, value: PyValue): void {
    const inner = new Collector(() => unbounded, true, this.#file);
    inner.visit([name], value, new Set());
    const count = inner.tensors.size + inner.skipped.length;
    if (count > 0) this.#skip("E_TORCH_STATE", name, "weights", `the state of a trainer, ${count} tensors`);
  }

  /** Visits a value; `parents` are the containers around it, which it must not be. */
  visit(path: readonly string[], value: PyValue, parents: ReadonlySet<PyValue>): void {
    if (++this.#count > MAX_VALUES)
      throw this.#refusal("E_PICKLE_LIMIT", path.join("."), `at most ${MAX_VALUES} values`, "more");
    if (isTensor(value)) {
      this.#add(path.length === 0 ? ALONE : path.join("."), value);
      return;
    }
    if (!(value instanceof PyDict) && !(value instanceof PyList)) return;
    if (parents.has(value)) return;
    if (path.length > MAX_DEPTH)
      throw this.#refusal("E_PICKLE_LIMIT", path.join("."), `at most ${MAX_DEPTH} levels`, "more");
    const inner = new Set(parents).add(value);
    if (value instanceof PyList) {
      value.items.forEach((item, i) => {
        this.visit([...path, String(i)], item, inner);
      });
      return;
    }
    for (const [key, item] of value.entries) {
      if (typeof key !== "string" && typeof key !== "number") continue;
      if (path.length === 0 && TRAINER_STATE.test(String(key)) && !isTensor(item)) this.#skipState(String(key), item);
      else this.visit([...path, String(key)], item, inner);
    }
  }
}

/** Finds the tensors of `root`. */
export function torchTensors(root: PyValue, open: OpenStorage, isLittleEndian: boolean, file?: string): TorchTensors {
  const collector = new Collector(open, isLittleEndian, file);
  collector.visit([], root, new Set());
  return collector;
}

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
/** Maximum number of tensors; a list that is in many others has many names for each. */
const MAX_TENSORS = 100_000;
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

/** An entry of a container: its part of the name, and its value. */
type Branch = readonly [key: string, value: PyValue];

/** The entries of a container that lead to tensors, and the number of paths to them. */
interface Branches {
  readonly entries: readonly Branch[];
  readonly count: number;
}

/** Collects tensors by name. */
class Collector {
  readonly tensors = new Map<string, StoredTensor>();
  readonly skipped: SkippedTensor[] = [];
  readonly #open: OpenStorage;
  readonly #isLittleEndian: boolean;
  readonly #file: string | undefined;
  readonly #found = new Map<PyDict | PyList, Branches>();

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
    inner.visit([name], value);
    const count = inner.tensors.size + inner.skipped.length;
    if (count > 0) this.#skip("E_TORCH_STATE", name, "weights", `the state of a trainer, ${count} tensors`);
  }

  /** The entries of a container that lead to tensors. A cycle leads back to its beginning, which is left out. */
  #branches(container: PyDict | PyList, depth: number): Branches {
    const known = this.#found.get(container);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) throw this.#refusal("E_PICKLE_LIMIT", "", `at most ${MAX_DEPTH} levels`, "more");
    this.#found.set(container, { entries: [], count: 0 });
    const entries: Branch[] = [];
    let count = 0;
    for (const [key, item] of container instanceof PyList ? container.items.entries() : container.entries) {
      if (typeof key !== "string" && typeof key !== "number") continue;
      const isContainer = item instanceof PyDict || item instanceof PyList;
      const below = isTensor(item) ? 1 : isContainer ? this.#branches(item, depth + 1).count : 0;
      if (below > 0) entries.push([String(key), item]);
      count += below;
    }
    if (count > MAX_TENSORS) throw this.#refusal("E_PICKLE_LIMIT", "", `at most ${MAX_TENSORS} tensors`, "more");
    const branches = { entries, count };
    this.#found.set(container, branches);
    return branches;
  }

  /** Adds the tensors below `value`, which is at `path`. */
  visit(path: string[], value: PyValue): void {
    if (isTensor(value)) {
      this.#add(path.length === 0 ? ALONE : path.join("."), value);
      return;
    }
    if (!(value instanceof PyDict) && !(value instanceof PyList)) return;
    if (path.length > MAX_DEPTH) throw this.#refusal("E_PICKLE_LIMIT", "", `at most ${MAX_DEPTH} levels`, "more");
    for (const [key, item] of this.#branches(value, path.length).entries) {
      if (path.length === 0 && TRAINER_STATE.test(key) && !isTensor(item)) this.#skipState(key, item);
      else this.visit([...path, key], item);
    }
  }
}

/** Finds the tensors of `root`. */
export function torchTensors(root: PyValue, open: OpenStorage, isLittleEndian: boolean, file?: string): TorchTensors {
  const collector = new Collector(open, isLittleEndian, file);
  collector.visit([], root);
  return collector;
}

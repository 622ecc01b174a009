// The values that a pickle of tensors and plain containers holds. Nothing of them runs.
// Source: Python's pickle module; torch/_utils.py and torch/serialization.py, PyTorch 2.13.

/** A name of a module, such as `torch.FloatStorage`: never called, only looked up in a table. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** A list, a tuple or a set. */
export class PyList {
  readonly kind: "list" | "tuple" | "set";
  readonly items: PyValue[];

  constructor(kind: PyList["kind"], items: PyValue[] = []) {
    this.kind = kind;
    this.items = items;
  }
}

/** A dict, in order. A repeated key replaces the value of the first. */
export class PyDict {
  readonly entries: Map<PyValue, PyValue> = new Map();
}

/** The bytes of tensors, by key: an entry of the archive, or a part of a legacy file. */
export class PyStorage {
  /** The dtype of PyTorch's class, such as `float32`; "bytes" for an UntypedStorage. */
  readonly dtype: string;
  readonly key: string;
  /** The number of elements; of bytes for an UntypedStorage. */
  readonly count: number;
  /** The first element of a view in old legacy files. */
  readonly offset: number;

  constructor(dtype: string, key: string, count: number, offset = 0) {
    this.dtype = dtype;
    this.key = key;
    this.count = count;
    this.offset = offset;
  }
}

/** A strided tensor. */
export class PyTensor {
  readonly storage: PyStorage;
  readonly dtype: string;
  /** In elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: PyStorage, dtype: string, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** A tensor of a kind that is listed and not read: sparse, quantized, nested, without storage. */
export class PyOtherTensor {
  readonly dtype: string;

  constructor(dtype: string) {
    this.dtype = dtype;
  }
}

/** An array of NumPy; `dtype` is NumPy's name, such as `<f4`. Its state fills it. */
export class PyArray {
  shape: readonly number[] = [];
  dtype = "";
  isFortran = false;
  bytes: Uint8Array | undefined = undefined;
}

/** A dtype of NumPy, such as `f4`; its state has the byte order. */
export class PyArrayType {
  name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A dtype of PyTorch, such as `uint16`. */
export class PyDType {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A value of the pickle. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyGlobal
  | PyList
  | PyDict
  | PyStorage
  | PyTensor
  | PyOtherTensor
  | PyArray
  | PyArrayType
  | PyDType;

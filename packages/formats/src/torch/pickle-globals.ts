// The closed list of the names that a pickle may use, and what each makes of its arguments. Any other name is refused.
// Source: torch/_weights_only_unpickler.py and torch/_utils.py, PyTorch 2.13; numpy/_core/multiarray.py.

import {
  PyArray,
  PyArrayType,
  PyDict,
  PyDType,
  PyGlobal,
  PyList,
  PyOtherTensor,
  PyStorage,
  PyTensor,
  type PyValue,
} from "./pickle-values.ts";

/** The dtypes of PyTorch's typed storages. */
const storages: Readonly<Record<string, string>> = {
  FloatStorage: "float32",
  DoubleStorage: "float64",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  ComplexFloatStorage: "complex64",
  ComplexDoubleStorage: "complex128",
  QInt8Storage: "qint8",
  QUInt8Storage: "quint8",
  QInt32Storage: "qint32",
  QUInt4x2Storage: "quint4x2",
  QUInt2x4Storage: "quint2x4",
  UntypedStorage: "bytes",
};

/** PyTorch's names of dtypes that differ from Fanin's. */
const dtypeNames: Readonly<Record<string, string>> = {
  float: "float32",
  double: "float64",
  half: "float16",
  long: "int64",
  int: "int32",
  short: "int16",
  cfloat: "complex64",
  cdouble: "complex128",
};
const DTYPE =
  /^(u?int\d+|float\d+\w*|bfloat16|bool|complex\d+|q?u?int\d+x?\d*|float|double|half|long|int|short|cfloat|cdouble)$/;

/** Thrown by an entry for arguments that it cannot take; the unpickler adds the place. */
export class ArgumentFault extends Error {}

function fault(expected: string): never {
  throw new ArgumentFault(expected);
}

function integer(value: PyValue | undefined): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : fault("a size of 0 or more");
}

function integers(value: PyValue | undefined): number[] {
  return value instanceof PyList ? value.items.map(integer) : fault("a tuple of sizes");
}

/** The dtype of a storage's class, such as `torch.FloatStorage`; undefined for another name. */
export function storageDType(value: PyValue | undefined): string | undefined {
  if (!(value instanceof PyGlobal) || !/^torch(\.storage|\.cuda)?$/.test(value.module)) return undefined;
  return Object.hasOwn(storages, value.name) ? storages[value.name] : undefined;
}

function tensor(args: readonly PyValue[]): PyTensor {
  const [storage, offset, shape, strides] = args;
  if (!(storage instanceof PyStorage)) return fault("a storage");
  return new PyTensor(storage, storage.dtype, integer(offset) + storage.offset, integers(shape), integers(strides));
}

function tensorOfDType(args: readonly PyValue[]): PyTensor {
  const { storage, offset, shape, strides } = tensor(args);
  const dtype = args[6];
  if (!(dtype instanceof PyDType)) return fault("a dtype");
  return new PyTensor(storage, dtype.name, offset, shape, strides);
}

/** A dict from pairs or from another dict. */
function dict([source]: readonly PyValue[]): PyDict {
  const made = new PyDict();
  if (source instanceof PyDict) for (const [key, value] of source.entries) made.entries.set(key, value);
  else if (source instanceof PyList) {
    for (const pair of source.items) {
      if (!(pair instanceof PyList) || pair.items.length !== 2) return fault("pairs of a key and a value");
      made.entries.set(pair.items[0] as PyValue, pair.items[1] as PyValue);
    }
  }
  return made;
}

const first = ([value]: readonly PyValue[]): PyValue => value ?? null;
const other = (dtype: string) => (): PyOtherTensor => new PyOtherTensor(dtype);
const list =
  (kind: PyList["kind"]) =>
  ([source]: readonly PyValue[]): PyList =>
    new PyList(kind, source instanceof PyList ? [...source.items] : []);

/** A number of NumPy: it is no tensor, so its value is of no use here. */
const scalar = (): null => null;

function encoded([text, encoding]: readonly PyValue[]): Uint8Array {
  if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1")) return fault("text in latin1");
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function arrayType([name]: readonly PyValue[]): PyArrayType {
  return typeof name === "string" ? new PyArrayType(name) : fault("the name of a dtype");
}

type Make = (args: readonly PyValue[], call: (callee: PyValue, args: PyValue) => PyValue) => PyValue;

/** What a call of each name makes. A name without a call is only an argument of others. */
const table: Readonly<Record<string, Make | null>> = {
  "collections.OrderedDict": dict,
  "collections.defaultdict": () => new PyDict(),
  "collections.Counter": dict,
  "argparse.Namespace": () => new PyDict(),
  "builtins.set": list("set"),
  "builtins.frozenset": list("set"),
  "builtins.list": list("list"),
  "builtins.dict": dict,
  "builtins.int": scalar,
  "builtins.float": scalar,
  "builtins.complex": scalar,
  "builtins.bytearray": ([bytes]) => (bytes instanceof Uint8Array ? bytes : new Uint8Array(0)),
  "_codecs.encode": encoded,
  "torch.Size": list("tuple"),
  "torch.device": first,
  "torch.Tensor": null,
  "torch.nn.parameter.Parameter": first,
  "torch.nn.parameter.Buffer": first,
  "torch.serialization._get_layout": first,
  "torch._utils._rebuild_tensor": tensor,
  "torch._utils._rebuild_tensor_v2": tensor,
  "torch._utils._rebuild_tensor_v3": tensorOfDType,
  "torch._utils._rebuild_parameter": first,
  "torch._utils._rebuild_parameter_with_state": first,
  "torch._utils._rebuild_device_tensor_from_cpu_tensor": first,
  "torch._utils._rebuild_device_tensor_from_numpy": first,
  "torch._utils._rebuild_sparse_tensor": other("sparse"),
  "torch._utils._rebuild_sparse_csr_tensor": other("sparse"),
  "torch._utils._rebuild_qtensor": other("quantized"),
  "torch._utils._rebuild_nested_tensor": other("nested"),
  "torch._utils._rebuild_meta_tensor_no_storage": other("meta"),
  "torch._utils._rebuild_wrapper_subclass": other("wrapped"),
  "torch._tensor._rebuild_from_type_v2": ([callee, , args], call) => call(callee ?? null, args ?? null),
  "numpy.ndarray": null,
  "numpy.dtype": arrayType,
  "numpy.core.multiarray._reconstruct": () => new PyArray(),
  "numpy._core.multiarray._reconstruct": () => new PyArray(),
  "numpy.core.multiarray.scalar": scalar,
  "numpy._core.multiarray.scalar": scalar,
};

/** Python 2's names of modules. */
const oldModules: Readonly<Record<string, string>> = { __builtin__: "builtins", copy_reg: "copyreg" };

/** Looks up a name; undefined if it is not on the list. */
export function knownGlobal(module: string, name: string): PyGlobal | PyDType | undefined {
  const found = new PyGlobal(oldModules[module] ?? module, name);
  if (Object.hasOwn(table, found.path) || storageDType(found) !== undefined) return found;
  if (module === "torch" && DTYPE.test(name)) return new PyDType(dtypeNames[name] ?? name);
  if (module === "numpy.dtypes" && /^\w+DType$/.test(name)) return new PyGlobal("numpy", "dtype");
  if (module === "torch" && /^(strided|sparse_\w+|per_(tensor|channel)_\w+)$/.test(name)) return new PyDType(name);
  return undefined;
}

/**
 * Makes what a call of a known name gives. No code of the file runs.
 *
 * @throws ArgumentFault if the name cannot be called, or not with these arguments.
 */
export function callGlobal(callee: PyValue, args: PyValue): PyValue {
  if (!(callee instanceof PyGlobal)) return fault("a name that can be called");
  const make = Object.hasOwn(table, callee.path) ? table[callee.path] : undefined;
  if (!make) return fault(`a name that can be called instead of ${callee.path}`);
  if (!(args instanceof PyList)) return fault("a tuple of arguments");
  return make(args.items, callGlobal);
}

/** Applies the state that `BUILD` gives: a Namespace's attributes, a NumPy array's shape and bytes. */
export function applyState(target: PyValue, state: PyValue, isNamespace: boolean): void {
  if (target instanceof PyArray) {
    const [, shape, dtype, isFortran, bytes] = state instanceof PyList ? state.items : [];
    if (!(dtype instanceof PyArrayType)) fault("the state of a NumPy array");
    target.shape = integers(shape);
    target.dtype = (dtype as PyArrayType).name;
    target.isFortran = isFortran === true;
    target.bytes = bytes instanceof Uint8Array ? bytes : undefined;
  } else if (target instanceof PyArrayType) {
    const order = state instanceof PyList ? state.items[1] : undefined;
    if (order === "<" || order === ">" || order === "|") target.name = `${order}${target.name}`;
  } else if (isNamespace && target instanceof PyDict && state instanceof PyDict) {
    for (const [key, value] of state.entries) target.entries.set(key, value);
  }
}

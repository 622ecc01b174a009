// Hostile .npy files, at least one for each error code.

import { readNpy } from "../../src/index.ts";
import { join, latin1, npyHeaderOf, npyOf, uint } from "../hand-made.ts";
import type { HostileCase } from "./hostile-case.ts";

const npy =
  (header: string, dataBytes = 0, version?: [number, number]) =>
  () =>
    readNpy(npyOf(header, dataBytes, version));
const f4 = npyHeaderOf("<f4", "(2,)");

export const npyCases: HostileCase[] = [
  ["an empty file", "E_NPY_MAGIC", () => readNpy(new Uint8Array(0))],
  ["another file", "E_NPY_MAGIC", () => readNpy(latin1("\x93NUMPX\x01\x00"))],
  ["version 0", "E_NPY_VERSION", npy(f4, 8, [0, 0])],
  ["version 4", "E_NPY_VERSION", npy(f4, 8, [4, 0])],
  ["version 1.1", "E_NPY_VERSION", npy(f4, 8, [1, 1])],
  ["a file that ends after the magic", "E_NPY_VERSION", () => readNpy(latin1("\x93NUMPY"))],
  [
    "a file that ends in the header's length",
    "E_NPY_HEADER_LENGTH",
    () => readNpy(latin1("\x93NUMPY\x02\x00\x10\x00")),
  ],
  ["a header longer than the file", "E_NPY_HEADER_LENGTH", () => readNpy(npyOf(f4).subarray(0, 40))],
  [
    "a header of 4 GiB, which NumPy reads before it looks at its length",
    "E_NPY_HEADER_LENGTH",
    () => readNpy(join(latin1("\x93NUMPY\x02\x00"), uint(4, 0xffffffff), new Uint8Array(64))),
  ],
  ["a header over NumPy's 10000 bytes", "E_NPY_HEADER_LENGTH", npy(f4.padEnd(10_000), 8)],
  ["a header that is no dict", "E_NPY_HEADER", npy("[1, 2]")],
  ["a header that calls a function", "E_NPY_HEADER", npy("{'descr': __import__('os').system('id'), }")],
  ["a header without shape", "E_NPY_HEADER", npy("{'descr': '<f4', 'fortran_order': False, }")],
  [
    "a header with a fourth key",
    "E_NPY_HEADER",
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", 8),
  ],
  [
    "a header with a key twice",
    "E_NPY_HEADER",
    npy("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", 8),
  ],
  ["a header with something after it", "E_NPY_HEADER", npy(`${f4} + 1`, 8)],
  ["a header with an escape", "E_NPY_HEADER", npy("{'descr': '<f\\x34', 'fortran_order': False, 'shape': (2,)}", 8)],
  ["a shape that is no tuple", "E_NPY_HEADER", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", 8)],
  ["a shape of expressions", "E_NPY_HEADER", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1+1,)}", 8)],
  ["a negative dimension", "E_NPY_HEADER", npy(npyHeaderOf("<f4", "(-1,)"))],
  ["an order that is a number", "E_NPY_HEADER", npy("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", 8)],
  ["an object array", "E_NPY_PICKLE", npy(npyHeaderOf("|O", "(1,)"), 8)],
  ["an object array of stated size", "E_NPY_PICKLE", npy(npyHeaderOf("|O8", "(1,)"), 8)],
  ["an object array without byte order", "E_NPY_PICKLE", npy(npyHeaderOf("O", "(1,)"), 8)],
  [
    "a structured array",
    "E_NPY_DTYPE",
    npy("{'descr': [('a', '<f4'), ('b', '|O')], 'fortran_order': False, 'shape': (1,)}", 8),
  ],
  ["an array of arrays", "E_NPY_DTYPE", npy("{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (1,)}", 8)],
  ["unicode text", "E_NPY_DTYPE", npy(npyHeaderOf("<U2", "(1,)"), 8)],
  ["byte text", "E_NPY_DTYPE", npy(npyHeaderOf("|S8", "(1,)"), 8)],
  ["void of two bytes, which may be bfloat16", "E_NPY_DTYPE", npy(npyHeaderOf("|V2", "(4,)"), 8)],
  ["a float8 or int4 of ml_dtypes", "E_NPY_DTYPE", npy(npyHeaderOf("<V1", "(4,)"), 4)],
  ["8-bit floats", "E_NPY_DTYPE", npy(npyHeaderOf("<f1", "(4,)"), 4)],
  ["dates", "E_NPY_DTYPE", npy(npyHeaderOf("<M8[ns]", "(1,)"), 8)],
  ["long doubles", "E_NPY_DTYPE", npy(npyHeaderOf("<f16", "(1,)"), 16)],
  ["a size no integer has", "E_NPY_DTYPE", npy(npyHeaderOf("<i3", "(1,)"), 3)],
  ["float32 of no byte order", "E_NPY_DTYPE", npy(npyHeaderOf("|f4", "(2,)"), 8)],
  ["float32 of whatever order the writer had", "E_NPY_DTYPE", npy(npyHeaderOf("=f4", "(2,)"), 8)],
  ["a product beyond 2^53", "E_NPY_SHAPE", npy(npyHeaderOf("<f4", "(4294967296, 4294967296)"))],
  ["a product beyond 2^53, hidden by a zero", "E_NPY_SHAPE", npy(npyHeaderOf("<f4", "(0, 4294967296, 4294967296)"))],
  ["a product that overflows 64 bits to 0", "E_NPY_SHAPE", npy(npyHeaderOf("<f4", "(4611686018427387904, 4)"))],
  ["65 dimensions", "E_NPY_SHAPE", npy(npyHeaderOf("<f4", `(${"1, ".repeat(65)})`), 4)],
  ["an exabyte in an empty file", "E_NPY_SIZE", npy(npyHeaderOf("<f4", "(1000000000000000,)"))],
  ["a byte too few", "E_NPY_SIZE", npy(f4, 7)],
  ["a byte too many", "E_NPY_SIZE", npy(f4, 9)],
];

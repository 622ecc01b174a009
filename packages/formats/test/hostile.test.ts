// Every way in which a file is refused, each with a file made for it, and none without one.
// One file: a table, with a row for every code, which a test counts.

import { describe, expect, it } from "vitest";
import {
  type ByteSource,
  browserLimits,
  bytesSource,
  detectFormat,
  type MalformedCode,
  MalformedFileError,
  malformedReasons,
  nodeLimits,
  openNpz,
  openSafetensors,
  type ReadOptions,
  readNpy,
  readNpz,
  readSafetensors,
  readTfjsModel,
} from "../src/index.ts";
import { goodNpy, join, latin1, manifestOf, npyHeaderOf, npyOf, safetensorsOf, uint, zipOf } from "./hand-made.ts";

/** Title, the code that must come, and what must bring it. */
type Case = readonly [title: string, code: MalformedCode, run: () => unknown];

const npy =
  (header: string, dataBytes = 0, version?: [number, number]) =>
  () =>
    readNpy(npyOf(header, dataBytes, version));
const st =
  (header: string | Uint8Array, dataBytes = 0, length?: bigint) =>
  () =>
    readSafetensors(safetensorsOf(header, dataBytes, length));
const zip =
  (...parameters: Parameters<typeof zipOf>) =>
  () =>
    readNpz(zipOf(...parameters));
const good = { name: "a.npy", content: goodNpy };
const tfjs =
  (manifest: string | Uint8Array, shardBytes = 8) =>
  () =>
    readTfjsModel(manifest, async () => new Uint8Array(shardBytes));
const weight = { name: "w", shape: [2], dtype: "float32" };
const tensor = (begin: number, end: number, shape: string, dtype = "F32") =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;
const f4 = npyHeaderOf("<f4", "(2,)");
const megabytes = (count: number) => ({
  name: "a.npy",
  content: npyOf(npyHeaderOf("|u1", `(${count * 2 ** 20},)`), count * 2 ** 20),
});

const npyCases: Case[] = [
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
  ["void, as NumPy writes bfloat16", "E_NPY_DTYPE", npy(npyHeaderOf("<V2", "(4,)"), 8)],
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

const zipCases: Case[] = [
  ["an empty file", "E_ZIP_END", () => readNpz(new Uint8Array(0))],
  ["a file that is no archive", "E_ZIP_END", () => readNpz(goodNpy)],
  ["an archive with bytes after it", "E_ZIP_END", zip([good], { after: latin1("x") })],
  [
    "an archive with bytes before it",
    "E_ZIP_END",
    zip([{ ...good, header: 0 }], { before: latin1("#!/bin/sh\n"), offset: goodNpy.length + 35 }),
  ],
  ["bytes between directory and end", "E_ZIP_END", zip([good], { between: latin1("x") })],
  ["a directory beyond the file", "E_ZIP_END", zip([good], { offset: 0xfffffff0 })],
  ["an archive on two disks", "E_ZIP_END", zip([good], { disk: 1 })],
  [
    "a zip64 locator that points elsewhere",
    "E_ZIP_END",
    zip([good], { between: join(latin1("PK\x06\x07"), uint(4, 0), uint(8, 2n ** 63n), uint(4, 1)) }),
  ],
  ["10001 entries", "E_ZIP_ENTRIES", zip([good], { count: 10_001 })],
  [
    "2^60 entries by zip64",
    "E_ZIP_ENTRIES",
    () => {
      const record = join(
        latin1("PK\x06\x06"),
        uint(8, 44),
        uint(4, 45),
        uint(8, 0),
        uint(8, 2n ** 60n),
        uint(8, 2n ** 60n),
        uint(8, 0),
        uint(8, 0),
      );
      const locator = join(latin1("PK\x06\x07"), uint(4, 0), uint(8, 0), uint(4, 1));
      return readNpz(zipOf([], { before: join(record, locator) }));
    },
  ],
  ["more entries than the directory has", "E_ZIP_DIRECTORY", zip([good], { count: 2 })],
  ["fewer entries than the directory has", "E_ZIP_DIRECTORY", zip([good, { ...good, name: "b.npy" }], { count: 1 })],
  ["a zip64 size without its field", "E_ZIP_DIRECTORY", zip([{ ...good, size: 0xffffffff }])],
  [
    "a zip64 size beyond 2^53",
    "E_ZIP_DIRECTORY",
    zip([{ ...good, size: 0xffffffff, extra: join(uint(2, 1), uint(2, 8), uint(8, 2n ** 60n)) }]),
  ],
  ["a name that leaves the folder", "E_ZIP_NAME", zip([{ ...good, name: "../a.npy" }])],
  ["a name that leaves it in the middle", "E_ZIP_NAME", zip([{ ...good, name: "a/../../b.npy" }])],
  ["an absolute name", "E_ZIP_NAME", zip([{ ...good, name: "/etc/a.npy" }])],
  ["an absolute name of Windows", "E_ZIP_NAME", zip([{ ...good, name: "C:/a.npy" }])],
  ["a name with a backslash", "E_ZIP_NAME", zip([{ ...good, name: "..\\a.npy" }])],
  ["a name with a NUL", "E_ZIP_NAME", zip([{ ...good, name: "a\0b.npy" }])],
  ["an empty name", "E_ZIP_NAME", zip([{ ...good, name: "" }])],
  ["a name that is not UTF-8", "E_ZIP_NAME", zip([{ ...good, name: latin1("\xff.npy") }])],
  ["a name in code page 437", "E_ZIP_NAME", zip([{ ...good, name: "ä.npy", flags: 0 }])],
  ["two entries of one name", "E_ZIP_DUPLICATE", zip([good, good])],
  ["a symbolic link", "E_ZIP_SYMLINK", zip([{ ...good, attributes: 0o120777 * 2 ** 16 }])],
  ["a device", "E_ZIP_SYMLINK", zip([{ ...good, attributes: 0o020666 * 2 ** 16 }])],
  ["a folder", "E_ZIP_SYMLINK", zip([{ ...good, attributes: 0o040755 * 2 ** 16 }])],
  ["an encrypted entry", "E_ZIP_ENCRYPTED", zip([{ ...good, flags: 0x801 }])],
  ["an LZMA entry", "E_ZIP_METHOD", zip([{ ...good, method: 14 }])],
  [
    "two entries on the same bytes",
    "E_ZIP_OVERLAP",
    zip([good, { ...good, name: "b.npy", localName: "a.npy", header: 0 }]),
  ],
  [
    "an entry within another",
    "E_ZIP_OVERLAP",
    zip([
      { name: "a.npy", content: join(goodNpy, goodNpy) },
      { ...good, name: "b.npy", header: 50 },
    ]),
  ],
  ["an entry that runs into the directory", "E_ZIP_OVERLAP", zip([{ ...good, size: 5000, compressedSize: 5000 }])],
  ["a local header of another name", "E_ZIP_LOCAL", zip([{ ...good, localName: "b.npy" }])],
  ["a local header beyond the directory", "E_ZIP_LOCAL", zip([{ ...good, header: 5000 }])],
  ["no local header", "E_ZIP_LOCAL", zip([{ ...good, header: 1 }])],
  ["an entry of 3 GiB", "E_ZIP_LIMIT", zip([{ ...good, deflate: true, size: 3 * 2 ** 30 }])],
  [
    "entries beyond the limit only together",
    "E_ZIP_LIMIT",
    () =>
      readNpz(zipOf([1, 2].map((i) => ({ ...good, name: `${i}.npy`, deflate: true }))), {
        totalBytes: 2 * goodNpy.length - 1,
      }),
  ],
  ["a bomb of 8 MiB in 8 KiB", "E_ZIP_RATIO", zip([{ ...megabytes(8), deflate: true }])],
  [
    "an entry that says it is small but inflates on",
    "E_ZIP_SIZE",
    zip([
      {
        ...megabytes(8),
        deflate: true,
        content: goodNpy,
        compressed: zipOf([{ ...megabytes(8), deflate: true }]).subarray(35, -80),
      },
    ]),
  ],
  [
    "an entry that inflates to less",
    "E_ZIP_SIZE",
    zip([{ name: "a.npy", content: npyOf(npyHeaderOf("<f4", "(3,)"), 8), deflate: true, size: goodNpy.length + 4 }]),
  ],
  ["a stored entry of two sizes", "E_ZIP_SIZE", zip([{ ...good, size: goodNpy.length - 1 }])],
  ["damaged deflate", "E_ZIP_DEFLATE", zip([{ ...good, deflate: true, compressed: Uint8Array.of(7, 255, 255, 255) }])],
  ["deflate that is cut off", "E_ZIP_DEFLATE", zip([{ ...good, deflate: true, compressed: Uint8Array.of(0x62) }])],
  ["a wrong checksum, stored", "E_ZIP_CRC", zip([{ ...good, crc: 1 }])],
  ["a wrong checksum, deflated", "E_ZIP_CRC", zip([{ ...good, crc: 1, deflate: true }])],
  ["an entry that is no .npy", "E_NPZ_ENTRY", zip([{ ...good, name: "a.pkl" }])],
  [
    "an entry whose .npy is a pickle",
    "E_NPY_PICKLE",
    zip([{ name: "a.npy", content: npyOf(npyHeaderOf("|O", "(1,)"), 8) }]),
  ],
  [
    "an entry whose .npy is larger than it",
    "E_NPY_SIZE",
    zip([{ name: "a.npy", content: npyOf(npyHeaderOf("<f8", "(99999999,)"), 8) }]),
  ],
];

const safetensorsCases: Case[] = [
  ["an empty file", "E_SAFETENSORS_SIZE", () => readSafetensors(new Uint8Array(0))],
  ["a file of 7 bytes", "E_SAFETENSORS_SIZE", () => readSafetensors(new Uint8Array(7))],
  ["a header longer than the file", "E_SAFETENSORS_HEADER_LENGTH", st("{}", 0, 3n)],
  ["a header of 2^63 bytes", "E_SAFETENSORS_HEADER_LENGTH", st("{}", 0, 2n ** 63n)],
  ["a header of 2^64 - 1 bytes", "E_SAFETENSORS_HEADER_LENGTH", st("{}", 0, 2n ** 64n - 1n)],
  ["an empty header", "E_SAFETENSORS_HEADER", st("")],
  ["a header that starts with a space", "E_SAFETENSORS_HEADER", st(" {}")],
  ["a header with a byte order mark", "E_SAFETENSORS_HEADER", st("\ufeff{}")],
  ["a header that is a list", "E_SAFETENSORS_HEADER", st("[]")],
  ["a header with a newline after it", "E_SAFETENSORS_HEADER", st("{}\n")],
  ["a header with NULs after it", "E_SAFETENSORS_HEADER", st("{}\0")],
  ["a tensor that is no object", "E_SAFETENSORS_HEADER", st('{"w":[]}')],
  ["a header that is not UTF-8", "E_JSON_UTF8", st(latin1('{"\xff":1}'))],
  ["a name that is a lone surrogate", "E_JSON_UTF8", st(`{"\\ud800":${tensor(0, 0, "[0]")}}`)],
  ["a header that is cut off", "E_JSON_SYNTAX", st('{"w":}')],
  ["two objects", "E_JSON_SYNTAX", st("{}{}")],
  ["a comma too many", "E_JSON_SYNTAX", st(`{"w":${tensor(0, 4, "[1]")},}`, 4)],
  ["a tensor twice", "E_JSON_DUPLICATE", st(`{"w":${tensor(0, 4, "[1]")},"w":${tensor(0, 4, "[1]")}}`, 4)],
  [
    "a tensor twice, once escaped",
    "E_JSON_DUPLICATE",
    st(`{"w":${tensor(0, 4, "[1]")},"\\u0077":${tensor(0, 4, "[1]")}}`, 4),
  ],
  ["a field twice", "E_JSON_DUPLICATE", st('{"w":{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,4]}}', 4)],
  ["metadata twice", "E_JSON_DUPLICATE", st('{"__metadata__":{},"__metadata__":{}}')],
  ["nesting of 100000", "E_JSON_DEPTH", st(`{"w":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)],
  ["metadata that is text", "E_SAFETENSORS_METADATA", st('{"__metadata__":"a"}')],
  ["metadata with a number", "E_SAFETENSORS_METADATA", st('{"__metadata__":{"a":1}}')],
  ["metadata that nests", "E_SAFETENSORS_METADATA", st('{"__metadata__":{"a":{}}}')],
  ["an unknown dtype", "E_SAFETENSORS_DTYPE", st(`{"w":${tensor(0, 4, "[1]", "F99")}}`, 4)],
  ["a dtype that is in every prototype", "E_SAFETENSORS_DTYPE", st(`{"w":${tensor(0, 4, "[1]", "constructor")}}`, 4)],
  ["an 8-bit float", "E_SAFETENSORS_DTYPE", st(`{"w":${tensor(0, 4, "[4]", "F8_E4M3")}}`, 4)],
  ["no dtype", "E_SAFETENSORS_DTYPE", st('{"w":{"shape":[1],"data_offsets":[0,4]}}', 4)],
  ["a 4-bit float", "E_SAFETENSORS_SUBBYTE", st(`{"w":${tensor(0, 4, "[8]", "F4")}}`, 4)],
  ["a 6-bit float", "E_SAFETENSORS_SUBBYTE", st(`{"w":${tensor(0, 3, "[4]", "F6_E2M3")}}`, 3)],
  ["no shape", "E_SAFETENSORS_SHAPE", st('{"w":{"dtype":"F32","data_offsets":[0,4]}}', 4)],
  ["a shape with text", "E_SAFETENSORS_SHAPE", st(`{"w":${tensor(0, 4, '["1"]')}}`, 4)],
  ["a negative dimension", "E_JSON_SYNTAX", st(`{"w":${tensor(0, 4, "[-1]")}}`, 4)],
  ["a dimension with a point", "E_JSON_SYNTAX", st(`{"w":${tensor(0, 4, "[1.0]")}}`, 4)],
  ["a dimension with an exponent", "E_JSON_SYNTAX", st(`{"w":${tensor(0, 40, "[1e1]")}}`, 40)],
  ["a dimension beyond 2^53", "E_SAFETENSORS_SHAPE", st(`{"w":${tensor(0, 4, "[9007199254740993]")}}`, 4)],
  [
    "a product that overflows to 4 bytes",
    "E_SAFETENSORS_SHAPE",
    st(`{"w":${tensor(0, 4, "[4294967296,4294967296]")}}`, 4),
  ],
  [
    "a product that overflows beside a zero",
    "E_SAFETENSORS_SHAPE",
    st(`{"w":${tensor(0, 0, "[0,4294967296,4294967296]")}}`),
  ],
  ["no offsets", "E_SAFETENSORS_OFFSETS", st('{"w":{"dtype":"F32","shape":[1]}}', 4)],
  ["three offsets", "E_SAFETENSORS_OFFSETS", st('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}', 4)],
  ["offsets in reverse", "E_SAFETENSORS_OFFSETS", st(`{"w":${tensor(4, 0, "[1]")}}`, 4)],
  ["offsets beyond the file", "E_SAFETENSORS_OFFSETS", st(`{"w":${tensor(0, 400, "[100]")}}`, 4)],
  [
    "a petabyte in a file of 100 bytes",
    "E_SAFETENSORS_OFFSETS",
    st(`{"w":${tensor(0, 4e15, "[1000000000000000]")}}`, 4),
  ],
  ["offsets of another size than the shape", "E_SAFETENSORS_TENSOR_SIZE", st(`{"w":${tensor(0, 8, "[1]")}}`, 8)],
  ["a first tensor that does not start at 0", "E_SAFETENSORS_HOLE", st(`{"w":${tensor(4, 8, "[1]")}}`, 8)],
  ["a hole between tensors", "E_SAFETENSORS_HOLE", st(`{"a":${tensor(0, 4, "[1]")},"b":${tensor(8, 12, "[1]")}}`, 12)],
  ["tensors that overlap", "E_SAFETENSORS_OVERLAP", st(`{"a":${tensor(0, 8, "[2]")},"b":${tensor(4, 12, "[2]")}}`, 12)],
  [
    "tensors on the same bytes",
    "E_SAFETENSORS_OVERLAP",
    st(`{"a":${tensor(0, 4, "[1]")},"b":${tensor(0, 4, "[1]")}}`, 4),
  ],
  ["bytes after the last tensor", "E_SAFETENSORS_FILE_SIZE", st(`{"w":${tensor(0, 4, "[1]")}}`, 5)],
  ["bytes after no tensor", "E_SAFETENSORS_FILE_SIZE", st("{}", 1)],
];

const tfjsCases: Case[] = [
  [
    "model.json over the limit",
    "E_TFJS_LENGTH",
    () => readTfjsModel(" ".repeat(101), async () => new Uint8Array(0), { headerBytes: 100 }),
  ],
  ["text that is no JSON", "E_JSON_SYNTAX", tfjs("<html>")],
  ["bytes that are not UTF-8", "E_JSON_UTF8", tfjs(latin1('{"\xff":1}'))],
  ["a manifest twice", "E_JSON_DUPLICATE", tfjs('{"weightsManifest":[],"weightsManifest":[]}')],
  ["no manifest", "E_TFJS_MANIFEST", tfjs("{}")],
  ["a list", "E_TFJS_MANIFEST", tfjs("[]")],
  ["a group without weights", "E_TFJS_MANIFEST", tfjs('{"weightsManifest":[{"paths":[]}]}')],
  ["a group that is null", "E_TFJS_MANIFEST", tfjs('{"weightsManifest":[null]}')],
  ["a path that is a number", "E_TFJS_MANIFEST", tfjs(manifestOf([weight], [1]))],
  ["a weight without a name", "E_TFJS_MANIFEST", tfjs(manifestOf([{ ...weight, name: undefined }]))],
  ["a path out of the folder", "E_TFJS_PATH", tfjs(manifestOf([weight], ["../../../etc/passwd"]))],
  ["a path out of the folder, in the middle", "E_TFJS_PATH", tfjs(manifestOf([weight], ["a/../../b.bin"]))],
  ["a path out of the folder, encoded", "E_TFJS_PATH", tfjs(manifestOf([weight], ["%2e%2E/b.bin"]))],
  ["an absolute path", "E_TFJS_PATH", tfjs(manifestOf([weight], ["/etc/passwd"]))],
  ["a path of Windows", "E_TFJS_PATH", tfjs(manifestOf([weight], ["..\\b.bin"]))],
  ["a URL", "E_TFJS_PATH", tfjs(manifestOf([weight], ["https://example.com/a.bin"]))],
  ["a URL without a scheme", "E_TFJS_PATH", tfjs(manifestOf([weight], ["//example.com/a.bin"]))],
  ["a query", "E_TFJS_PATH", tfjs(manifestOf([weight], ["a.bin?x"]))],
  ["a weight twice", "E_TFJS_DUPLICATE", tfjs(manifestOf([weight, weight]), 16)],
  ["a shard twice", "E_TFJS_DUPLICATE", tfjs(manifestOf([weight, { ...weight, name: "v" }], ["a.bin", "a.bin"]))],
  ["text weights", "E_TFJS_DTYPE", tfjs(manifestOf([{ ...weight, dtype: "string" }]))],
  ["an unknown dtype", "E_TFJS_DTYPE", tfjs(manifestOf([{ ...weight, dtype: "toString" }]))],
  ["a negative dimension", "E_TFJS_SHAPE", tfjs(manifestOf([{ ...weight, shape: [-2] }]))],
  ["a product beyond 2^53", "E_TFJS_SHAPE", tfjs(manifestOf([{ ...weight, shape: [2 ** 32, 2 ** 32] }]))],
  ["no shape", "E_TFJS_SHAPE", tfjs(manifestOf([{ ...weight, shape: undefined }]))],
  [
    "a product beyond 2^53 only once it is float32",
    "E_TFJS_SHAPE",
    tfjs(manifestOf([{ ...weight, shape: [2 ** 52], quantization: { dtype: "uint8", scale: 1, min: 0 } }])),
  ],
  [
    "weights beyond 2^53 bytes together",
    "E_TFJS_SHAPE",
    tfjs(manifestOf([1, 2, 3].map((i) => ({ ...weight, name: `${i}`, shape: [2 ** 50] })))),
  ],
  ...(
    [
      ["that is text", "uint8"],
      ["of an unknown dtype", { dtype: "uint4", scale: 1, min: 0 }],
      ["without a scale", { dtype: "uint8", min: 0 }],
      ["with a scale that is text", { dtype: "uint8", min: 0, scale: "1" }],
      ["with another original dtype", { dtype: "uint8", min: 0, scale: 1, original_dtype: "int32" }],
    ] as const
  ).map(
    ([title, quantization]): Case => [
      `quantization ${title}`,
      "E_TFJS_QUANTIZATION",
      tfjs(manifestOf([{ ...weight, quantization }]), 2),
    ],
  ),
  [
    "quantization with an infinite scale",
    "E_TFJS_QUANTIZATION",
    tfjs(manifestOf([{ ...weight, quantization: { dtype: "uint8", min: 0, scale: 77 } }]).replace("77", "1e999"), 2),
  ],
  [
    "float16 of int32",
    "E_TFJS_QUANTIZATION",
    tfjs(manifestOf([{ ...weight, dtype: "int32", quantization: { dtype: "float16" } }]), 4),
  ],
  [
    "uint8 of bool",
    "E_TFJS_QUANTIZATION",
    tfjs(manifestOf([{ ...weight, dtype: "bool", quantization: { dtype: "uint8", min: 0, scale: 1 } }]), 2),
  ],
  [
    "int32 beyond its range",
    "E_TFJS_QUANTIZATION",
    tfjs(manifestOf([{ ...weight, dtype: "int32", quantization: { dtype: "uint16", min: 0, scale: 1e6 } }]), 4),
  ],
  ["a shard that is short", "E_TFJS_SIZE", tfjs(manifestOf([weight]), 7)],
  ["a shard that is long", "E_TFJS_SIZE", tfjs(manifestOf([weight]), 9)],
  ["weights of a petabyte", "E_TFJS_SIZE", tfjs(manifestOf([{ ...weight, shape: [1e15 / 4] }]))],
];

/** A source that has lost its end since it was opened. */
function shrinking(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, Math.min(offset + length, bytes.length - 1)),
  };
}

const otherCases: Case[] = [
  [
    "a file that shrinks while it is read",
    "E_SOURCE_SHORT",
    async () => {
      const { tensors } = await openSafetensors(shrinking(safetensorsOf(`{"w":${tensor(0, 4, "[1]")}}`, 4)));
      await tensors.get("w")?.read();
    },
  ],
  [
    "an archive that shrinks while it is inflated",
    "E_SOURCE_SHORT",
    async () => {
      const bytes = zipOf([{ name: "a.npy", content: goodNpy, deflate: true }]);
      const whole = bytesSource(bytes);
      let shrunk = false;
      const source: ByteSource = {
        size: bytes.length,
        read: (offset, length) => whole.read(offset, shrunk ? Math.min(3, length) : length),
      };
      const tensors = await openNpz(source);
      shrunk = true;
      await tensors.get("a")?.read();
    },
  ],
  ["a file of no format", "E_FORMAT_UNKNOWN", () => detectFormat(bytesSource(latin1("GIF89a...........")))],
  ["an empty file of no format", "E_FORMAT_UNKNOWN", () => detectFormat(bytesSource(new Uint8Array(0)))],
];

async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each([
  ["npy", npyCases],
  ["npz", zipCases],
  ["safetensors", safetensorsCases],
  ["tfjs", tfjsCases],
  ["any source", otherCases],
] as const)("%s refuses", (_, cases) => {
  it.each(cases)("%s (%s)", async (_title, code, run) => {
    const error = await errorOf(run);
    expect(error).toBeInstanceOf(MalformedFileError);
    expect((error as MalformedFileError).code).toBe(code);
    expect((error as MalformedFileError).message).toMatch(/expected .+, got .+ \(E_\w+\)$/);
  });
});

describe("refusals", () => {
  it("have a file for every code", () => {
    const tested = new Set(
      [...npyCases, ...zipCases, ...safetensorsCases, ...tfjsCases, ...otherCases].map(([, code]) => code),
    );
    // A shard that is missing is a matter of files: node.test.ts.
    tested.add("E_TFJS_SHARD");
    expect([...tested].sort()).toEqual(Object.keys(malformedReasons).sort());
  });

  it("name the file and the tensor", async () => {
    const bytes = safetensorsOf(`{"dense/kernel":${tensor(0, 8, "[1]")}}`, 8);
    const error = (await errorOf(() => readSafetensors(bytes, { file: "m.safetensors" }))) as MalformedFileError;
    expect(error.message).toBe(
      'm.safetensors, tensor "dense/kernel": expected 4 bytes for F32 [1], got 8 (E_SAFETENSORS_TENSOR_SIZE)',
    );
    expect([error.file, error.tensor, error.expected, error.got]).toEqual([
      "m.safetensors",
      "dense/kernel",
      "4 bytes for F32 [1]",
      "8",
    ]);
  });

  it("do not print a file's control characters", async () => {
    const bytes = safetensorsOf(`{"\\u001b[2J\\u202e${"x".repeat(5000)}":${tensor(0, 8, "[1]")}}`, 8);
    const error = (await errorOf(() => readSafetensors(bytes))) as MalformedFileError;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(error.message.length).toBeLessThan(400);
  });

  it("stay short for a million dimensions", async () => {
    const bytes = safetensorsOf(`{"w":${tensor(0, 8, `[${"1,".repeat(1_000_000)}1]`)}}`, 8);
    const error = (await errorOf(() => readSafetensors(bytes))) as MalformedFileError;
    expect(error.code).toBe("E_SAFETENSORS_TENSOR_SIZE");
    expect(error.message).toContain("1000001 dimensions");
    expect(error.message.length).toBeLessThan(400);
  });

  it("come from headers at the limit as from small ones, which a regular expression must not overflow on", async () => {
    const megabytes = 15 * 2 ** 20;
    const texts = ["x", " ", "1", "\\n", "[", '{"a":', "é"].map((piece) => piece.repeat(megabytes / piece.length));
    const codes = [];
    for (const text of texts.flatMap((body) => [`{"__metadata__":{"a":"${body}"}}`, `{"w":${body}}`])) {
      const error = await errorOf(() => readSafetensors(safetensorsOf(text)));
      codes.push(error === undefined ? "read" : (error as MalformedFileError).code);
    }
    const syntax = "E_JSON_SYNTAX";
    expect(codes).toEqual([
      ...["read", syntax],
      ...["read", syntax],
      ...["read", "E_SAFETENSORS_HEADER"],
      ...["read", syntax],
      ...["read", "E_JSON_DEPTH"],
      ...[syntax, "E_JSON_DEPTH"],
      ...["E_SAFETENSORS_HEADER_LENGTH", "E_SAFETENSORS_HEADER_LENGTH"],
    ]);
  });

  it("are in force by default as a browser needs them, and in Node as a machine does", () => {
    expect(browserLimits).toMatchObject({
      headerBytes: 16 * 2 ** 20,
      totalBytes: 512 * 2 ** 20,
      ratio: 200,
      entries: 10_000,
    });
    expect(nodeLimits).toMatchObject({
      headerBytes: 100_000_000,
      totalBytes: 2 * 2 ** 30,
      ratio: 200,
      entries: 10_000,
    });
  });

  it("can be narrowed, and widened", async () => {
    const bytes = safetensorsOf(`{"w":${tensor(0, 4, "[1]")}}`, 4);
    expect(((await errorOf(() => readSafetensors(bytes, { headerBytes: 10 }))) as MalformedFileError).code).toBe(
      "E_SAFETENSORS_HEADER_LENGTH",
    );
    const bomb = zipOf([{ ...megabytes(2), deflate: true }]);
    const wide: ReadOptions = { ratio: 2000 };
    expect((await readNpz(bomb, wide)).get("a")?.data.length).toBe(2 ** 21);
    expect(await errorOf(() => readNpz(bomb, { ratio: Number.NaN }))).toBeInstanceOf(RangeError);
  });
});

describe("what looks hostile and is not", () => {
  it("__proto__ and its like are names", () => {
    const names = ["__proto__", "constructor", "toString"];
    const header = names.map((name, i) => `"${name}":${tensor(4 * i, 4 * i + 4, "[1]")}`).join(",");
    const { tensors } = readSafetensors(safetensorsOf(`{${header},"__metadata__":{"__proto__":"x"}}`, 12));
    expect([...tensors.keys()]).toEqual(names);
    expect(({} as Record<string, unknown>)["dtype"]).toBeUndefined();
  });

  it("a model's __proto__ stays a property", async () => {
    const { fields } = await readTfjsModel(
      '{"modelTopology":{"__proto__":{"polluted":1}},"weightsManifest":[]}',
      async () => new Uint8Array(0),
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(fields.get("modelTopology") as object)).toEqual(["__proto__"]);
  });

  it("a small bias of zeros compresses more than the ratio", async () => {
    const content = npyOf(npyHeaderOf("<f4", "(100000,)"), 400_000);
    expect((await readNpz(zipOf([{ name: "b.npy", content, deflate: true }]))).get("b")?.shape).toEqual([100_000]);
  });

  it("an archive without entries", async () => {
    expect((await readNpz(zipOf([]))).size).toBe(0);
  });

  it("offsets in another order than names, and tensors without elements", () => {
    const header = `{"b":${tensor(4, 8, "[1]")},"e":${tensor(4, 4, "[0,7]")},"a":${tensor(0, 4, "[]")}}`;
    expect([...readSafetensors(safetensorsOf(header, 8)).tensors.keys()]).toEqual(["b", "e", "a"]);
  });
});

// Hostile .safetensors files, at least one for each error code.

import { readSafetensors } from "../../src/index.ts";
import { latin1, safetensorsOf, tensorJson as tensor } from "../hand-made.ts";
import type { HostileCase } from "./hostile-case.ts";

const st =
  (header: string | Uint8Array, dataBytes = 0, length?: bigint) =>
  () =>
    readSafetensors(safetensorsOf(header, dataBytes, length));

export const safetensorsCases: HostileCase[] = [
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
  ["more values than any model has", "E_JSON_VALUES", st(`{"__metadata__":[${"{},".repeat(250_000)}{}]}`)],
  ["an 8-bit float of another size", "E_SAFETENSORS_TENSOR_SIZE", st(`{"w":${tensor(0, 4, "[8]", "F8_E4M3")}}`, 4)],
  ["4-bit floats that fill no whole bytes", "E_SAFETENSORS_TENSOR_SIZE", st(`{"w":${tensor(0, 2, "[3]", "F4")}}`, 2)],
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

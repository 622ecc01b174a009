// Files of torch.save that must be refused or skipped in part: pickles that would run code, and tensors that lie.

import { bytesSource, type Model, type OpenOptions, openModel } from "../../src/index.ts";
import { latin1, zipOf } from "../hand-made.ts";
import type { HostileCase } from "./hostile-case.ts";

/** Opens a file and reads every tensor. */
const open =
  (bytes: Uint8Array, options: OpenOptions = {}) =>
  async (): Promise<Model> => {
    const file = await openModel(bytesSource(bytes), options);
    for (const tensor of file.tensors.values()) await tensor.read();
    return file;
  };

/** An archive whose data.pkl has these opcodes; the storage "0" has 16 bytes. */
const archive = (opcodes: string, more: Readonly<Record<string, string>> = {}, options: OpenOptions = {}) =>
  open(
    zipOf(
      Object.entries({ "a/data.pkl": `\x80\x02${opcodes}`, "a/data/0": "\0".repeat(16), ...more }).map(
        ([name, content]) => ({ name, content: latin1(content) }),
      ),
    ),
    options,
  );

const storage = (type = "FloatStorage", key = "0"): string =>
  `(X\x07\0\0\0storagectorch\n${type}\nX\x01\0\0\0${key}X\x03\0\0\0cpuK\x04tQ`;

/** The opcodes of a tensor; shape and strides as opcodes of tuples. */
const tensor = (offset: string, shape: string, strides: string, from = storage()): string =>
  `ctorch._utils\n_rebuild_tensor_v2\n(${from}${offset}${shape}${strides}\x89ccollections\nOrderedDict\n)RtR`;

const good = tensor("K\0", "K\x04\x85", "K\x01\x85");

export const torchCases: HostileCase[] = [
  ["a call of a program", "E_PICKLE_GLOBAL", archive("cposix\nsystem\nX\x02\0\0\0id\x85R.")],
  ["a call of eval by STACK_GLOBAL", "E_PICKLE_GLOBAL", archive("X\x08\0\0\0builtinsX\x04\0\0\0eval\x93.")],
  ["a class of a module", "E_PICKLE_GLOBAL", archive("ctorch.nn.modules.linear\nLinear\n)\x81.")],
  ["a getattr chain", "E_PICKLE_GLOBAL", archive("cbuiltins\ngetattr\n.")],
  ["a name with an attribute", "E_PICKLE_GLOBAL", archive("ctorch\nnn.Linear\n.")],
  ["an extension registry", "E_PICKLE_OPCODE", archive("\x82\x01.")],
  ["an INST", "E_PICKLE_OPCODE", archive("(iposix\nsystem\n.")],
  ["a later protocol", "E_PICKLE_OPCODE", archive("\x80\x06N.")],
  ["a buffer out of band", "E_PICKLE_OPCODE", archive("\x97.")],
  ["a pickle without an end", "E_PICKLE", archive("N")],
  ["a text beyond the end", "E_PICKLE", archive("X\xff\xff\xff\x7fabc.")],
  ["an empty stack", "E_PICKLE", archive(".")],
  ["a missing mark", "E_PICKLE", archive("t.")],
  ["an unknown memo", "E_PICKLE", archive("h\x05.")],
  ["a call of a value", "E_PICKLE", archive("N)R.")],
  ["a storage without a class", "E_PICKLE", archive("(X\x07\0\0\0storageNX\x01\0\0\x000X\x03\0\0\0cpuK\x04tQ.")],
  ["a negative stride", "E_PICKLE", archive(`${tensor("K\0", "K\x02\x85", "J\xff\xff\xff\xff\x85")}.`)],
  ["an integer of 2,000 bytes", "E_PICKLE_LIMIT", archive(`\x8b\xd0\x07\0\0${"\x01".repeat(2000)}.`)],
  ["a hundred levels", "E_PICKLE_LIMIT", archive(`${"]".repeat(100)}${good}${"a".repeat(100)}.`)],
  ["more opcodes than the limit", "E_PICKLE_LIMIT", archive(`${"N0".repeat(100)}N.`, {}, { jsonValues: 5 })],
  ["lists of lists that double", "E_PICKLE_LIMIT", archive(`${good}q\0${"]h\0ah\0aq\0".repeat(40)}.`)],
  ["a view beyond its storage", "E_TORCH_TENSOR", archive(`${tensor("K\x01", "K\x04\x85", "K\x01\x85")}.`)],
  ["a stride beyond its storage", "E_TORCH_TENSOR", archive(`${tensor("K\0", "K\x04\x85", "K\x02\x85")}.`)],
  ["a shape without strides", "E_TORCH_TENSOR", archive(`${tensor("K\0", "K\x04\x85", ")")}.`)],
  [
    "a shape of 2^60 elements",
    "E_TORCH_TENSOR",
    archive(`${tensor("K\0", "J\0\0\0\x40J\0\0\0\x40\x86", "K\0K\0\x86")}.`),
  ],
  [
    "a storage that is missing",
    "E_TORCH_FILE",
    archive(`${tensor("K\0", "K\x04\x85", "K\x01\x85", storage("FloatStorage", "7"))}.`),
  ],
  ["an unknown byte order", "E_TORCH_FILE", archive(`${good}.`, { "a/byteorder": "middle" })],
  ["a TorchScript archive", "E_TORCH_FILE", archive("N.", { "a/code/x.py": "" })],
  ["a pickle longer than the limit", "E_TORCH_FILE", archive(`${"N0".repeat(200)}${good}.`, {}, { headerBytes: 300 })],
  ["a plain pickle", "E_TORCH_FILE", open(latin1("\x80\x02}q\0."))],
  [
    "an older file of another protocol",
    "E_TORCH_FILE",
    open(latin1("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02K\x01.\x80\x02}.\x80\x02}.\x80\x02].")),
  ],
  [
    "an older file that ends before its storage",
    "E_TORCH_FILE",
    open(
      latin1(
        `\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.\x80\x02${good}.\x80\x02](X\x01\0\0\x000e.`,
      ),
    ),
  ],
  [
    "a quantized tensor",
    "E_TORCH_DTYPE",
    archive(`}X\x01\0\0\0q${tensor("K\0", "K\x04\x85", "K\x01\x85", storage("QInt8Storage"))}s.`),
  ],
  ["a sparse tensor", "E_TORCH_DTYPE", archive("}X\x01\0\0\0sctorch._utils\n_rebuild_sparse_tensor\n)Rs.")],
  ["the state of an optimizer", "E_TORCH_STATE", archive(`}X\x09\0\0\0optimizer}K\0${good}ss.`)],
  ["two paths of one name", "E_TORCH_NAME", archive(`}(X\x03\0\0\0a.b${good}X\x01\0\0\0a}X\x01\0\0\0b${good}su.`)],
];

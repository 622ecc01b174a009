// Writes a state_dict as torch.save does: a stored zip archive with one pickle and one entry for each tensor.
// Source: torch/serialization.py (_save) and torch/_tensor.py (_reduce_ex_internal), PyTorch 2.13.

import { type AnyDType, sizeOf } from "@fanin/tensor";
import { concatenate } from "../byte-order.ts";
import type { OutputFile } from "../output-file.ts";
import { byteLengthOf, encodedChunks } from "../streamed-values.ts";
import { expectTensors, type TensorInput } from "../tensor.ts";
import { type ZipItem, zipChunks } from "../zip-writer.ts";

/** Storages begin at multiples of this, so that torch.load can map them to memory. */
const ALIGNMENT = 64;

/** The typed storage of each dtype; the others have an untyped one and name their dtype. */
const storageNames: { readonly [D in AnyDType]?: string } = {
  float32: "FloatStorage",
  float64: "DoubleStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  int64: "LongStorage",
  int32: "IntStorage",
  int16: "ShortStorage",
  int8: "CharStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
  complex64: "ComplexFloatStorage",
  complex128: "ComplexDoubleStorage",
};

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Writes opcodes of protocol 2. */
class Pickler {
  readonly #parts: Uint8Array[] = [Uint8Array.of(0x80, 2)];

  code(opcodes: string): this {
    this.#parts.push(Uint8Array.from(opcodes, (character) => character.charCodeAt(0)));
    return this;
  }

  global(module: string, name: string): this {
    return this.code(`c${module}\n${name}\n`);
  }

  text(text: string): this {
    const bytes = ascii(text);
    const head = new DataView(new ArrayBuffer(5));
    head.setUint8(0, 0x58);
    head.setUint32(1, bytes.length, true);
    this.#parts.push(new Uint8Array(head.buffer), bytes);
    return this;
  }

  integer(value: number): this {
    if (value < 256) return this.code(`K${String.fromCharCode(value)}`);
    const view = new DataView(new ArrayBuffer(value < 2 ** 31 ? 5 : 10));
    if (value < 2 ** 31) {
      view.setUint8(0, 0x4a);
      view.setInt32(1, value, true);
    } else {
      view.setUint16(0, 0x088a, true); // LONG1 of 8 bytes
      view.setBigInt64(2, BigInt(value), true);
    }
    this.#parts.push(new Uint8Array(view.buffer));
    return this;
  }

  integers(values: readonly number[]): this {
    this.code("(");
    for (const value of values) this.integer(value);
    return this.code("t");
  }

  orderedDict(): this {
    return this.global("collections", "OrderedDict").code(")R");
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return concatenate([...this.#parts, ascii(".")]);
  }
}

function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape.toReversed()) {
    strides.unshift(stride);
    stride *= Math.max(1, size);
  }
  return strides;
}

/** The pickle of the state_dict; tensor `i` is in the storage `i`. */
function pickleOf(tensors: readonly TensorInput[]): Uint8Array<ArrayBuffer> {
  const pickler = new Pickler().orderedDict().code("(");
  for (const [i, tensor] of tensors.entries()) {
    const { name, shape, dtype } = tensor;
    const storage = storageNames[dtype];
    pickler.text(name).global("torch._utils", storage === undefined ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2");
    pickler.code("((").text("storage");
    if (storage === undefined) pickler.global("torch.storage", "UntypedStorage");
    else pickler.global("torch", storage);
    pickler
      .text(String(i))
      .text("cpu")
      .integer(storage === undefined ? byteLengthOf(tensor) : sizeOf(shape));
    pickler.code("tQ").integer(0).integers(shape).integers(stridesOf(shape)).code("\x89").orderedDict();
    if (storage === undefined) pickler.global("torch", dtype);
    pickler.code("tR");
  }
  return pickler.code("u").bytes();
}

/** An entry of a few bytes. */
function small(name: string, bytes: Uint8Array): ZipItem {
  return {
    name,
    size: bytes.length,
    async *chunks() {
      yield bytes;
    },
  };
}

/**
 * The file of a state_dict, which `torch.load(path, weights_only=True)` reads, with `mmap=True`, too.
 *
 * @throws TypeError, RangeError for an inconsistent tensor or a repeated name.
 */
export function torchFiles(path: string, tensors: readonly TensorInput[]): OutputFile[] {
  expectTensors(tensors);
  const items: ZipItem[] = [
    small("archive/data.pkl", pickleOf(tensors)),
    small("archive/byteorder", ascii("little")),
    ...tensors.map((tensor, i) => ({
      name: `archive/data/${i}`,
      size: byteLengthOf(tensor),
      chunks: () => encodedChunks(tensor),
    })),
    small("archive/version", ascii("3\n")),
  ];
  return [{ path, chunks: () => zipChunks(items, false, ALIGNMENT) }];
}

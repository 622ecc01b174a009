// Writes HDF5 files in chunks: groups, contiguous data sets and attributes of text. All headers come first, then the values, so
// that a file of any size is written without holding it in memory.
// Source: HDF5 File Format Specification 3.0: superblock version 0, object headers version 1, link messages, one global heap.
//
// One file: each message of the format is a function of a few lines, and the layout refers to all of them.

import { type AnyDType, elementLayouts, type Shape } from "@fanin/tensor";
import { concatenate } from "../byte-order.ts";
import { byteLengthOf, encodedChunks } from "../streamed-values.ts";
import type { TensorInput } from "../tensor.ts";

/** A group to write. */
export interface Hdf5Group {
  readonly kind: "group";
  readonly members: Map<string, Hdf5Group | Hdf5Dataset>;
  /** Attributes: a text, or a list of texts. */
  readonly attributes: Map<string, string | readonly string[]>;
}

/** A data set to write. */
export interface Hdf5Dataset {
  readonly kind: "dataset";
  readonly tensor: TensorInput;
}

/** Makes an empty group. */
export function hdf5Group(): Hdf5Group {
  return { kind: "group", members: new Map(), attributes: new Map() };
}

/** Adds a data set at a path, and the groups that it needs. @throws RangeError if the path is taken. */
export function addDataset(root: Hdf5Group, path: string, tensor: TensorInput): void {
  const parts = path.split("/");
  const name = parts.pop() as string;
  const group = groupAt(root, parts.join("/"));
  if (group.members.has(name)) throw new RangeError(`tensors: expected one tensor at ${JSON.stringify(path)}, got two`);
  group.members.set(name, { kind: "dataset", tensor });
}

/** Returns the group at a path, made if there is none. @throws RangeError if a data set is there. */
export function groupAt(root: Hdf5Group, path: string): Hdf5Group {
  let group = root;
  for (const part of path === "" ? [] : path.split("/")) {
    let next = group.members.get(part);
    if (next === undefined) {
      next = hdf5Group();
      group.members.set(part, next);
    }
    if (next.kind !== "group")
      throw new RangeError(`tensors: expected a group at ${JSON.stringify(path)}, got a tensor`);
    group = next;
  }
  return group;
}

/** Element types that HDF5 can store; complex numbers are a compound in h5py only. */
const storable: ReadonlySet<AnyDType> = new Set<AnyDType>([
  "float64",
  "float32",
  "float16",
  "bfloat16",
  "int64",
  "int32",
  "int16",
  "int8",
  "uint64",
  "uint32",
  "uint16",
  "uint8",
  "bool",
]);

/** @throws RangeError for an element type that HDF5 files of Keras cannot have. */
export function expectHdf5DType({ name, dtype }: TensorInput): void {
  if (storable.has(dtype)) return;
  throw new RangeError(`tensor ${JSON.stringify(name)}: HDF5 stores ${[...storable].join(", ")}, got ${dtype}`);
}

const SUPERBLOCK_BYTES = 96;
const HEADER_PREFIX_BYTES = 16;
const UNDEFINED = 0xffff_ffff_ffff_ffffn;
/** A header counts its messages in 16 bits; four are no links. */
const MOST_LINKS = 65_000;
/** Bytes of a message; its size has 16 bits. */
const MOST_MESSAGE_BYTES = 65_528;
/** Texts of one collection of the global heap, which numbers them in 16 bits. */
const HEAP_TEXTS = 60_000;

const align = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Writes little-endian fields one after the other. */
class Fields {
  readonly #bytes: number[] = [];

  uint(value: number | bigint, size: number): this {
    let rest = BigInt(value);
    for (let i = 0; i < size; i++, rest >>= 8n) this.#bytes.push(Number(rest & 0xffn));
    return this;
  }

  bytes(values: ArrayLike<number>): this {
    for (let i = 0; i < values.length; i++) this.#bytes.push(values[i] as number);
    return this;
  }

  /** Pads with zeros to a multiple of 8. */
  pad(): this {
    while (this.#bytes.length % 8 !== 0) this.#bytes.push(0);
    return this;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

interface Message {
  readonly type: number;
  readonly data: Uint8Array;
}

function headerBytes(messages: readonly Message[]): number {
  return HEADER_PREFIX_BYTES + messages.reduce((sum, { data }) => sum + 8 + align(data.length), 0);
}

function objectHeader(messages: readonly Message[]): Uint8Array {
  const prefix = new Fields().uint(1, 1).uint(0, 1).uint(messages.length, 2).uint(1, 4);
  const parts = [
    prefix
      .uint(headerBytes(messages) - HEADER_PREFIX_BYTES, 4)
      .uint(0, 4)
      .done(),
  ];
  for (const { type, data } of messages) {
    parts.push(new Fields().uint(type, 2).uint(align(data.length), 2).uint(0, 4).done());
    parts.push(data, new Uint8Array(align(data.length) - data.length));
  }
  return concatenate(parts);
}

function dataspace(shape: Shape): Uint8Array {
  const fields = new Fields().uint(1, 1).uint(shape.length, 1).uint(0, 6);
  for (const dimension of shape) fields.uint(dimension, 8);
  return fields.done();
}

const fixedPoint = (bytes: number, signed: boolean): Uint8Array =>
  new Fields()
    .bytes([0x10, signed ? 8 : 0, 0, 0])
    .uint(bytes, 4)
    .uint(0, 2)
    .uint(8 * bytes, 2)
    .done();

const float = (bytes: number, mantissa: number, exponent: number): Uint8Array =>
  new Fields()
    .bytes([0x11, 0x20, 8 * bytes - 1, 0])
    .uint(bytes, 4)
    .uint(0, 2)
    .uint(8 * bytes, 2)
    .bytes([mantissa, exponent, 0, mantissa])
    .uint(2 ** (exponent - 1) - 1, 4)
    .done();

/** An enumeration of FALSE and TRUE, as h5py stores booleans. */
const bool = (): Uint8Array =>
  new Fields()
    .bytes([0x18, 2, 0, 0])
    .uint(1, 4)
    .bytes(fixedPoint(1, true))
    .bytes(new TextEncoder().encode("FALSE\0\0\0TRUE\0\0\0\0"))
    .bytes([0, 1])
    .done();

/** Bytes without a meaning, which Keras names in an attribute. */
const opaque = (bytes: number): Uint8Array => new Fields().bytes([0x15, 0, 0, 0]).uint(bytes, 4).done();

/** Text of any length in UTF-8, in the global heap. */
const text: Uint8Array = new Fields().bytes([0x19, 1, 1, 0]).uint(16, 4).bytes(fixedPoint(1, false)).done();

function datatype(dtype: AnyDType): Uint8Array {
  const { bytes } = elementLayouts[dtype];
  if (dtype === "float64") return float(8, 52, 11);
  if (dtype === "float32") return float(4, 23, 8);
  if (dtype === "float16") return float(2, 10, 5);
  if (dtype === "bfloat16") return opaque(2);
  if (dtype === "bool") return bool();
  return fixedPoint(bytes, !dtype.startsWith("u"));
}

/** Texts of the attributes, each once, and their places in the collections of the heap. */
class GlobalHeap {
  readonly #texts = new Map<string, number>();
  readonly #sizes: number[] = [];

  add(value: string): void {
    if (!this.#texts.has(value)) this.#texts.set(value, this.#texts.size);
  }

  #bytesOf(value: string): Uint8Array {
    return new TextEncoder().encode(value);
  }

  /** Collections in order; each is an array of its objects. */
  #collections(): string[][] {
    const all = [...this.#texts.keys()];
    const parts: string[][] = [];
    for (let at = 0; at < all.length; at += HEAP_TEXTS) parts.push(all.slice(at, at + HEAP_TEXTS));
    return parts;
  }

  /** Size of each collection; the library expects 4096 bytes at least. */
  sizes(): readonly number[] {
    if (this.#sizes.length === 0) {
      for (const texts of this.#collections()) {
        const used = texts.reduce((sum, value) => sum + 16 + align(this.#bytesOf(value).length), 16);
        this.#sizes.push(Math.max(4096, align(used + 16)));
      }
    }
    return this.#sizes;
  }

  /** The reference to a text: its length, the address of its collection, its number there. */
  reference(value: string, start: number): Uint8Array {
    const index = this.#texts.get(value) as number;
    const collection = Math.floor(index / HEAP_TEXTS);
    const address = this.sizes()
      .slice(0, collection)
      .reduce((sum, size) => sum + size, start);
    const length = this.#bytesOf(value).length;
    // Empty text has no object.
    if (length === 0) return new Fields().uint(0, 4).uint(0, 8).uint(0, 4).done();
    return new Fields()
      .uint(length, 4)
      .uint(address, 8)
      .uint((index % HEAP_TEXTS) + 1, 4)
      .done();
  }

  bytes(): Uint8Array {
    const parts = this.#collections().map((texts, number) => {
      const size = this.sizes()[number] as number;
      const collection = new Uint8Array(size);
      collection.set(new Fields().bytes([0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0]).uint(size, 8).done());
      let at = 16;
      for (const [index, value] of texts.entries()) {
        const bytes = this.#bytesOf(value);
        collection.set(
          new Fields()
            .uint(index + 1, 2)
            .uint(1, 2)
            .uint(0, 4)
            .uint(bytes.length, 8)
            .done(),
          at,
        );
        collection.set(bytes, at + 16);
        at += 16 + align(bytes.length);
      }
      // The rest is free space: the object 0.
      if (size - at >= 16)
        collection.set(
          new Fields()
            .uint(0, 8)
            .uint(size - at, 8)
            .done(),
          at,
        );
      return collection;
    });
    return concatenate(parts);
  }
}

/** An object of the file and its place. */
interface Placed {
  readonly object: Hdf5Group | Hdf5Dataset;
  address: number;
  /** Of the values of a data set. */
  data: number;
}

/** An HDF5 file that is laid out. */
export interface Hdf5Output {
  /** Its size in bytes. */
  readonly size: number;
  /** Yields its bytes; called once. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Lays out an HDF5 file.
 *
 * @throws RangeError for a group of too many members, or a text that is too long for its attribute.
 */
export function hdf5Output(root: Hdf5Group): Hdf5Output {
  const placed: Placed[] = [];
  const places = new Map<Hdf5Group | Hdf5Dataset, Placed>();
  const heap = new GlobalHeap();

  function visit(object: Hdf5Group | Hdf5Dataset, path: string): void {
    const place: Placed = { object, address: 0, data: 0 };
    placed.push(place);
    places.set(object, place);
    for (const [name, value] of attributesOf(object)) {
      for (const item of typeof value === "string" ? [value] : value) heap.add(item);
      if (attribute(name, value, () => new Uint8Array(16)).data.length > MOST_MESSAGE_BYTES) {
        throw new RangeError(`${path}: expected an attribute ${name} of at most ${MOST_MESSAGE_BYTES} bytes, got more`);
      }
    }
    if (object.kind === "dataset") return;
    if (object.members.size > MOST_LINKS) {
      throw new RangeError(`${path || "/"}: expected at most ${MOST_LINKS} members, got ${object.members.size}`);
    }
    for (const [name, member] of object.members) visit(member, `${path}/${name}`);
  }
  visit(root, "");

  let heapStart = 0;
  const messagesOf = ({ object, data }: Placed): Message[] => {
    const messages = object.kind === "group" ? groupMessages(object, places) : datasetMessages(object.tensor, data);
    for (const [name, value] of attributesOf(object)) {
      messages.push(attribute(name, value, (item) => heap.reference(item, heapStart)));
    }
    return messages;
  };

  let end = SUPERBLOCK_BYTES;
  for (const place of placed) {
    place.address = end;
    end += headerBytes(messagesOf(place));
  }
  heapStart = end;
  end += heap.sizes().reduce((sum, size) => sum + size, 0);
  for (const place of placed) {
    if (place.object.kind !== "dataset") continue;
    place.data = end;
    end += align(byteLengthOf(place.object.tensor));
  }

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    yield superblock((places.get(root) as Placed).address, end);
    for (const place of placed) yield objectHeader(messagesOf(place));
    yield heap.bytes();
    for (const { object } of placed) {
      if (object.kind !== "dataset") continue;
      yield* encodedChunks(object.tensor);
      const bytes = byteLengthOf(object.tensor);
      if (align(bytes) > bytes) yield new Uint8Array(align(bytes) - bytes);
    }
  }
  return { size: end, chunks };
}

function attributesOf(object: Hdf5Group | Hdf5Dataset): Iterable<readonly [string, string | readonly string[]]> {
  if (object.kind === "group") return object.attributes;
  return object.tensor.dtype === "bfloat16" ? [["dtype", "bfloat16"]] : [];
}

function groupMessages(group: Hdf5Group, places: ReadonlyMap<Hdf5Group | Hdf5Dataset, Placed>): Message[] {
  const messages: Message[] = [
    { type: 0x02, data: new Fields().uint(0, 2).uint(UNDEFINED, 8).uint(UNDEFINED, 8).done() },
    { type: 0x0a, data: new Fields().uint(0, 2).done() },
  ];
  for (const [name, member] of group.members) {
    const bytes = new TextEncoder().encode(name);
    const data = new Fields().bytes([1, 0x11, 1]).uint(bytes.length, 2).bytes(bytes);
    messages.push({ type: 0x06, data: data.uint(places.get(member)?.address ?? 0, 8).done() });
  }
  return messages;
}

function datasetMessages(tensor: TensorInput, address: number): Message[] {
  const bytes = byteLengthOf(tensor);
  return [
    { type: 0x01, data: dataspace(tensor.shape) },
    { type: 0x03, data: datatype(tensor.dtype) },
    // The fill value is not defined, and is written only if a program sets one.
    { type: 0x05, data: new Fields().bytes([2, 2, 2, 0]).done() },
    {
      type: 0x08,
      data: new Fields()
        .bytes([3, 1])
        .uint(bytes === 0 ? UNDEFINED : address, 8)
        .uint(bytes, 8)
        .done(),
    },
  ];
}

function attribute(name: string, value: string | readonly string[], refer: (text: string) => Uint8Array): Message {
  const label = new TextEncoder().encode(`${name}\0`);
  const space = dataspace(typeof value === "string" ? [] : [value.length]);
  const fields = new Fields().uint(1, 2).uint(label.length, 2).uint(text.length, 2).uint(space.length, 2);
  fields.bytes(label).pad().bytes(text).pad().bytes(space).pad();
  for (const item of typeof value === "string" ? [value] : value) fields.bytes(refer(item));
  return { type: 0x0c, data: fields.done() };
}

function superblock(root: number, end: number): Uint8Array {
  return new Fields()
    .bytes([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])
    .bytes([0, 0, 0, 0, 0, 8, 8, 0])
    .uint(4, 2)
    .uint(16, 2)
    .uint(0, 4)
    .uint(0, 8)
    .uint(UNDEFINED, 8)
    .uint(end, 8)
    .uint(UNDEFINED, 8)
    .uint(0, 8)
    .uint(root, 8)
    .uint(0, 8)
    .uint(0, 16)
    .done();
}

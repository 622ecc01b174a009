// Reads and writes the header of a .safetensors file, with every check of the reference implementation and more.
// huggingface/safetensors, tensor.rs `validate` and its MAX_HEADER_SIZE.

import { type AnyDType, countOf, elementLayouts, formatShape, type Shape } from "@fanin/tensor";
import { dtypeNamed, dtypeNameIn } from "./dtype-names.ts";
import { type Limits, limitsOf, type ReadOptions } from "./limits.ts";
import { type MalformedCode, MalformedFileError, quote } from "./malformed-file-error.ts";
import { decodeUtf8, type Json, type JsonObject, parseJson } from "./parse-json.ts";
import { type SkippedTensor, skippedBy } from "./skipped-tensor.ts";
import { byteLengthOf } from "./streamed-values.ts";
import { expectTensors, type TensorInput } from "./tensor.ts";

/** Size of the header's length field, at the start of the file. */
export const SAFETENSORS_PREFIX_BYTES = 8;

/** Bits of the unsupported element types that the reference implementation defines. */
const bitsOfOthers: ReadonlyMap<string, number> = new Map([
  ["F8_E4M3", 8],
  ["F8_E5M2", 8],
  ["F8_E8M0", 8],
  ["F8_E4M3FNUZ", 8],
  ["F8_E5M2FNUZ", 8],
  ["F6_E2M3", 6],
  ["F6_E3M2", 6],
  ["F4", 4],
]);
const subByte: ReadonlySet<string> = new Set(["F4", "F6_E2M3", "F6_E3M2", "I4", "U4", "I2", "U2", "I1", "U1", "B1"]);

/** The place of a tensor in the file. */
export interface SafetensorsEntry {
  readonly shape: Shape;
  readonly dtype: AnyDType;
  /** Offsets from the start of the file. */
  readonly start: number;
  readonly end: number;
}

/** The parsed header. */
export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  readonly skipped: readonly SkippedTensor[];
}

/** The place of a tensor, with its type or the reason for skipping it. */
type Placed = { readonly start: number; readonly end: number } & (
  | { readonly shape: Shape; readonly dtype: AnyDType }
  | { readonly skipped: SkippedTensor }
);

/**
 * Returns the length of the header, from the first 8 bytes and the size of the file, before it is read.
 *
 * @throws MalformedFileError E_SAFETENSORS_SIZE or E_SAFETENSORS_HEADER_LENGTH.
 */
export function safetensorsHeaderLength(prefix: Uint8Array, size: number, limits: Limits, file?: string): number {
  if (size < SAFETENSORS_PREFIX_BYTES) {
    throw new MalformedFileError("E_SAFETENSORS_SIZE", { file, expected: "at least 8 bytes", got: `${size}` });
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength).getBigUint64(0, true);
  const longest = Math.min(limits.headerBytes, size - SAFETENSORS_PREFIX_BYTES);
  if (length > BigInt(Math.floor(longest))) {
    throw new MalformedFileError("E_SAFETENSORS_HEADER_LENGTH", {
      file,
      expected: `a header of at most ${longest} bytes`,
      got: `${length}`,
    });
  }
  return Number(length);
}

/**
 * Parses and checks a header; `size` is the size of the file.
 *
 * @throws MalformedFileError with a code E_SAFETENSORS_... or E_JSON_....
 */
export function parseSafetensorsHeader(bytes: Uint8Array, size: number, options: ReadOptions = {}): SafetensorsHeader {
  const { file } = options;
  const text = decodeUtf8(bytes, file);
  if (text[0] !== "{") refuseHeader('"{" at the start', quote(text.slice(0, 8)), file);
  let end = text.length;
  while (text[end - 1] === " ") end--;
  if (text[end - 1] !== "}") refuseHeader('"}" and spaces at the end', quote(text.slice(Math.max(0, end - 8))), file);
  const { jsonValues, jsonDepth } = limitsOf(options);
  const fields = parseJson(text, { file, wholeNumbers: true, jsonValues, jsonDepth }) as JsonObject;
  const dataStart = SAFETENSORS_PREFIX_BYTES + bytes.length;
  const metadata = metadataOf(fields, file);
  const places = new Map<string, Placed>();
  for (const [name, value] of fields) {
    if (name !== "__metadata__") places.set(name, parseEntry(name, value, dataStart, size, file));
  }
  expectContiguous(places, dataStart, size, file);
  const entries = new Map<string, SafetensorsEntry>();
  const skipped: SkippedTensor[] = [];
  for (const [name, place] of places) {
    if ("skipped" in place) skipped.push(place.skipped);
    else entries.set(name, place);
  }
  return { metadata, entries, skipped };
}

function refuseHeader(expected: string, got: string, file?: string, tensor?: string): never {
  throw new MalformedFileError("E_SAFETENSORS_HEADER", { file, tensor, expected, got });
}

function metadataOf(fields: JsonObject, file: string | undefined): Map<string, string> {
  const metadata = new Map<string, string>();
  const value = fields.get("__metadata__");
  if (value === undefined) return metadata;
  const refuse = (got: string): never => {
    throw new MalformedFileError("E_SAFETENSORS_METADATA", { file, expected: "__metadata__ with strings only", got });
  };
  if (!(value instanceof Map)) return refuse(kindOf(value));
  for (const [key, text] of value) {
    if (typeof text !== "string") return refuse(`${kindOf(text)} for ${quote(key)}`);
    metadata.set(key, text);
  }
  return metadata;
}

function kindOf(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return value instanceof Map ? "an object" : `a ${typeof value}`;
}

/** Checks one tensor: its shape, its offsets within the file, and that its size matches its shape and dtype. */
function parseEntry(name: string, value: Json, dataStart: number, size: number, file: string | undefined): Placed {
  const refusal = (code: MalformedCode, expected: string, got: string): MalformedFileError =>
    new MalformedFileError(code, { file, tensor: name, expected, got });
  const refuse = (code: MalformedCode, expected: string, got: string): never => {
    throw refusal(code, expected, got);
  };
  if (!(value instanceof Map)) return refuse("E_SAFETENSORS_HEADER", "an object", kindOf(value));
  const label = value.get("dtype");
  if (typeof label !== "string") {
    return refuse("E_SAFETENSORS_DTYPE", "a supported dtype, such as F32", kindOf(label));
  }
  const dtype = dtypeNamed("safetensors", label);
  const bits = dtype === undefined ? bitsOfOthers.get(label) : 8 * elementLayouts[dtype].bytes;
  const shape = value.get("shape");
  const count = Array.isArray(shape) ? countOf(shape, (bits ?? 8) / 8) : undefined;
  if (count === undefined) {
    const got = Array.isArray(shape) ? quote(`[${shape.map(String).join(",")}]`) : kindOf(shape);
    return refuse("E_SAFETENSORS_SHAPE", "integers of 0 or more, under 2^53 bytes together", got);
  }
  const offsets = value.get("data_offsets");
  const [begin, end] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  const room = size - dataStart;
  if (!isSize(begin) || !isSize(end) || begin > end || end > room) {
    const got = Array.isArray(offsets) ? quote(`[${offsets.map(String).join(",")}]`) : kindOf(offsets);
    return refuse("E_SAFETENSORS_OFFSETS", `two data_offsets in order, at most ${room}`, got);
  }
  const bytes = bits === undefined ? end - begin : (count * bits) / 8;
  if (end - begin !== bytes) {
    refuse(
      "E_SAFETENSORS_TENSOR_SIZE",
      `${bytes} bytes for ${quoteLabel(label)} ${formatShape(shape as number[])}`,
      `${end - begin}`,
    );
  }
  const place = { start: dataStart + begin, end: dataStart + end };
  if (dtype !== undefined) return { ...place, shape: shape as number[], dtype };
  const code = subByte.has(label) ? "E_SAFETENSORS_SUBBYTE" : "E_SAFETENSORS_DTYPE";
  const why = refusal(code, "a supported dtype, such as F32", quoteLabel(label));
  return { ...place, skipped: skippedBy(why, name, label, shape as number[]) };
}

/** Formats the name of a dtype for a message; quotes unusual names. */
function quoteLabel(label: string): string {
  return /^[A-Z][A-Z0-9_]{0,15}$/.test(label) ? label : quote(label);
}

function isSize(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Checks that the tensors are contiguous from the header to the end of the file. */
function expectContiguous(
  places: ReadonlyMap<string, Placed>,
  dataStart: number,
  size: number,
  file: string | undefined,
): void {
  let free = dataStart;
  for (const [name, { start, end }] of [...places].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (start !== free) {
      throw new MalformedFileError(start > free ? "E_SAFETENSORS_HOLE" : "E_SAFETENSORS_OVERLAP", {
        file,
        tensor: name,
        expected: `values from ${free - dataStart} on`,
        got: `${start - dataStart}`,
      });
    }
    free = end;
  }
  if (free !== size) {
    throw new MalformedFileError("E_SAFETENSORS_FILE_SIZE", {
      file,
      expected: `a file of ${free} bytes, where the last tensor ends`,
      got: `${size}`,
    });
  }
}

/** The layout of a file to write. */
export interface SafetensorsLayout {
  /** The first bytes of the file: the length of the header, and the header. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** The place of each tensor, in the order of the values: widest elements first, so that every tensor is aligned. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /** Size of the whole file, in bytes. */
  readonly size: number;
}

/**
 * Computes the header and the layout of a file from names, shapes and dtypes; you can write the values later in any order.
 *
 * @throws TypeError, RangeError for a tensor or metadata that a file cannot store.
 * @example safetensorsHeader([{ name: "w", shape: [784, 128], dtype: "float32" }]).entries.get("w")?.start;
 */
export function safetensorsHeader(
  tensors: readonly Pick<TensorInput, "name" | "shape" | "dtype">[],
  metadata: Readonly<Record<string, string>> | ReadonlyMap<string, string> = {},
): SafetensorsLayout {
  expectTensors(tensors as readonly TensorInput[]);
  const texts = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  const fields: string[] = texts.map(([key, text]) => {
    if (typeof text !== "string") throw new TypeError(`metadata.${key}: expected a string, got ${typeof text}`);
    if (/\p{Surrogate}/u.test(key + text)) throw new RangeError(`metadata.${quote(key)}: expected well-formed text`);
    return `${JSON.stringify(key)}:${JSON.stringify(text)}`;
  });
  let offset = 0;
  const places = tensors
    .toSorted((a, b) => elementLayouts[b.dtype].unit - elementLayouts[a.dtype].unit)
    .map(({ name, shape, dtype }) => {
      if (name === "__metadata__") throw new RangeError('tensors: expected no tensor named "__metadata__"');
      const start = offset;
      offset += byteLengthOf({ shape, dtype });
      return { name, shape, dtype, start, end: offset };
    });
  const placeOf = new Map(places.map((place) => [place.name, place]));
  // Names keep the caller's order, values are sorted by alignment: readers sort by offset.
  const described = tensors.map(({ name, shape, dtype }) => {
    const label = dtypeNameIn("safetensors", name, dtype);
    const { start, end } = placeOf.get(name) as { start: number; end: number };
    return `${JSON.stringify(name)}:{"dtype":"${label}","shape":[${shape.join(",")}],"data_offsets":[${start},${end}]}`;
  });
  const prefix = fields.length === 0 ? [] : [`"__metadata__":{${fields.join(",")}}`];
  const json = new TextEncoder().encode(`{${[...prefix, ...described].join(",")}}`);
  const dataStart = SAFETENSORS_PREFIX_BYTES + Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(dataStart).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(dataStart - SAFETENSORS_PREFIX_BYTES), true);
  header.set(json, SAFETENSORS_PREFIX_BYTES);
  const entries = new Map<string, SafetensorsEntry>();
  for (const { name, shape, dtype, start, end } of places) {
    entries.set(name, { shape, dtype, start: dataStart + start, end: dataStart + end });
  }
  return { header, entries, size: dataStart + offset };
}

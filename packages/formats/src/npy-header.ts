// The header of a .npy file: a Python dict literal with three keys, parsed without evaluation.
// NumPy enhancement proposal 1 and numpy/lib/format.py.

import { type AnyDType, countOf, elementLayouts, type Shape } from "@fanin/tensor";
import { dtypeNamed, dtypeNameIn } from "./dtype-names.ts";
import type { Limits } from "./limits.ts";
import { MalformedFileError, quote } from "./malformed-file-error.ts";

/** The parsed header, and the offset of the values. */
export interface NpyHeader {
  readonly shape: Shape;
  readonly dtype: AnyDType;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  /** Number of bytes before the values. */
  readonly dataOffset: number;
}

/** Number of bytes that always include the length of the header. */
export const NPY_PREFIX_BYTES = 12;

/** NumPy's NPY_MAXDIMS. */
const HIGHEST_RANK = 64;
const MAGIC = "\x93NUMPY";
const kinds: ReadonlyMap<string, string> = new Map([
  ["O", "an object array"],
  ["U", "text"],
  ["S", "text"],
  ["a", "text"],
  ["V", "void"],
  ["M", "dates"],
  ["m", "time differences"],
]);

/** Decodes Latin-1: every byte is a character. */
function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/**
 * Locates the header from the first 12 bytes and the size of the file, before it is read.
 *
 * @throws MalformedFileError E_NPY_MAGIC, E_NPY_VERSION or E_NPY_HEADER_LENGTH.
 */
export function npyHeaderSpan(
  prefix: Uint8Array,
  size: number,
  limits: Limits,
  file?: string,
): { start: number; end: number } {
  const magic = textOf(prefix.subarray(0, 6));
  if (magic !== MAGIC) {
    throw new MalformedFileError("E_NPY_MAGIC", { file, expected: "\\x93NUMPY at the start", got: quote(magic) });
  }
  const version = prefix[6] ?? 0;
  if (version < 1 || version > 3 || prefix[7] !== 0) {
    throw new MalformedFileError("E_NPY_VERSION", {
      file,
      expected: "version 1.0, 2.0 or 3.0",
      got: `${prefix[6] ?? "nothing"}.${prefix[7] ?? "nothing"}`,
    });
  }
  const start = version === 1 ? 10 : 12;
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const length = prefix.length < start ? Number.NaN : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const longest = Math.min(limits.npyHeaderBytes, size - start);
  if (!(length <= longest)) {
    throw new MalformedFileError("E_NPY_HEADER_LENGTH", {
      file,
      expected: `a header of at most ${Math.max(0, longest)} bytes`,
      got: Number.isNaN(length) ? "the end of the file" : `${length}`,
    });
  }
  return { start, end: start + length };
}

/** A parsed header, before its fields are checked. */
interface Literal {
  readonly descr: string | undefined;
  readonly fortran_order: boolean | undefined;
  readonly shape: readonly number[] | undefined;
}

/** Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, keys in any order. */
function parseLiteral(text: string, file: string | undefined): Literal {
  let rest = text;
  const refuse = (expected: string): never => {
    throw new MalformedFileError("E_NPY_HEADER", { file, expected, got: quote(rest) });
  };
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest);
    if (found === null) return undefined;
    rest = rest.slice(found[0].length);
    return found[1] ?? found[0];
  };
  const takeString = (): string | undefined => take(/^\s*'([^'"\\]*)'\s*/) ?? take(/^\s*"([^'"\\]*)"\s*/);
  const takeDescr = (): string => {
    if (/^\s*[[(]/.test(rest)) {
      throw new MalformedFileError("E_NPY_DTYPE", {
        file,
        expected: "numbers",
        got: `the structured type ${quote(rest)}`,
      });
    }
    return takeString() ?? refuse("a type such as '<f4'");
  };
  // Python 2 wrote long integers as 3L, which NumPy still reads.
  const takeShape = (): number[] => {
    const inner = take(/^\s*\(((?:\s*\d+L?\s*,)*(?:\s*\d+L?)?\s*)\)\s*/) ?? refuse("a tuple of integers");
    const dimensions = inner.split(",").map((part) => part.trim());
    if (dimensions.length === 1 && dimensions[0] !== "") refuse("a tuple, which has a comma after its only element");
    return dimensions.filter((part) => part !== "").map((part) => Number(part.replace("L", "")));
  };
  const takeBoolean = (): boolean => (take(/^\s*(True|False)\s*/) ?? refuse("True or False")) === "True";

  const fields: { descr?: string; fortran_order?: boolean; shape?: number[] } = {};
  if (take(/^\s*\{\s*/) === undefined) refuse("a dict");
  while (take(/^\}\s*/) === undefined) {
    const key = takeString();
    if (key !== "descr" && key !== "fortran_order" && key !== "shape") {
      return refuse("the keys descr, fortran_order and shape only");
    }
    if (fields[key] !== undefined) refuse(`one ${key}`);
    if (take(/^:/) === undefined) refuse('":"');
    if (key === "descr") fields.descr = takeDescr();
    else if (key === "shape") fields.shape = takeShape();
    else fields.fortran_order = takeBoolean();
    if (take(/^,\s*/) === undefined && !rest.startsWith("}")) refuse('"," or "}"');
  }
  if (rest !== "") refuse("nothing after the dict");
  return { descr: fields.descr, fortran_order: fields.fortran_order, shape: fields.shape };
}

/** Types of ml_dtypes. NumPy writes them as void with a byte order, or as a float type that NumPy lacks. */
const otherTypes: ReadonlyMap<string, string> = new Map([
  [
    "|V2",
    "two bytes of void, which may be bfloat16 or any other type: save it as <V2 with ml_dtypes, or as .safetensors",
  ],
  ["<V1", "an 8-bit type of ml_dtypes: a float8 or int4, which the file does not distinguish"],
  ["<f1", "8-bit floats"],
]);

/** Parses a type such as `<f4`: byte order, kind, bytes. */
function parseDescr(descr: string, file: string | undefined): { dtype: AnyDType; littleEndian: boolean } {
  // A plain NumPy void has no byte order; ml_dtypes writes one for its only type of two bytes, bfloat16.
  if (descr === "<V2") return { dtype: "bfloat16", littleEndian: true };
  const [, order = "", name = ""] = /^([<>|])([a-zA-Z]\d*)$/.exec(descr) ?? [];
  const kind = kinds.get(name.slice(0, 1) || descr.replace(/^[<>|=]/, "").slice(0, 1));
  if (kind === "an object array") {
    throw new MalformedFileError("E_NPY_PICKLE", {
      file,
      expected: "numbers",
      got: `${kind} (${quote(descr)}), whose pickle could run code`,
    });
  }
  const dtype = dtypeNamed("npy", name);
  const described = otherTypes.get(descr) ?? kind;
  if (dtype === undefined || (order === "|" && elementLayouts[dtype].unit > 1)) {
    throw new MalformedFileError("E_NPY_DTYPE", {
      file,
      expected: "a numeric type with its byte order, such as <f4",
      got: described === undefined ? quote(descr) : `${described} (${quote(descr)})`,
    });
  }
  return { dtype, littleEndian: order !== ">" };
}

/** Returns the type and the shape in the header of an unsupported array, as far as they can be parsed. */
export function npyOutline(bytes: Uint8Array): {
  readonly descr?: string | undefined;
  readonly shape?: Shape | undefined;
} {
  try {
    const { descr, shape } = parseLiteral(textOf(bytes), undefined);
    return { descr, shape };
  } catch {
    return {};
  }
}

/**
 * Parses and checks a header; `bytes` are those of {@link npyHeaderSpan}, `size` that of the file.
 *
 * @throws MalformedFileError E_NPY_HEADER, E_NPY_PICKLE, E_NPY_DTYPE, E_NPY_SHAPE or E_NPY_SIZE.
 */
export function parseNpyHeader(bytes: Uint8Array, dataOffset: number, size: number, file?: string): NpyHeader {
  const { descr, fortran_order: fortranOrder, shape } = parseLiteral(textOf(bytes), file);
  if (descr === undefined || fortranOrder === undefined || shape === undefined) {
    const missing = Object.entries({ descr, fortran_order: fortranOrder, shape }).filter(
      ([, value]) => value === undefined,
    );
    throw new MalformedFileError("E_NPY_HEADER", {
      file,
      expected: "descr, fortran_order and shape",
      got: `no ${missing.map(([key]) => key).join(", ")}`,
    });
  }
  const { dtype, littleEndian } = parseDescr(descr, file);
  const count = shape.length > HIGHEST_RANK ? undefined : countOf(shape, elementLayouts[dtype].bytes);
  if (count === undefined) {
    throw new MalformedFileError("E_NPY_SHAPE", {
      file,
      expected: `at most ${HIGHEST_RANK} dimensions, under 2^53 bytes together`,
      got: quote(`(${shape.join(", ")})`),
    });
  }
  const expected = count * elementLayouts[dtype].bytes;
  if (expected !== size - dataOffset) {
    throw new MalformedFileError("E_NPY_SIZE", {
      file,
      expected: `${expected} bytes for ${dtype} (${shape.join(", ")}) after the header`,
      got: `${size - dataOffset}`,
    });
  }
  return { shape, dtype, littleEndian, fortranOrder, dataOffset };
}

/**
 * Makes the header of a file for this tensor: version 1.0, padded to 64 bytes.
 *
 * @throws RangeError for a dtype or a rank that .npy cannot store.
 */
export function npyHeader(name: string, shape: Shape, dtype: AnyDType): Uint8Array<ArrayBuffer> {
  if (shape.length > HIGHEST_RANK) {
    throw new RangeError(`tensor ${quote(name)}: .npy stores at most ${HIGHEST_RANK} dimensions, got ${shape.length}`);
  }
  const order = elementLayouts[dtype].unit === 1 ? "|" : "<";
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const literal = `{'descr': '${order}${dtypeNameIn("npy", name, dtype)}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const total = Math.ceil((10 + literal.length + 1) / 64) * 64;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, total - 10, true);
  new TextEncoder().encodeInto(literal, bytes.subarray(10));
  bytes[total - 1] = 0x0a;
  return bytes;
}

// The one error of a file that is refused: a code to look up, and where, what was expected, what came.

/** Every reason for which a file is refused, by code. */
export const malformedReasons = {
  E_SOURCE_SHORT: "the file is shorter than it was when it was opened",
  E_FORMAT_UNKNOWN: "the first bytes belong to no format that is read here",
  E_JSON_UTF8: "the text is not well-formed UTF-8",
  E_JSON_SYNTAX: "the text is not JSON",
  E_JSON_DUPLICATE: "an object has two equal keys, of which readers see different ones",
  E_JSON_DEPTH: "the nesting is deeper than the limit",
  E_JSON_VALUES: "there are more values than the limit",
  E_NPY_MAGIC: "a .npy file starts with \\x93NUMPY",
  E_NPY_VERSION: "versions 1 to 3 of .npy are known",
  E_NPY_HEADER_LENGTH: "the header is longer than the file or than the limit",
  E_NPY_HEADER: "the header is not a dict of descr, fortran_order and shape",
  E_NPY_PICKLE: "object arrays hold a pickle, which runs code when it is read",
  E_NPY_DTYPE: "the element type is not a number: structured, text, dates, void or unknown",
  E_NPY_SHAPE: "the shape has a dimension, a rank or a product out of range",
  E_NPY_SIZE: "the values do not fill the rest of the file exactly",
  E_NPZ_ENTRY: "an entry of a .npz file is no .npy file, or none is",
  E_ZIP_END: "the zip archive has no valid end record, or something before or after the archive",
  E_ZIP_ENTRIES: "the zip archive has more entries than the limit",
  E_ZIP_DIRECTORY: "the central directory is damaged",
  E_ZIP_NAME: "an entry's name is absolute, leaves the folder, or is not plain text",
  E_ZIP_DUPLICATE: "two entries have one name",
  E_ZIP_SYMLINK: "an entry is a symbolic link or another special file",
  E_ZIP_ENCRYPTED: "an entry is encrypted",
  E_ZIP_METHOD: "an entry is compressed by another method than deflate",
  E_ZIP_OVERLAP: "two entries share bytes of the file",
  E_ZIP_LOCAL: "an entry's local header disagrees with the central directory",
  E_ZIP_LIMIT: "an entry, or all together, would inflate beyond the limit",
  E_ZIP_RATIO: "an entry is compressed more than any weights are: a zip bomb",
  E_ZIP_DEFLATE: "the compressed bytes of an entry are damaged",
  E_ZIP_SIZE: "an entry inflates to another size than it says",
  E_ZIP_CRC: "the checksum of an entry is wrong",
  E_SAFETENSORS_SIZE: "the file is too short to hold a header's length",
  E_SAFETENSORS_HEADER_LENGTH: "the header is longer than the file or than the limit",
  E_SAFETENSORS_HEADER: "the header is not a JSON object of tensors",
  E_SAFETENSORS_METADATA: "__metadata__ is not an object of strings",
  E_SAFETENSORS_DTYPE: "the element type is unknown or not read here",
  E_SAFETENSORS_SUBBYTE: "the element type is smaller than a byte",
  E_SAFETENSORS_SHAPE: "the shape is not a list of integers, or its product is out of range",
  E_SAFETENSORS_OFFSETS: "data_offsets are not two integers in order, within the file",
  E_SAFETENSORS_HOLE: "there are bytes between two tensors that belong to none",
  E_SAFETENSORS_OVERLAP: "two tensors share bytes of the file",
  E_SAFETENSORS_TENSOR_SIZE: "the offsets of a tensor do not span what its shape and element type take",
  E_SAFETENSORS_FILE_SIZE: "the last tensor does not end where the file ends",
  E_INDEX: "the index of a model in several files is not an object of tensors and files",
  E_INDEX_SHARD: "a shard of an index is missing, outside of its folder, or no .safetensors file",
  E_INDEX_TENSOR: "index and shards disagree about a tensor",
  E_TFJS_LENGTH: "model.json or an index is longer than the limit",
  E_TFJS_MANIFEST: "model.json has no valid weightsManifest",
  E_TFJS_PATH: "a shard's path leaves the folder of model.json",
  E_TFJS_DUPLICATE: "two weights have one name, or two shards one path",
  E_TFJS_DTYPE: "the element type of a weight is unknown or not a number",
  E_TFJS_SHAPE: "the shape of a weight is not a list of integers, or its product is out of range",
  E_TFJS_QUANTIZATION: "the quantization of a weight is incomplete or impossible",
  E_TFJS_SHARD: "a shard is missing or not a plain file, or there are more than the limit",
  E_TFJS_SIZE: "the shards do not have the bytes that the weights take",
} as const;

/** A code such as `E_SAFETENSORS_OVERLAP`. */
export type MalformedCode = keyof typeof malformedReasons;

/** Where in which file, what was expected, what came. */
export interface MalformedDetails {
  readonly file?: string | undefined;
  readonly tensor?: string | undefined;
  readonly expected: string;
  readonly got: string;
  readonly cause?: unknown;
}

/** Text of a file as a message may show it: quoted, without control characters, cut short. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  // JSON.stringify leaves C1 controls and line separators as they are; a terminal must not get them.
  return JSON.stringify(short).replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * A file that is refused, before anything of the size it claims was allocated.
 *
 * The message reads `file, tensor "name": expected X, got Y (CODE)`.
 *
 * @example
 * try {
 *   await readNpy(new Uint8Array(16));
 * } catch (error) {
 *   if (error instanceof MalformedFileError) console.log(error.code); // E_NPY_MAGIC
 * }
 */
export class MalformedFileError<Code extends string = MalformedCode> extends Error {
  override readonly name: string = "MalformedFileError";
  readonly code: Code;
  readonly file: string | undefined;
  readonly tensor: string | undefined;
  readonly expected: string;
  readonly got: string;

  constructor(code: Code, { file, tensor, expected, got, cause }: MalformedDetails) {
    const where = [file, tensor === undefined ? undefined : `tensor ${quote(tensor)}`].filter(
      (part) => part !== undefined,
    );
    const prefix = where.length === 0 ? "" : `${where.join(", ")}: `;
    super(`${prefix}expected ${expected}, got ${got} (${code})`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.file = file;
    this.tensor = tensor;
    this.expected = expected;
    this.got = got;
  }
}

// The error of rejected files: a code, the place in the file, the expected and the actual content.

/** The reasons for rejecting a file, by code. */
export const malformedReasons = {
  E_SOURCE_SHORT: "the file has become shorter since it was opened",
  E_FORMAT_UNKNOWN: "the first bytes match no supported format",
  E_JSON_UTF8: "the text is not well-formed UTF-8",
  E_JSON_SYNTAX: "the text is not JSON",
  E_JSON_DUPLICATE: "an object has two equal keys; readers disagree about which one counts",
  E_JSON_DEPTH: "the nesting exceeds the limit",
  E_JSON_VALUES: "the number of values exceeds the limit",
  E_NPY_MAGIC: "a .npy file starts with \\x93NUMPY",
  E_NPY_VERSION: "only versions 1 to 3 of .npy are supported",
  E_NPY_HEADER_LENGTH: "the header is longer than the file or than the limit",
  E_NPY_HEADER: "the header is not a dict of descr, fortran_order and shape",
  E_NPY_PICKLE: "an object array contains a pickle, which can run code when it is loaded",
  E_NPY_DTYPE: "the element type is not a number: structured, text, dates, void or unknown",
  E_NPY_SHAPE: "the shape has a dimension, a rank or a product out of range",
  E_NPY_SIZE: "the values do not fill the rest of the file exactly",
  E_NPZ_ENTRY: "an entry of a .npz file is not a .npy file, or no entry is",
  E_ZIP_END: "the zip archive has no valid end record, or there are bytes before or after the archive",
  E_ZIP_ENTRIES: "the zip archive has more entries than the limit",
  E_ZIP_DIRECTORY: "the central directory is damaged",
  E_ZIP_NAME: "the name of an entry is absolute, leaves the folder, or is not plain text",
  E_ZIP_DUPLICATE: "two entries have the same name",
  E_ZIP_SYMLINK: "an entry is a symbolic link or another special file",
  E_ZIP_ENCRYPTED: "an entry is encrypted",
  E_ZIP_METHOD: "an entry uses a compression method other than deflate",
  E_ZIP_OVERLAP: "two entries share bytes of the file",
  E_ZIP_LOCAL: "the local header of an entry disagrees with the central directory",
  E_ZIP_LIMIT: "the inflated size of an entry, or of all entries, exceeds the limit",
  E_ZIP_RATIO: "the compression ratio of an entry exceeds the limit: a zip bomb",
  E_ZIP_DEFLATE: "the compressed bytes of an entry are damaged",
  E_ZIP_SIZE: "an entry inflates to a size other than the stated one",
  E_ZIP_CRC: "the checksum of an entry is wrong",
  E_SAFETENSORS_SIZE: "the file is too short to hold a header's length",
  E_SAFETENSORS_HEADER_LENGTH: "the header is longer than the file or than the limit",
  E_SAFETENSORS_HEADER: "the header is not a JSON object of tensors",
  E_SAFETENSORS_METADATA: "__metadata__ is not an object of strings",
  E_SAFETENSORS_DTYPE: "the element type is unknown or not supported",
  E_SAFETENSORS_SUBBYTE: "the element type is smaller than a byte",
  E_SAFETENSORS_SHAPE: "the shape is not a list of integers, or its product is out of range",
  E_SAFETENSORS_OFFSETS: "data_offsets are not two integers in order, within the file",
  E_SAFETENSORS_HOLE: "there are bytes between two tensors that belong to neither",
  E_SAFETENSORS_OVERLAP: "two tensors share bytes of the file",
  E_SAFETENSORS_TENSOR_SIZE: "the offsets of a tensor do not match the size of its shape and element type",
  E_SAFETENSORS_FILE_SIZE: "the last tensor does not end where the file ends",
  E_MODEL_DUPLICATE: "two files of a model have a tensor of the same name",
  E_MODEL_FOLDER: "the folder has no model, or several that do not belong together",
  E_INDEX: "the index of a model in several files is not an object of tensors and files",
  E_INDEX_SHARD: "a shard of an index is missing, outside its folder, or of another format",
  E_INDEX_TENSOR: "the index and the shards disagree about a tensor",
  E_HDF5_OPEN: "the HDF5 file is damaged or truncated: its superblock or its root group cannot be read",
  E_HDF5_OBJECT: "a group, a data set or an attribute of an HDF5 file is damaged",
  E_HDF5_LINK: "a soft or external link, or a virtual data set, refers to another place or file and is not followed",
  E_HDF5_FILTER: "a data set is compressed by a filter that is not supported",
  E_HDF5_DTYPE: "the element type of a data set is not a number, or not one that can be computed with",
  E_HDF5_SHAPE: "the shape of a data set is out of range, or larger than its file can hold",
  E_HDF5_LIMIT: "an HDF5 file has more objects, more nesting or larger attributes than the limit",
  E_HDF5_DATA: "the values of a data set cannot be read",
  E_KERAS_ARCHIVE: "a .keras file lacks its config.json or its weights",
  E_KERAS_CONFIG: "the config of a Keras model is not a JSON object of a class and its config",
  E_KERAS_WEIGHTS: "the weights of a Keras file are not where its attributes or its index say",
  E_KERAS_STATE: "variables of the optimizer, of a metric or of a seed generator are no weights of the model",
  E_PICKLE: "the pickle is damaged, or its values do not fit together",
  E_PICKLE_OPCODE: "the pickle has an opcode that tensors and plain containers do not need",
  E_PICKLE_GLOBAL: "the pickle names a class or a function that is not on the closed list; loading it could run code",
  E_PICKLE_LIMIT: "the pickle has more opcodes, values or levels than the limit",
  E_TORCH_FILE: "the file is not one of torch.save, or a part of it is missing",
  E_TORCH_TENSOR: "the shape, the strides or the offset of a tensor lead out of its storage",
  E_TORCH_DTYPE: "the tensor is sparse, quantized or of another kind without plain values",
  E_TORCH_STATE: "the values are the state of a trainer, not weights",
  E_TORCH_NAME: "two tensors have the same dotted name",
  E_TFJS_LENGTH: "model.json or an index is longer than the limit",
  E_TFJS_MANIFEST: "model.json has no valid weightsManifest",
  E_TFJS_PATH: "the path of a shard leaves the folder of model.json",
  E_TFJS_DUPLICATE: "two weights have the same name, or two shards have the same path",
  E_TFJS_DTYPE: "the element type of a weight is unknown or not a number",
  E_TFJS_SHAPE: "the shape of a weight is not a list of integers, or its product is out of range",
  E_TFJS_QUANTIZATION: "the quantization of a weight is incomplete or impossible",
  E_TFJS_SHARD: "a shard is missing or not a regular file, or the number of shards exceeds the limit",
  E_TFJS_SIZE: "the size of the shards differs from the size of the weights",
} as const;

/** A code such as `E_SAFETENSORS_OVERLAP`. */
export type MalformedCode = keyof typeof malformedReasons;

/** The file and the tensor, the expected and the actual content. */
export interface MalformedDetails {
  readonly file?: string | undefined;
  readonly tensor?: string | undefined;
  readonly expected: string;
  readonly got: string;
  readonly cause?: unknown;
}

/** Formats text from a file for a message: quoted, shortened, without control characters. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  // JSON.stringify does not escape C1 controls and line separators; a terminal must not receive them.
  return JSON.stringify(short).replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * The error of a rejected file. Readers throw it before they allocate memory of the size that the file claims.
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

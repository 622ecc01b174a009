// The table of formats: how each is recognized, opened and written. A new format is a new row.

import { type ByteSource, readExactly } from "./byte-source.ts";
import { isKerasArchive, openKerasArchive } from "./keras/keras-archive.ts";
import { openKerasH5 } from "./keras/keras-h5.ts";
import { isKerasShardIndex, openKerasShards } from "./keras/keras-shards.ts";
import { kerasFiles, kerasH5Files } from "./keras/keras-writer.ts";
import { limitsOf, type ReadOptions } from "./limits.ts";
import { MalformedFileError, quote } from "./malformed-file-error.ts";
import { npyChunks, openNpy } from "./npy.ts";
import { npzChunks, openNpz } from "./npz.ts";
import { describeHead, HEAD_BYTES } from "./other-files.ts";
import type { OutputFile } from "./output-file.ts";
import { isSafetensors, type Metadata, openSafetensors, safetensorsChunks } from "./safetensors.ts";
import { isShardIndex, openShardIndex } from "./shard-index.ts";
import type { SkippedTensor } from "./skipped-tensor.ts";
import type { StoredTensor, TensorInput } from "./tensor.ts";
import { openTfjsManifest, tfjsFiles } from "./tfjs.ts";
import { parseModelJson } from "./tfjs-manifest.ts";
import { isLegacyTorch, isTorchArchive, openLegacyTorch, openTorchArchive } from "./torch/torch-file.ts";
import { torchFiles } from "./torch/torch-writer.ts";
import { openZip } from "./zip-reader.ts";

/** The name of a format. */
export type FormatName = "npy" | "npz" | "safetensors" | "tfjs" | "torch" | "keras" | "h5";

/** The layout of kernels: Keras stores (in, out), PyTorch (out, in). */
export type ModelLayout = "keras" | "torch";

/** An open model: a file of any format, or several files. */
export interface Model {
  readonly format: FormatName;
  /** Tensors by name, in the file's order; their values are not read yet. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Metadata of safetensors; for tfjs, every field of model.json except the weights, as JSON text. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Contents that are not read: text, pickles, 8-bit floats, tensors that an index names but no shard has. */
  readonly skipped: readonly SkippedTensor[];
  /** The layout of all kernels if the format or its metadata proves it; otherwise undefined. */
  readonly layout: ModelLayout | undefined;
  /** The config of the architecture as JSON text: of Keras, or of Hugging Face's config.json; undefined if there is none. */
  readonly architecture: string | undefined;
  /** Closes the files. Tensors cannot be read afterwards. */
  close(): Promise<void>;
}

/** What a format's `open` returns: the parts of a model that differ from their defaults. */
export type ModelParts = Pick<Model, "format" | "tensors" | "skipped"> &
  Partial<Pick<Model, "metadata" | "layout" | "architecture" | "close">>;

/** Options for opening a file of any format. */
export interface OpenOptions extends ReadOptions {
  /** Names the tensor of a .npy file, which stores no name. Defaults to the name of the file. */
  readonly name?: string;
  /** Opens a shard beside this file; called only with paths within the folder. */
  readonly openShard?: ((path: string) => Promise<ByteSource>) | undefined;
}

/** Options for writing a file of any format. */
export interface WriteOptions {
  /** For safetensors only. Other formats reject metadata that is not empty. */
  readonly metadata?: Metadata;
  /** Deflates the entries of a .npz file. Defaults to false. */
  readonly compress?: boolean;
  /** The other fields of model.json, for tfjs. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The config of the model as JSON text, for .keras (required), .weights.h5 and .h5. */
  readonly architecture?: string;
}

/** A file format. */
export interface Format {
  readonly name: FormatName;
  /** The ending of file names. */
  readonly suffix: string;
  /** Other endings that name the format. */
  readonly aliases?: readonly string[];
  /**
   * Whether a file that starts with `head` (at most 16 bytes) has this format. `entries` are the names in a zip archive;
   * undefined for another file.
   */
  matches(head: Uint8Array, entries: readonly string[] | undefined): boolean;
  /** Opens a file without reading values. */
  open(source: ByteSource, options: OpenOptions): Promise<ModelParts>;
  /** Returns the files to write; a format of one file has it at `path`. Throws before anything is written. */
  files(path: string, tensors: readonly TensorInput[], options: WriteOptions): OutputFile[];
}

function startsWith(head: Uint8Array, text: string): boolean {
  return head.length >= text.length && Array.from(text).every((character, i) => head[i] === character.charCodeAt(0));
}

/** JSON starts with a brace or a bracket and has no NUL; the 64-bit length of a safetensors header has NULs. */
function looksLikeJson(head: Uint8Array): boolean {
  const first = head.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  return (first === 0x7b || first === 0x5b) && !head.includes(0);
}

function expectNoMetadata(format: string, { metadata = {} }: WriteOptions): void {
  const count = metadata instanceof Map ? metadata.size : Object.keys(metadata).length;
  if (count > 0)
    throw new RangeError(`metadata: expected none, because ${format} cannot store it, got ${count} entries`);
}

const npy: Format = {
  name: "npy",
  suffix: ".npy",
  matches: (head) => startsWith(head, "\x93NUMPY"),
  async open(source, options) {
    const fallback = /([^/\\]*?)(?:\.npy)?$/i.exec(options.file ?? "")?.[1] ?? "";
    const tensor = await openNpy(source, options.name ?? fallback, options);
    return { format: "npy", tensors: new Map([[tensor.name, tensor]]), skipped: [] };
  },
  files(path, tensors, options) {
    expectNoMetadata(".npy", options);
    const [tensor, ...more] = tensors;
    if (tensor === undefined || more.length > 0) {
      throw new RangeError(
        `tensors: expected one for a .npy file, got ${tensors.length}; .npz and .safetensors store any number`,
      );
    }
    const chunks = npyChunks(tensor);
    return [{ path, chunks: () => chunks }];
  },
};

const npz: Format = {
  name: "npz",
  suffix: ".npz",
  // Archives that no other format claims, including damaged ones, so that its errors describe them.
  matches: (_, entries) => entries !== undefined,
  async open(source, options) {
    const tensors = await openNpz(source, options);
    return { format: "npz", tensors, skipped: tensors.skipped };
  },
  files(path, tensors, options) {
    expectNoMetadata(".npz", options);
    const chunks = npzChunks(tensors, options.compress === undefined ? {} : { compress: options.compress });
    return [{ path, chunks: () => chunks }];
  },
};

const safetensors: Format = {
  name: "safetensors",
  suffix: ".safetensors",
  matches: isSafetensors,
  async open(source, options) {
    const opened = await openSafetensors(source, options);
    return { format: "safetensors", ...opened, ...layoutOf(opened.metadata) };
  },
  files(path, tensors, { metadata = {} }) {
    const chunks = safetensorsChunks(tensors, metadata);
    return [{ path, chunks: () => chunks }];
  },
};

/** The layout that metadata states: `format: pt` of PyTorch's writers. */
function layoutOf(metadata: ReadonlyMap<string, string>): { readonly layout?: ModelLayout } {
  return metadata.get("format") === "pt" ? { layout: "torch" } : {};
}

/** JSON that names shards: a tfjs model, or (read only) the index of a model in several .safetensors or PyTorch files. */
const tfjs: Format = {
  name: "tfjs",
  suffix: ".json",
  matches: (head) => looksLikeJson(head),
  async open(source, options) {
    const { openShard, file } = options;
    if (openShard === undefined)
      throw new TypeError("openShard: expected a function that opens the shards of a model, got none");
    const limits = limitsOf(options);
    if (source.size > limits.headerBytes) {
      const expected = `a model.json of at most ${limits.headerBytes} bytes`;
      throw new MalformedFileError("E_TFJS_LENGTH", { file, expected, got: `${source.size}` });
    }
    const model = parseModelJson(await readExactly(source, 0, source.size, file), limits, file);
    if (isKerasShardIndex(model)) {
      return { format: "h5", layout: "keras", ...(await openKerasShards(model, openShard, options)) };
    }
    if (isShardIndex(model)) return openShardIndex(model, openShard, openShardOf, options);
    const { tensors, fields, skipped } = await openTfjsManifest(model, openShard, options);
    const metadata = new Map(Array.from(fields, ([key, value]) => [key, JSON.stringify(value)]));
    return { format: "tfjs", tensors, metadata, skipped };
  },
  files(path, tensors, options) {
    expectNoMetadata("tfjs", options);
    const stem = path.replace(/\.json$/i, "");
    const prefix = stem === "model" ? "group1" : stem.replace(/[^\w-]/g, "_");
    const files = tfjsFiles(tensors, { fields: options.fields ?? {}, prefix });
    return files.map((file) => (file.path === "model.json" ? { ...file, path } : file));
  },
};

/** Files of torch.save. */
const torch: Format = {
  name: "torch",
  suffix: ".pt",
  aliases: [".pth", ".bin", ".ckpt"],
  matches: (head, entries) => (entries === undefined ? isLegacyTorch(head) : isTorchArchive(entries)),
  async open(source, options) {
    const isArchive = !isLegacyTorch(await readExactly(source, 0, Math.min(16, source.size), options.file));
    const opened = await (isArchive ? openTorchArchive(source, options) : openLegacyTorch(source, options));
    return { format: "torch", layout: "torch", tensors: opened.tensors, skipped: opened.skipped };
  },
  files(path, tensors, options) {
    expectNoMetadata("a PyTorch file", options);
    return torchFiles(path, tensors);
  },
};

const keras: Format = {
  name: "keras",
  suffix: ".keras",
  matches: (_, entries) => entries !== undefined && isKerasArchive(new Set(entries)),
  async open(source, options) {
    const entries = await openZip(source, limitsOf(options), options.file);
    return { format: "keras", layout: "keras", ...(await openKerasArchive(source, entries, options)) };
  },
  files(path, tensors, { metadata = {}, architecture }) {
    const { keras_version: kerasVersion, ...others } =
      metadata instanceof Map ? Object.fromEntries(metadata) : (metadata as Readonly<Record<string, string>>);
    expectNoMetadata("a .keras file, apart from keras_version,", { metadata: others });
    return kerasFiles(path, tensors, { architecture, kerasVersion });
  },
};

const h5: Format = {
  name: "h5",
  suffix: ".h5",
  matches: (head) => startsWith(head, "\x89HDF\r\n\x1a\n"),
  async open(source, options) {
    const { isKeras, close, ...file } = await openKerasH5(source, options);
    return { format: "h5", layout: isKeras ? "keras" : undefined, ...file, close: async () => close() };
  },
  files(path, tensors, options) {
    expectNoMetadata("HDF5", options);
    return kerasH5Files(path, tensors, { architecture: options.architecture });
  },
};

/** Every format; the first that matches reads the file, so .npz follows the other zip archives. */
export const formats: readonly Format[] = [npy, safetensors, torch, keras, h5, tfjs, npz];

/** Opens a file of an index; an index or a tfjs model among them is refused. */
async function openShardOf(source: ByteSource, options: OpenOptions): Promise<ModelParts> {
  const format = await detectFormat(source, options);
  return format.open(source, { ...options, openShard: undefined });
}

/** The names of the entries if the file is a zip archive; empty for a damaged one. */
async function zipEntriesOf(
  source: ByteSource,
  head: Uint8Array,
  options: ReadOptions,
): Promise<readonly string[] | undefined> {
  if (!startsWith(head, "PK\x03\x04") && !startsWith(head, "PK\x05\x06")) return undefined;
  try {
    return (await openZip(source, limitsOf(options), options.file)).map(({ name }) => name);
  } catch (error) {
    if (error instanceof MalformedFileError) return [];
    throw error;
  }
}

/**
 * Detects the format of a file from its content; the name does not matter.
 *
 * @throws MalformedFileError E_FORMAT_UNKNOWN.
 * @example
 * const bytes = writeNpy({ shape: [2], dtype: "float32", data: Float32Array.of(1, 2) });
 * (await detectFormat(bytesSource(bytes))).name; // => 'npy'
 */
export async function detectFormat(source: ByteSource, options: ReadOptions = {}): Promise<Format> {
  const { file } = options;
  const head = await readExactly(source, 0, Math.min(HEAD_BYTES, source.size), file);
  const entries = await zipEntriesOf(source, head, options);
  const format = formats.find((candidate) => candidate.matches(head.subarray(0, 16), entries));
  if (format !== undefined) return format;
  const expected = "weights: .npy, .npz, .safetensors or its index, .pt, .keras, .h5, or a tfjs model.json";
  throw new MalformedFileError("E_FORMAT_UNKNOWN", { file, expected, got: describeHead(head) });
}

/**
 * Returns the format for the name of an output file.
 *
 * @throws RangeError if no format has the ending of the name.
 * @example
 * formatOfName("weights.safetensors").name; // => 'safetensors'
 */
export function formatOfName(name: string): Format {
  const format = formats.find(({ suffix, aliases = [] }) =>
    [suffix, ...aliases].some((ending) => name.toLowerCase().endsWith(ending)),
  );
  if (format !== undefined) return format;
  const suffixes = formats.map(({ suffix }) => suffix).join(", ");
  throw new RangeError(`name: expected a name that ends in ${suffixes}, got ${quote(name)}`);
}

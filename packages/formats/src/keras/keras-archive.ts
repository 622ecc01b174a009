// .keras files: a zip archive of config.json, metadata.json and model.weights.h5, the last a window on the archive.
// Source: keras/src/saving/saving_lib.py 3.15.1.

import { type ByteSource, bytesSource, windowSource } from "../byte-source.ts";
import { limitsOf, type ReadOptions } from "../limits.ts";
import { MalformedFileError, quote } from "../malformed-file-error.ts";
import { openNpz } from "../npz.ts";
import { decodeUtf8, parseJson } from "../parse-json.ts";
import type { SkippedTensor } from "../skipped-tensor.ts";
import type { StoredTensor } from "../tensor.ts";
import { type EntryReader, entryReader } from "../zip-entry.ts";
import type { ZipEntry } from "../zip-reader.ts";
import { openKerasH5 } from "./keras-h5.ts";
import { openKerasShards } from "./keras-shards.ts";
import { parseArchitecture, type SavedModel, savedVariables } from "./saved-variables.ts";

/** An open Keras file. */
export interface KerasModelFile {
  readonly tensors: Map<string, StoredTensor>;
  readonly skipped: SkippedTensor[];
  readonly metadata: Map<string, string>;
  readonly architecture: string | undefined;
  close(): Promise<void>;
}

const WEIGHTS_H5 = "model.weights.h5";
const WEIGHTS_NPZ = "model.weights.npz";
const WEIGHTS_INDEX = "model.weights.json";

/** Whether an archive with these entries is a .keras file. */
export function isKerasArchive(names: ReadonlySet<string>): boolean {
  return names.has("config.json") && [WEIGHTS_H5, WEIGHTS_NPZ, WEIGHTS_INDEX].some((name) => names.has(name));
}

/** Opens the archive whose entries are `entries`. @throws MalformedFileError with a code E_KERAS_, E_HDF5_ or E_ZIP_. */
export async function openKerasArchive(
  source: ByteSource,
  entries: readonly ZipEntry[],
  options: ReadOptions = {},
): Promise<KerasModelFile> {
  const { file } = options;
  const limits = limitsOf(options);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));

  function find(name: string): EntryReader | undefined {
    const entry = byName.get(name);
    if (entry === undefined) return undefined;
    if (entry.fault !== undefined) throw entry.fault;
    return entryReader(source, entry, file);
  }

  async function text(name: string): Promise<string | undefined> {
    const entry = byName.get(name);
    const reader = find(name);
    if (entry === undefined || reader === undefined) return undefined;
    if (entry.size > limits.headerBytes) {
      const [expected, got] = [`${name} of at most ${limits.headerBytes} bytes`, `${entry.size}`];
      throw new MalformedFileError("E_KERAS_ARCHIVE", { file, expected, got });
    }
    return decodeUtf8(await reader.whole(), file === undefined ? name : `${file}, ${name}`);
  }

  /** The bytes of an entry: a window on the archive if it is stored, else inflated within the limits. */
  async function contents(name: string): Promise<{ bytes: ByteSource; verify: () => Promise<void> } | undefined> {
    const entry = byName.get(name);
    const reader = find(name);
    if (entry === undefined || reader === undefined) return undefined;
    if (entry.deflated) return { bytes: bytesSource(await reader.whole()), verify: async () => undefined };
    return { bytes: windowSource(source, entry.start, entry.size), verify: () => reader.verify() };
  }

  const architecture = await text("config.json");
  if (architecture === undefined) {
    throw new MalformedFileError("E_KERAS_ARCHIVE", { file, expected: "an entry config.json", got: "none" });
  }
  const model = savedVariables(parseArchitecture(architecture, { ...limits, file }));
  const metadata = metadataOf(await text("metadata.json"), { ...limits, file });
  const inner = file === undefined ? {} : { file };

  const h5 = await contents(WEIGHTS_H5);
  if (h5 !== undefined) {
    const opened = await openKerasH5(h5.bytes, { ...options, ...inner, model, verify: h5.verify });
    for (const [key, value] of opened.metadata) metadata.set(key, value);
    const { tensors, skipped } = opened;
    return { tensors, skipped, metadata, architecture, close: async () => opened.close() };
  }
  const index = await text(WEIGHTS_INDEX);
  if (index !== undefined) {
    const openShard = async (path: string): Promise<ByteSource> => {
      const shard = await contents(path);
      if (shard !== undefined) return shard.bytes;
      const [expected, got] = [`an entry ${quote(path)}, which ${WEIGHTS_INDEX} names`, "none"];
      throw new MalformedFileError("E_KERAS_WEIGHTS", { file, expected, got });
    };
    const shards = await openKerasShards(parseJson(index, { ...limits, file }), openShard, { ...options, model });
    return { ...shards, metadata: new Map([...metadata, ...shards.metadata]), architecture };
  }
  const npz = await contents(WEIGHTS_NPZ);
  if (npz === undefined) {
    throw new MalformedFileError("E_KERAS_ARCHIVE", { file, expected: `an entry ${WEIGHTS_H5}`, got: "none" });
  }
  return { ...(await openNpzWeights(npz, model, options)), metadata, architecture, close: async () => undefined };
}

/** The values of metadata.json as text. */
function metadataOf(text: string | undefined, options: Parameters<typeof parseJson>[1]): Map<string, string> {
  const json = text === undefined ? undefined : parseJson(text, options);
  if (!(json instanceof Map)) return new Map();
  return new Map(
    Array.from(json, ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const),
  );
}

/** Weights of an .npz: arrays by the same paths as in HDF5. Keras writes pickled objects in their place, which are not read. */
async function openNpzWeights(
  { bytes }: { readonly bytes: ByteSource },
  { variables }: SavedModel,
  options: ReadOptions,
): Promise<Pick<KerasModelFile, "tensors" | "skipped">> {
  const members = await openNpz(bytes, options);
  if (members.size === 0 && members.skipped.length > 0) {
    const expected = `arrays in ${WEIGHTS_NPZ}; load the model in Keras and save it with weights_format="h5"`;
    const got = `pickled objects (${members.skipped[0]?.code})`;
    throw new MalformedFileError("E_KERAS_WEIGHTS", { file: options.file, expected, got });
  }
  const names = new Map(variables.map(({ path, name }) => [path, name]));
  const tensors = new Map<string, StoredTensor>();
  for (const [path, tensor] of members) {
    const name = names.get(path) ?? path;
    tensors.set(name, {
      ...tensor,
      name,
      read: async () => ({ ...(await tensor.read()), name }),
    });
  }
  return { tensors, skipped: [...members.skipped] };
}

// Opens a model on disk: a file of any format, or a folder as save_pretrained and tfjs write it.
// huggingface/transformers, modeling_utils.py: a folder's .safetensors files come before its PyTorch files.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Model, OpenOptions } from "../formats.ts";
import { nodeLimits } from "../limits.ts";
import { MalformedFileError, quote } from "../malformed-file-error.ts";
import { architectureOf, closeAll, joinModels, openSource } from "../open-model.ts";
import { boundedJson } from "../parse-json.ts";
import { type FileSource, fileSource } from "./file-source.ts";
import { openShardBeside } from "./shard-folder.ts";
import { tiedClasses } from "./tied-weights.ts";

/** Options of {@link openModel}. */
export type OpenPathOptions = Omit<OpenOptions, "openShard">;

/**
 * The files of a folder that are its model, by preference. All matches of the first row with one are taken if they are
 * parts of one model; otherwise there must be one. The order is that of `from_pretrained`.
 */
const preferred: readonly { readonly pattern: RegExp; readonly isSet: boolean }[] = [
  { pattern: /^model\.safetensors$/, isSet: false },
  { pattern: /\.safetensors\.index\.json$/, isSet: false },
  { pattern: /\.safetensors$/, isSet: true },
  { pattern: /^pytorch_model\.bin$/, isSet: false },
  { pattern: /\.bin\.index\.json$/, isSet: false },
  { pattern: /^pytorch_model-\d+-of-\d+\.bin$/, isSet: true },
  { pattern: /^model\.json$/, isSet: false },
  { pattern: /\.(keras|onnx|h5|hdf5|pt|pth|ckpt|bin|npz)$/, isSet: false },
];

/** Opens one file; `close` of the model closes it and its shards. */
async function openFile(path: string, options: OpenPathOptions): Promise<Model> {
  const open: FileSource[] = [];
  const keep = (source: FileSource): FileSource => {
    open.push(source);
    return source;
  };
  const closeSources = async (): Promise<void> => {
    for (const source of open.splice(0)) await source.close();
  };
  try {
    const source = keep(await fileSource(path));
    const openShard = async (shard: string): Promise<FileSource> => keep(await openShardBeside(path, shard));
    const model = await openSource(source, { ...nodeLimits, file: path, ...options, openShard });
    return {
      ...model,
      async close() {
        await model.close();
        await closeSources();
      },
    };
  } catch (error) {
    await closeSources();
    throw error;
  }
}

/** Reads the text of `config.json` if it describes an architecture. */
async function readArchitecture(folder: string): Promise<string | undefined> {
  const path = join(folder, "config.json");
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size > nodeLimits.headerBytes) return undefined;
  return architectureOf(await readFile(path, "utf8"), { file: path });
}

/** Chooses the files of the model in a folder. */
async function modelFilesOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).sort();
  const refuse = (got: string): never => {
    throw new MalformedFileError("E_MODEL_FOLDER", { file: folder, expected: "a folder with one model", got });
  };
  for (const { pattern, isSet } of preferred) {
    const matches = names.filter((name) => pattern.test(name));
    if (matches.length === 0) continue;
    if (isSet || matches.length === 1) return matches;
    return refuse(`${matches.length} candidates, ${matches.slice(0, 4).map(quote).join(", ")}: pass one of them`);
  }
  const shown = names.slice(0, 4).map(quote).join(", ");
  return refuse(names.length === 0 ? "an empty folder" : `files that are no weights: ${shown}`);
}

/**
 * Adds the weights that the architecture shares with others and that are saved once, such as GPT-2's `lm_head.weight`.
 * An architecture that is not known has none.
 */
function withTied(model: Model, architecture: string | undefined): Model {
  if (architecture === undefined) return model;
  const config = boundedJson(architecture, { file: "config.json" }) as Readonly<Record<string, unknown>>;
  const { architectures, tie_word_embeddings: isTied } = config;
  const name: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  const found = tiedClasses.find((known) => known.architectures.includes(String(name)));
  if (found === undefined || !(typeof isTied === "boolean" ? isTied : found.isTied)) return model;
  const tensors = new Map(model.tensors);
  for (const [tied, source] of Object.entries(found.weights)) {
    const shared = tensors.get(source);
    if (shared === undefined || tensors.has(tied)) continue;
    tensors.set(tied, { ...shared, name: tied, read: async () => ({ ...(await shared.read()), name: tied }) });
  }
  return { ...model, tensors };
}

async function openFolder(folder: string, options: OpenPathOptions): Promise<Model> {
  const names = await modelFilesOf(folder);
  const parts: [string, Model][] = [];
  try {
    for (const name of names) parts.push([name, await openFile(join(folder, name), options)]);
    const [only] = parts;
    const model = parts.length === 1 && only !== undefined ? only[1] : joinModels(parts);
    const architecture = model.architecture ?? (await readArchitecture(folder));
    return withTied({ ...model, architecture }, architecture);
  } catch (error) {
    await closeAll(parts.map(([, model]) => model));
    throw error;
  }
}

/**
 * Opens the model in a file of any format, or in a folder, without reading its values. The format is detected from the
 * content. The limits default to `nodeLimits`.
 *
 * @throws MalformedFileError if the file is rejected, E_MODEL_FOLDER for a folder without a model; errors of the system.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * await writeTensorFile("build/open.safetensors", [bias], { force: true });
 * const model = await openModel("build/open.safetensors");
 * (await model.tensors.get("bias")?.read())?.data; // => Float32Array(2) [ 1, 2 ]
 * await model.close();
 */
export async function openModel(path: string, options: OpenPathOptions = {}): Promise<Model> {
  const found = await stat(path);
  return found.isDirectory() ? openFolder(path, options) : openFile(path, options);
}

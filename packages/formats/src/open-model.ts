// Opens a model from memory, from a Blob, or from several files, as a page has them.

import { type ByteSource, blobSource } from "./byte-source.ts";
import { detectFormat, type Model, type ModelParts, type OpenOptions } from "./formats.ts";
import { limitsOf } from "./limits.ts";
import { MalformedFileError, quote } from "./malformed-file-error.ts";
import { boundedJson, type JsonOptions } from "./parse-json.ts";
import type { StoredTensor } from "./tensor.ts";

/** A file with a name, such as one dropped on a page. */
export interface NamedBlob extends Blob {
  readonly name: string;
}

/** Completes what a format's `open` returned. */
export function modelOf({ metadata, layout, architecture, close, ...parts }: ModelParts): Model {
  return { ...parts, metadata: metadata ?? new Map(), layout, architecture, close: close ?? (async () => undefined) };
}

/** Opens one file of any format, detected from its content. */
export async function openSource(source: ByteSource, options: OpenOptions): Promise<Model> {
  return modelOf(await (await detectFormat(source, options)).open(source, options));
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Files of a folder that describe a model and have no weights. */
const isDescription = ({ name }: NamedBlob): boolean =>
  /^((tokenizer|special_tokens|preprocessor|generation|processor)\w*|config|vocab|merges|metadata|package(-lock)?|README)\.(json|md|txt)$/i.test(
    baseName(name),
  );

/** The files that name others: an index or a tfjs model. */
const isManifest = ({ name }: NamedBlob): boolean => /\.json$/i.test(name);

/** The file at `path` as a manifest names it: by its path, or by its name if only one file has it. */
function fileAt(files: readonly NamedBlob[], path: string): NamedBlob | undefined {
  const exact = files.filter(({ name }) => name === path || name.endsWith(`/${path}`));
  const named = exact.length > 0 ? exact : files.filter(({ name }) => baseName(name) === baseName(path));
  return named.length === 1 ? named[0] : undefined;
}

/** Returns the text of a config if it is JSON that describes an architecture; another one says nothing of the weights. */
export function architectureOf(text: string, options: JsonOptions): string | undefined {
  try {
    const config = boundedJson(text, options);
    const isNamed = ["model_type", "architectures", "class_name"].some((key) => Object.hasOwn(Object(config), key));
    return isNamed ? text : undefined;
  } catch (error) {
    if (error instanceof MalformedFileError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Closes models; the first error is thrown after all are closed. */
export async function closeAll(models: readonly Model[]): Promise<void> {
  const outcomes = await Promise.allSettled(models.map((model) => model.close()));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/**
 * Joins models that were opened from several files.
 *
 * @throws MalformedFileError E_MODEL_DUPLICATE if two files have a tensor of the same name.
 */
export function joinModels(parts: readonly (readonly [file: string, model: Model])[]): Model {
  const tensors = new Map<string, StoredTensor>();
  const owners = new Map<string, string>();
  for (const [file, model] of parts) {
    for (const [name, tensor] of model.tensors) {
      const other = owners.get(name);
      if (other !== undefined) {
        const [expected, got] = ["each tensor in one file", `it in ${quote(other)}, too`];
        throw new MalformedFileError("E_MODEL_DUPLICATE", { file, tensor: name, expected, got });
      }
      owners.set(name, file);
      tensors.set(name, tensor);
    }
  }
  const models = parts.map(([, model]) => model);
  const [first] = models as [Model];
  const isShared = <K extends keyof Model>(key: K): boolean => models.every((model) => model[key] === first[key]);
  return {
    format: first.format,
    tensors,
    metadata: new Map(models.flatMap(({ metadata }) => [...metadata])),
    skipped: models.flatMap(({ skipped }) => skipped),
    layout: isShared("layout") ? first.layout : undefined,
    architecture: models.find(({ architecture }) => architecture !== undefined)?.architecture,
    close: () => closeAll(models),
  };
}

/** Opens the files that a person chose together: a manifest with its shards, or files whose tensors are one model. */
async function openFiles(files: readonly NamedBlob[], options: OpenOptions): Promise<Model> {
  const weights = files.length === 1 ? files : files.filter((file) => !isDescription(file));
  if (weights.length === 0) {
    const got = files.length === 0 ? "none" : files.map(({ name }) => quote(name)).join(", ");
    throw new RangeError(`input: expected at least one file with weights, got ${got}`);
  }
  const manifests = weights.filter(isManifest);
  const chosen = manifests.length > 0 ? manifests : weights;
  const openShard = async (path: string): Promise<ByteSource> => {
    const file = fileAt(files, path);
    if (file !== undefined) return blobSource(file);
    const [expected, got] = [`the shard ${quote(path)} among the files`, "none or several of this name"];
    throw new MalformedFileError("E_TFJS_SHARD", { file: options.file, expected, got });
  };
  const parts: [string, Model][] = [];
  try {
    for (const file of chosen) {
      parts.push([file.name, await openSource(blobSource(file), { ...options, file: file.name, openShard })]);
    }
    const model = parts.length === 1 ? (parts[0]?.[1] as Model) : joinModels(parts);
    const config = files.find(({ name }) => baseName(name) === "config.json");
    const isText = config !== undefined && !chosen.includes(config) && config.size <= limitsOf(options).headerBytes;
    if (model.architecture !== undefined || !isText) return model;
    return { ...model, architecture: architectureOf(await config.text(), options) };
  } catch (error) {
    await closeAll(parts.map(([, model]) => model));
    throw error;
  }
}

/**
 * Opens a model without reading its values: a source of bytes, a Blob, or the files of one model together. The format is
 * detected from the content. `openShard` of the options opens the shards of an index or a tfjs model.
 *
 * @throws MalformedFileError with a code of the detected format, E_FORMAT_UNKNOWN or E_MODEL_DUPLICATE.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * const file = new Blob([writeSafetensors([bias])]);
 * const { tensors, format } = await openModel(file);
 * [format, ...tensors.keys()]; // => [ 'safetensors', 'bias' ]
 */
export async function openModel(
  input: ByteSource | Blob | readonly NamedBlob[],
  options: OpenOptions = {},
): Promise<Model> {
  if (Array.isArray(input)) return openFiles(input as readonly NamedBlob[], options);
  if (input instanceof Blob) {
    const { name } = input as Partial<NamedBlob>;
    return openSource(blobSource(input), name === undefined ? options : { file: name, ...options });
  }
  return openSource(input as ByteSource, options);
}

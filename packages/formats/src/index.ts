// The public names of @fanin/formats, for browsers and every other runtime; files on disk are in @fanin/formats/node.

export type { AnyDType, AnyTensor, Shape, TensorData } from "@fanin/tensor";
export { type ByteSource, blobSource, bytesSource, joinedSource } from "./byte-source.ts";
export {
  detectFormat,
  type Format,
  type FormatName,
  formatOfName,
  formats,
  type Model,
  type ModelLayout,
  type OpenOptions,
  type WriteOptions,
} from "./formats.ts";
export { kerasVariables } from "./keras/saved-variables.ts";
export { browserLimits, type Limits, nodeLimits, type ReadOptions, textLimits } from "./limits.ts";
export { type MalformedCode, MalformedFileError, malformedReasons } from "./malformed-file-error.ts";
export { npyChunks, openNpy, readNpy, writeNpy } from "./npy.ts";
export { type NpzOptions, npzChunks, openNpz, readNpz, writeNpz } from "./npz.ts";
export { type NamedBlob, openModel } from "./open-model.ts";
export type { OutputFile } from "./output-file.ts";
export { boundedJson, expectJsonBounds, type JsonOptions } from "./parse-json.ts";
export {
  type Metadata,
  openSafetensors,
  readSafetensors,
  type SafetensorsFile,
  safetensorsChunks,
  writeSafetensors,
} from "./safetensors.ts";
export { type SafetensorsEntry, type SafetensorsLayout, safetensorsHeader } from "./safetensors-header.ts";
export { type SkippedTensor, TensorMap } from "./skipped-tensor.ts";
export type { NamedTensor, StoredTensor, StreamedTensor, TensorInput } from "./tensor.ts";
export { openTfjsModel, readTfjsModel, type TfjsModel, type TfjsOptions, tfjsFiles, writeTfjsModel } from "./tfjs.ts";

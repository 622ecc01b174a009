// The public names of @fanin/formats/node: weight files on disk.

export { type FileSource, fileSource } from "./file-source.ts";
export { type OpenPathOptions, openModel } from "./open-model.ts";
export { isGone, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
export { openShardBeside } from "./shard-folder.ts";
export { syncFolder } from "./sync-folder.ts";
export { readTensorFile, writeTensorFile } from "./tensor-files.ts";
export {
  type FileToWrite,
  OutputExistsError,
  type PlaceOptions,
  TEMPORARY_ENDING,
  temporaryName,
  writeFileAtomically,
  writeFilesAtomically,
} from "./write-atomically.ts";

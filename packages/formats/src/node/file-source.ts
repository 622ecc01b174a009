// A regular file on disk as a source of bytes.

import { constants, readSync } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import type { ByteSource } from "../byte-source.ts";

/** A source of an open file; close it after use. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** Bytes of one read: some platforms cannot read 2 GiB at once. */
const MAX_READ = 2 ** 30;

async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, Math.min(MAX_READ, length - filled), offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function readFullySync(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(descriptor, bytes, filled, Math.min(MAX_READ, length - filled), offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

/**
 * Opens a regular file. Rejects folders, pipes and devices, which have no size or never end.
 *
 * @throws Error with the system's code (ENOENT, EACCES, ...); TypeError if it is not a regular file.
 * @example
 * const source = await fileSource("package.json");
 * source.size > 0; // => true
 * await source.close();
 */
export async function fileSource(path: string, flags: number = constants.O_RDONLY): Promise<FileSource> {
  // Checked before opening, because opening a pipe waits for its writer.
  const found = await stat(path);
  if (!found.isFile()) {
    const kind = found.isDirectory() ? "the folder" : "the pipe or device";
    const error = new TypeError(`path: expected a plain file, got ${kind} ${JSON.stringify(path)}`);
    throw Object.assign(error, { code: "ERR_INVALID_ARG_VALUE" });
  }
  const handle = await open(path, flags);
  try {
    const { size } = await handle.stat();
    return {
      size,
      read: (offset, length) => readFully(handle, offset, length),
      readSync: (offset, length) => readFullySync(handle.fd, offset, length),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

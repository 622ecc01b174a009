// Sources of bytes: memory, a Blob, a file (see node/), or several sources joined.

import { MalformedFileError } from "./malformed-file-error.ts";

/** Random access to bytes that need not be in memory. */
export interface ByteSource {
  readonly size: number;
  /** Reads `length` bytes from `offset`; callers keep both within the source. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * Reads as `read` does, synchronously; HDF5 files need it. Without it they are read into memory as a whole.
   * Memory and open files have it; a Blob has it in a worker.
   */
  readSync?(offset: number, length: number): Uint8Array;
}

/** Bytes of one read when a whole file is read. */
export const CHUNK_BYTES: number = 2 ** 20;

/**
 * Makes a source of bytes in memory; its reads share that memory.
 *
 * @example
 * await bytesSource(Uint8Array.of(1, 2, 3, 4)).read(1, 2); // => Uint8Array(2) [ 2, 3 ]
 */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    readSync: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/**
 * Makes a source of a Blob, such as a File dropped on a page.
 *
 * @example
 * blobSource(new Blob(["four"])).size; // => 4
 */
export function blobSource(blob: Blob): ByteSource {
  const source: ByteSource = {
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
  // Workers have it, and pages and Node do not.
  const { FileReaderSync } = globalThis as {
    FileReaderSync?: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
  };
  if (FileReaderSync === undefined) return source;
  const reader = new FileReaderSync();
  const readSync = (offset: number, length: number): Uint8Array =>
    new Uint8Array(reader.readAsArrayBuffer(blob.slice(offset, offset + length)));
  return { ...source, readSync };
}

/** Makes a source of a part of another; its bytes are not copied. */
export function windowSource(source: ByteSource, start: number, size: number): ByteSource {
  const { readSync } = source;
  return {
    size,
    read: (offset, length) => source.read(start + offset, length),
    ...(readSync && { readSync: (offset: number, length: number) => readSync.call(source, start + offset, length) }),
  };
}

/**
 * Concatenates sources. A read within one source returns the bytes of that source without a copy.
 *
 * @example
 * joinedSource([bytesSource(Uint8Array.of(1, 2)), bytesSource(Uint8Array.of(3))]).size; // => 3
 */
export function joinedSource(parts: readonly ByteSource[]): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const part of parts) {
    starts.push(size);
    size += part.size;
  }

  /** Finds the last part that starts at or before `offset`, by bisection: there may be thousands of parts and tensors. */
  function partAt(offset: number): number {
    let [low, high] = [0, parts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  return {
    size,
    async read(offset, length) {
      const first = partAt(offset);
      const start = offset - (starts[first] as number);
      const only = parts[first];
      if (only !== undefined && start + length <= only.size) return readExactly(only, start, length);
      const whole = new Uint8Array(length);
      for (let index = first, at = offset; at < offset + length && index < parts.length; index++) {
        const part = parts[index] as ByteSource;
        const from = at - (starts[index] as number);
        const taken = Math.min(offset + length - at, part.size - from);
        if (taken > 0) whole.set(await readExactly(part, from, taken), at - offset);
        at += Math.max(0, taken);
      }
      return whole;
    },
  };
}

/**
 * Reads exactly `length` bytes.
 *
 * @throws MalformedFileError E_SOURCE_SHORT if the source returns fewer; RangeError if one array cannot hold them.
 */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  file?: string,
): Promise<Uint8Array> {
  if (length === 0) return new Uint8Array(0);
  const bytes = await source.read(offset, length).catch((cause: unknown) => {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(`${length} bytes at ${offset} do not fit in one array; read them in slices`, {
      cause,
    });
  });
  if (bytes.length !== length) {
    throw new MalformedFileError("E_SOURCE_SHORT", {
      file,
      expected: `${length} bytes at ${offset}`,
      got: `${bytes.length}`,
    });
  }
  return bytes;
}

/** Reads the bytes from `start` up to `end` in chunks. */
export async function* readChunks(
  source: ByteSource,
  start: number,
  end: number,
  file?: string,
  chunkBytes: number = CHUNK_BYTES,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = start; offset < end; offset += chunkBytes) {
    yield await readExactly(source, offset, Math.min(chunkBytes, end - offset), file);
  }
}

/**
 * Checks a slice's bounds.
 *
 * @throws RangeError if they are not ordered integers within [0, size].
 */
export function expectSlice(start: number, end: number, size: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > size) {
    throw new RangeError(`start, end: expected 0 <= start <= end <= ${size}, got ${start}, ${end}`);
  }
}

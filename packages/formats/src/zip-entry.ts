// Reads a zip entry: in chunks, whole, or by random access. Every way checks its size and checksum.

import { concatenate } from "./byte-order.ts";
import { type ByteSource, CHUNK_BYTES, readChunks, readExactly } from "./byte-source.ts";
import { crc32 } from "./crc32.ts";
import { transformed } from "./deflate.ts";
import { MalformedFileError } from "./malformed-file-error.ts";
import { allocate } from "./tensor.ts";
import type { ZipEntry } from "./zip-reader.ts";

/** Compressed bytes passed to the platform at once; bounds its buffer of inflated bytes. */
const DEFLATED_CHUNK_BYTES = 16384;

/** An entry of an open archive. */
export interface EntryReader {
  /** Reads up to `length` bytes from the start; the checksum is not verified yet. */
  head(length: number): Promise<Uint8Array>;
  /** Reads all bytes. @throws MalformedFileError E_ZIP_DEFLATE, E_ZIP_SIZE or E_ZIP_CRC. */
  whole(): Promise<Uint8Array<ArrayBuffer>>;
  /** Yields all bytes in chunks, and verifies the checksum after the last one. @throws as {@link EntryReader.whole} does. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Reads the entry, once, to verify its checksum. @throws as {@link EntryReader.whole} does. */
  verify(): Promise<void>;
  /**
   * Random access; verifies the checksum first. A read after the previous one continues inflating, so that reads in
   * ascending order inflate the entry once. A read before it restarts.
   */
  readonly source: ByteSource;
}

/** Yields the bytes of an entry in chunks; throws if their number differs from the stated size. */
async function* entryChunks(
  source: ByteSource,
  entry: ZipEntry,
  file?: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { name, start, compressedSize, size } = entry;
  const end = start + compressedSize;
  if (!entry.deflated) {
    yield* readChunks(source, start, end, file, CHUNK_BYTES);
    return;
  }
  let length = 0;
  // An error of reading the file must not be reported as damage of the data.
  let readFault: unknown;
  async function* compressed(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* readChunks(source, start, end, file, DEFLATED_CHUNK_BYTES);
    } catch (error) {
      readFault = error;
      throw error;
    }
  }
  const chunks = transformed(compressed(), new DecompressionStream("deflate-raw"));
  try {
    for (;;) {
      const { done, value } = await chunks.next().catch((cause: unknown) => {
        if (readFault !== undefined) throw readFault;
        const got = "other bytes";
        throw new MalformedFileError("E_ZIP_DEFLATE", { file, tensor: name, expected: "deflated bytes", got, cause });
      });
      if (done) break;
      length += value.length;
      if (length > size) break;
      yield value;
    }
  } finally {
    await chunks.return();
  }
  if (length !== size) {
    const got = length > size ? "more" : `${length}`;
    throw new MalformedFileError("E_ZIP_SIZE", { file, tensor: name, expected: `${size} inflated bytes`, got });
  }
}

/** Random access by a cursor: a read in ascending order continues, an earlier one restarts. */
class InflatingCursor {
  readonly #open: () => AsyncGenerator<Uint8Array, void, undefined>;
  #chunks: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  /** The inflated bytes that are not consumed yet, and their offset in the entry. */
  #left: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(open: () => AsyncGenerator<Uint8Array, void, undefined>) {
    this.#open = open;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.#chunks === undefined || offset < this.#at) {
      await this.#chunks?.return();
      this.#chunks = this.#open();
      this.#left = new Uint8Array(0);
      this.#at = 0;
    }
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#left.length === 0) {
        const { done, value } = await this.#chunks.next();
        if (done) break;
        this.#left = value;
      }
      const skipped = Math.min(this.#left.length, offset + filled - this.#at);
      const part = this.#left.subarray(skipped, skipped + length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#left = this.#left.subarray(skipped + part.length);
      this.#at += skipped + part.length;
    }
    return bytes.subarray(0, filled);
  }
}

/** Opens an entry without reading it. */
export function entryReader(source: ByteSource, entry: ZipEntry, file?: string): EntryReader {
  const { name, deflated, size, start } = entry;
  let isVerified = false;
  let verifying: Promise<void> | undefined;

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    if (isVerified) {
      yield* entryChunks(source, entry, file);
      return;
    }
    let crc = 0;
    for await (const chunk of entryChunks(source, entry, file)) {
      crc = crc32(chunk, crc);
      yield chunk;
    }
    if (crc !== entry.crc) {
      const [expected, got] = [entry.crc, crc].map((value) => `CRC-32 ${value.toString(16).padStart(8, "0")}`);
      throw new MalformedFileError("E_ZIP_CRC", { file, tensor: name, expected: `${expected}`, got: `${got}` });
    }
    isVerified = true;
  }

  async function goThrough(): Promise<void> {
    for await (const _ of chunks());
  }

  const verify = async (): Promise<void> => {
    if (isVerified) return;
    verifying ??= goThrough();
    await verifying;
  };

  const cursor = new InflatingCursor(() => entryChunks(source, entry, file));
  // Concurrent reads would move each other's cursor.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (offset: number, length: number): Promise<Uint8Array> => {
    const next = last.then(() => cursor.read(offset, length));
    last = next.catch(() => undefined);
    return next;
  };

  return {
    async head(length) {
      if (!deflated) return readExactly(source, start, Math.min(length, size), file);
      const parts: Uint8Array[] = [];
      let filled = 0;
      for await (const chunk of entryChunks(source, entry, file)) {
        parts.push(chunk);
        filled += chunk.length;
        if (filled >= length) break;
      }
      return concatenate(parts).subarray(0, length);
    },
    async whole() {
      const bytes = allocate("uint8", size);
      let at = 0;
      for await (const chunk of chunks()) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return bytes;
    },
    chunks,
    verify,
    source: {
      size,
      async read(offset, length) {
        await verify();
        return deflated ? inTurn(offset, length) : source.read(start + offset, length);
      },
    },
  };
}

// The bytes of a zip entry: from the start in pieces, whole, or at random; in every way its size and checksum are checked.

import { concatenate } from "./byte-order.ts";
import { type ByteSource, CHUNK_BYTES, readChunks, readExactly } from "./byte-source.ts";
import { crc32 } from "./crc32.ts";
import { transformed } from "./deflate.ts";
import { MalformedFileError } from "./malformed-file-error.ts";
import { allocate } from "./tensor.ts";
import type { ZipEntry } from "./zip-reader.ts";

/** Compressed bytes given to the platform at once, which bounds what it may hold inflated. */
const DEFLATED_CHUNK_BYTES = 16384;

/** An entry of an archive that is open. */
export interface EntryReader {
  /** The first bytes, `length` at most, before the checksum is known. */
  head(length: number): Promise<Uint8Array>;
  /** All bytes. @throws MalformedFileError E_ZIP_DEFLATE, E_ZIP_SIZE or E_ZIP_CRC. */
  whole(): Promise<Uint8Array<ArrayBuffer>>;
  /** All bytes in pieces, the checksum compared after the last. @throws as {@link EntryReader.whole} does. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Goes through the entry, once, to compare its checksum. @throws as {@link EntryReader.whole} does. */
  verify(): Promise<void>;
  /**
   * Random access, which verifies first. A read behind the last one goes on inflating, so that reads in rising order
   * together inflate the entry once; one before it begins at the start.
   */
  readonly source: ByteSource;
}

/** The entry's bytes in pieces, which end with an error where they are more or fewer than the entry says. */
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
  // What fails while the file is read must not be taken for damage of what was read.
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

/** Reads in rising order go on where the last one ended; an earlier one begins again at the start. */
class InflatingCursor {
  readonly #open: () => AsyncGenerator<Uint8Array, void, undefined>;
  #chunks: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  /** What has come and is not read yet, and where in the entry it begins. */
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

/** Opens an entry; nothing is read yet. */
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
  // Two reads at the same time would move the cursor under each other.
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

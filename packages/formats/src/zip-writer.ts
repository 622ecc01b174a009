// Writes zip archives front to back: stored or deflated, with zip64 if an entry or the archive needs it, deterministically.
// PKWARE APPNOTE 6.3.10; the date is 1980-01-01, so that equal tensors make equal files.

import { concatenate } from "./byte-order.ts";
import { crc32 } from "./crc32.ts";
import { transformed } from "./deflate.ts";

/** An entry to write. */
export interface ZipItem {
  readonly name: string;
  /** Total number of bytes of `chunks`. */
  readonly size: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** Sizes up to here fit in 32 bits even with the overhead that deflate adds to incompressible bytes. */
const ZIP64_FROM = 0xf0000000;
const FLAGS = 0x0808; // sizes follow the data; the name is UTF-8
const DATE = 0x0021;
const LOCAL_BYTES = 30;

type Field = readonly [bytes: 2 | 4 | 8, value: number];

function record(...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((length, [size]) => length + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  return bytes;
}

/** The identifier of padding, as PyTorch writes it; readers skip fields that they do not know. */
const PADDING = 0x4246;

/** A field that moves the data of an entry to a multiple of `alignment`; empty for an alignment of 1. */
function paddingFor(dataStart: number, alignment: number): Uint8Array<ArrayBuffer> {
  if (alignment === 1) return new Uint8Array(0);
  const length = (alignment - ((dataStart + 4) % alignment)) % alignment;
  const field = new Uint8Array(4 + length);
  field.set(record([2, PADDING], [2, length]));
  return field;
}

/** Yields an archive in chunks. The data of each entry begins at a multiple of `alignment`. */
export async function* zipChunks(
  items: readonly ZipItem[],
  compress: boolean,
  alignment = 1,
): AsyncGenerator<Uint8Array, void, undefined> {
  const directory: Uint8Array[] = [];
  const method = compress ? 8 : 0;
  let offset = 0;
  for (const { name, size, chunks } of items) {
    const rawName = new TextEncoder().encode(name);
    const header = offset;
    const zip64 = size >= ZIP64_FROM;
    const version = zip64 ? 45 : 20;
    const sizes = zip64 ? 0xffffffff : 0;
    const large64 = zip64 ? record([2, 1], [2, 16], [8, 0], [8, 0]) : new Uint8Array(0);
    const padding = paddingFor(offset + LOCAL_BYTES + rawName.length + large64.length, alignment);
    const extra = concatenate([large64, padding]);
    const local = record(
      [4, 0x04034b50],
      [2, version],
      [2, FLAGS],
      [2, method],
      [2, 0],
      [2, DATE],
      [4, 0],
      [4, sizes],
      [4, sizes],
      [2, rawName.length],
      [2, extra.length],
    );
    yield local;
    yield rawName;
    yield extra;
    offset += local.length + rawName.length + extra.length;

    let crc = 0;
    async function* counted(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const chunk of chunks()) {
        crc = crc32(chunk, crc);
        yield chunk;
      }
    }
    const dataStart = offset;
    for await (const chunk of compress ? transformed(counted(), new CompressionStream("deflate-raw")) : counted()) {
      offset += chunk.length;
      yield chunk;
    }
    const compressed = offset - dataStart;
    const width = zip64 ? 8 : 4;
    const descriptor = record([4, 0x08074b50], [4, crc], [width, compressed], [width, size]);
    yield descriptor;
    offset += descriptor.length;

    const far = header >= 0xffffffff;
    const large: Field[] = [
      ...(zip64
        ? ([
            [8, size],
            [8, compressed],
          ] as const)
        : []),
      ...(far ? ([[8, header]] as const) : []),
    ];
    const extraField = large.length === 0 ? new Uint8Array(0) : record([2, 1], [2, 8 * large.length], ...large);
    directory.push(
      record(
        [4, 0x02014b50],
        [2, far || zip64 ? 45 : 20],
        [2, far || zip64 ? 45 : 20],
        [2, FLAGS],
        [2, method],
        [2, 0],
        [2, DATE],
        [4, crc],
        [4, zip64 ? 0xffffffff : compressed],
        [4, zip64 ? 0xffffffff : size],
        [2, rawName.length],
        [2, extraField.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, far ? 0xffffffff : header],
      ),
      rawName,
      extraField,
    );
  }
  yield* directory;
  const size = directory.reduce((length, part) => length + part.length, 0);
  yield endRecord(items.length, size, offset);
}

/** Makes the end of an archive, with zip64 records if a number exceeds the plain record. */
function endRecord(count: number, size: number, offset: number): Uint8Array {
  const zip64 = count >= 0xffff || size >= 0xffffffff || offset >= 0xffffffff;
  const locator: Field[] = zip64
    ? [
        [4, 0x06064b50],
        [8, 44],
        [2, 45],
        [2, 45],
        [4, 0],
        [4, 0],
        [8, count],
        [8, count],
        [8, size],
        [8, offset],
        [4, 0x07064b50],
        [4, 0],
        [8, offset + size],
        [4, 1],
      ]
    : [];
  const [shortCount, shortSize, shortOffset] = zip64 ? [0xffff, 0xffffffff, 0xffffffff] : [count, size, offset];
  return record(
    ...locator,
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, shortCount],
    [2, shortCount],
    [4, shortSize],
    [4, shortOffset],
    [2, 0],
  );
}

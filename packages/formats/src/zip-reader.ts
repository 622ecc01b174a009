// Reads zip archives by their central directory, and checks every entry before one is inflated.
// PKWARE APPNOTE 6.3.10, including zip64. Encryption, links, methods other than deflate, and several disks are rejected.

import { type ByteSource, readExactly } from "./byte-source.ts";
import type { Limits } from "./limits.ts";
import { type MalformedCode, MalformedFileError, quote } from "./malformed-file-error.ts";

/** An entry that passed every check. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Offset of the compressed bytes. */
  readonly start: number;
  /** The reason why it cannot be read in an intact archive: encryption, or an unsupported method. */
  readonly fault?: MalformedFileError | undefined;
}

/** An entry of the central directory. */
interface DirectoryEntry extends Omit<ZipEntry, "start"> {
  /** Offset of the local header. */
  readonly header: number;
  readonly method: number;
  readonly rawName: Uint8Array;
}

const END_BYTES = 22;
const MAX_COMMENT = 65535;
const DIRECTORY_BYTES = 46;
const LOCAL_BYTES = 30;
const MIB: number = 2 ** 20;

/** The 32-bit value that refers to the zip64 record. */
const IN_ZIP64 = 0xffffffff;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads a 64-bit integer as a number. Beyond 2^53 it is inexact, but still out of bounds. */
function uint64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}

/**
 * Reads the central directory and the local headers.
 *
 * @throws MalformedFileError with a code E_ZIP_....
 */
export async function openZip(source: ByteSource, limits: Limits, file?: string): Promise<ZipEntry[]> {
  const refuse = (code: MalformedCode, expected: string, got: string, tensor?: string): never => {
    throw new MalformedFileError(code, { file, tensor, expected, got });
  };
  const { count, offset, size } = await findDirectory(source, refuse, file);
  if (count > limits.entries) refuse("E_ZIP_ENTRIES", `at most ${limits.entries} entries`, `${count}`);
  // An entry has 46 fixed bytes and three fields of at most 64 KiB.
  if (size < count * DIRECTORY_BYTES || size > count * (DIRECTORY_BYTES + 3 * 65535)) {
    refuse("E_ZIP_DIRECTORY", `a directory of ${count} entries`, `${size} bytes`);
  }
  if (size > limits.headerBytes) {
    refuse("E_ZIP_DIRECTORY", `a directory of at most ${limits.headerBytes} bytes`, `${size} bytes`);
  }
  const directory = parseDirectory(await readExactly(source, offset, size, file), count, refuse, file);
  checkInflation(directory, limits, refuse);
  return locate(source, directory, offset, refuse, file);
}

type Refuse = (code: MalformedCode, expected: string, got: string, tensor?: string) => never;

/** Finds the end record, which must end the file, and the directory, which must end right before it. */
async function findDirectory(
  source: ByteSource,
  refuse: Refuse,
  file: string | undefined,
): Promise<{ count: number; offset: number; size: number }> {
  const tailStart = Math.max(0, source.size - END_BYTES - MAX_COMMENT - 20);
  const tail = await readExactly(source, tailStart, source.size - tailStart, file);
  const view = viewOf(tail);
  let at = tail.length - END_BYTES;
  while (
    at >= 0 &&
    !(view.getUint32(at, true) === 0x06054b50 && at + END_BYTES + view.getUint16(at + 20, true) === tail.length)
  )
    at--;
  if (at < 0) return refuse("E_ZIP_END", "a zip end record at the end of the file", "none");
  const disks = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
  let here = view.getUint16(at + 8, true);
  let count = view.getUint16(at + 10, true);
  let size = view.getUint32(at + 12, true);
  let offset = view.getUint32(at + 16, true);
  let end = tailStart + at;
  if (at >= 20 && view.getUint32(at - 20, true) === 0x07064b50) {
    const position = uint64(view, at - 12);
    // Records with an extensible part are rejected, so the record ends where its locator begins.
    if (position !== end - 20 - 56) refuse("E_ZIP_END", `a zip64 end record at ${end - 76}`, `${position}`);
    const record = viewOf(await readExactly(source, position, 56, file));
    if (record.getUint32(0, true) !== 0x06064b50) refuse("E_ZIP_END", "a zip64 end record", "other bytes");
    disks.push(record.getUint32(16, true), record.getUint32(20, true), view.getUint32(at - 16, true));
    [here, count, size, offset] = [uint64(record, 24), uint64(record, 32), uint64(record, 40), uint64(record, 48)];
    end = position;
  }
  if (disks.some((disk) => disk !== 0) || here !== count) refuse("E_ZIP_END", "an archive on one disk", "several");
  if (offset + size !== end) refuse("E_ZIP_END", `a directory that ends at ${end}`, `${offset + size}`);
  return { count, offset, size };
}

/** Returns the reason why an entry cannot be read, if any. */
function faultOf(flags: number, method: number, tensor: string, file?: string): MalformedFileError | undefined {
  const fault = (code: MalformedCode, expected: string, got: string): MalformedFileError =>
    new MalformedFileError(code, { file, tensor, expected, got });
  if (flags & 0x2041) return fault("E_ZIP_ENCRYPTED", "a plain entry", "an encrypted one");
  if (method !== 0 && method !== 8)
    return fault("E_ZIP_METHOD", "an entry that is stored (method 0) or deflated (8)", `method ${method}`);
  return undefined;
}

function parseDirectory(bytes: Uint8Array, count: number, refuse: Refuse, file?: string): DirectoryEntry[] {
  const view = viewOf(bytes);
  const entries: DirectoryEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + DIRECTORY_BYTES > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      refuse("E_ZIP_DIRECTORY", `entry ${index} of ${count} at ${at} of the directory`, "other bytes");
    }
    const nameEnd = at + DIRECTORY_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > bytes.length) refuse("E_ZIP_DIRECTORY", `entry ${index} within the directory`, "its end beyond it");
    const flags = view.getUint16(at + 8, true);
    const rawName = bytes.subarray(at + DIRECTORY_BYTES, nameEnd);
    const name = expectEntryName(rawName, (flags & 0x800) !== 0, refuse);
    if (names.has(name)) refuse("E_ZIP_DUPLICATE", "a unique name", "the same name again", name);
    names.add(name);
    const type = (view.getUint32(at + 38, true) >>> 28) & 15;
    const isFolder = type === 4 && name.endsWith("/");
    if (type !== 0 && type !== 8 && !isFolder) {
      refuse("E_ZIP_SYMLINK", "a plain file", type === 10 ? "a symbolic link" : `a file of type ${type}`, name);
    }
    const method = view.getUint16(at + 10, true);
    const fault = faultOf(flags, method, name, file);
    const large = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
    const [size, compressedSize, header] = withZip64(large, view, nameEnd, extraEnd, name, refuse);
    const deflated = method === 8;
    if (fault === undefined && !deflated && size !== compressedSize) {
      refuse("E_ZIP_SIZE", `${size} stored bytes`, `${compressedSize}`, name);
    }
    const crc = view.getUint32(at + 16, true);
    entries.push({ name, rawName, method, deflated, crc, size, compressedSize, header, fault });
    at = next;
  }
  if (at !== bytes.length) refuse("E_ZIP_DIRECTORY", `a directory of ${at} bytes`, `${bytes.length}`);
  return entries;
}

/** Replaces sizes and an offset that do not fit in 32 bits with those of the zip64 extra field. */
function withZip64(
  fields: number[],
  view: DataView,
  start: number,
  end: number,
  name: string,
  refuse: Refuse,
): [size: number, compressedSize: number, header: number] {
  let at = start;
  while (at + 4 <= end && view.getUint16(at, true) !== 1) at += 4 + view.getUint16(at + 2, true);
  let field = at + 4;
  const fieldEnd = at + 4 <= end ? Math.min(end, field + view.getUint16(at + 2, true)) : field;
  const values = fields.map((value) => {
    if (value !== IN_ZIP64) return value;
    if (field + 8 > fieldEnd) return refuse("E_ZIP_DIRECTORY", "a zip64 field", "none", name);
    field += 8;
    return uint64(view, field - 8);
  });
  if (!values.every(Number.isSafeInteger)) refuse("E_ZIP_DIRECTORY", "sizes below 2^53", values.join(", "), name);
  return values as [number, number, number];
}

/** Names without the UTF-8 flag use code page 437, of which only ASCII is accepted. */
function expectEntryName(bytes: Uint8Array, utf8: boolean, refuse: Refuse): string {
  let name: string;
  try {
    name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("E_ZIP_NAME", "a name in UTF-8", "other bytes");
  }
  if (!utf8 && bytes.some((byte) => byte > 127))
    refuse("E_ZIP_NAME", "a name in ASCII or flagged as UTF-8", quote(name));
  const reason = entryNameFault(name);
  if (reason !== undefined) refuse("E_ZIP_NAME", "a relative name within the archive", `${quote(name)}, ${reason}`);
  return name;
}

/** Describes the fault of an entry's name, if any. */
export function entryNameFault(name: string): string | undefined {
  if (name === "") return "which is empty";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are rejected
  if (/[\u0000-\u001f\u007f]/.test(name)) return "which has control characters";
  if (name.includes("\\")) return "which has a backslash";
  if (name.startsWith("/") || /^[a-zA-Z]:/.test(name)) return "which is absolute";
  if (name.split("/").includes("..")) return "which leaves the folder";
  return undefined;
}

/** Bounds the inflated sizes; stored entries cannot be larger than the file. */
function checkInflation(entries: readonly DirectoryEntry[], limits: Limits, refuse: Refuse): void {
  let total = 0;
  for (const { name, deflated, size, compressedSize } of entries) {
    if (!deflated) continue;
    total += size;
    if (size > limits.entryBytes) refuse("E_ZIP_LIMIT", `at most ${limits.entryBytes} bytes`, `${size}`, name);
    if (total > limits.totalBytes)
      refuse("E_ZIP_LIMIT", `at most ${limits.totalBytes} bytes together`, `${total}`, name);
    // A small bias of zeros deflates a thousandfold without being a bomb.
    if (size > MIB && size > compressedSize * limits.ratio) {
      refuse(
        "E_ZIP_RATIO",
        `at most ${limits.ratio} times its ${compressedSize} compressed bytes`,
        `${size} bytes`,
        name,
      );
    }
  }
}

/** Reads each local header for the offset of the bytes, and checks that no two entries share bytes. */
async function locate(
  source: ByteSource,
  entries: readonly DirectoryEntry[],
  directoryStart: number,
  refuse: Refuse,
  file: string | undefined,
): Promise<ZipEntry[]> {
  const located = new Map<string, ZipEntry>();
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.header - b.header)) {
    const { name, rawName, header, compressedSize } = entry;
    if (header < free) refuse("E_ZIP_OVERLAP", `an entry from ${free} on`, `${header}`, name);
    const nameStart = header + LOCAL_BYTES;
    if (nameStart + rawName.length > directoryStart) {
      refuse("E_ZIP_LOCAL", "a local header before the directory", `one at ${header}`, name);
    }
    const bytes = await readExactly(source, header, LOCAL_BYTES + rawName.length, file);
    const view = viewOf(bytes);
    const agrees =
      view.getUint32(0, true) === 0x04034b50 &&
      view.getUint16(8, true) === entry.method &&
      view.getUint16(26, true) === rawName.length &&
      rawName.every((byte, i) => byte === bytes[LOCAL_BYTES + i]);
    if (!agrees) refuse("E_ZIP_LOCAL", "a local header of the same name and method", "another", name);
    const start = nameStart + rawName.length + view.getUint16(28, true);
    free = start + compressedSize;
    if (free > directoryStart)
      refuse("E_ZIP_OVERLAP", `an end before the directory at ${directoryStart}`, `${free}`, name);
    const { deflated, crc, size, fault } = entry;
    located.set(name, { name, deflated, crc, compressedSize, size, start, fault });
  }
  // The entry of a folder has no bytes, so it is neither read nor listed as skipped.
  const files = entries.filter(({ name, size }) => !(name.endsWith("/") && size === 0));
  return files.map(({ name }) => located.get(name) as ZipEntry);
}

// Reads IDX files, plain or gzip: the format of MNIST and Fashion-MNIST. Runs in browsers too, so it uses no Node API.
// Source: Y. LeCun, "The MNIST database", section "File formats"; RFC 1952 for gzip.

import type { MalformedFileError } from "@fanin/formats";
import { describeValue, expectInteger } from "@fanin/tensor/arguments";
import { type DatasetCode, malformedDataset } from "./malformed-dataset.ts";

const IMAGES_MAGIC = 2051; // unsigned bytes, three dimensions: 0x00000803
const LABELS_MAGIC = 2049; // unsigned bytes, one dimension: 0x00000801
const WORD = 4; // bytes of the magic and of each dimension
const LONGEST_HEADER = 4 * WORD;
const MAX_SIDE = 16384; // pixels; far beyond any data set of this kind
const DEFLATE_RATIO = 1032; // deflate makes at best 258 bytes of two bits

/** Images, row by row. */
export interface IdxImages {
  readonly kind: "images";
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** `count * height * width` bytes; a view of the input if that was not compressed. */
  readonly values: Uint8Array;
}

/** Labels, one byte each. */
export interface IdxLabels {
  readonly kind: "labels";
  readonly count: number;
  readonly values: Uint8Array;
}

/** Options of {@link readIdx}. */
export interface IdxOptions {
  /** The greatest size of the inflated examples, in bytes. Defaults to 2^30 (1 GiB). */
  readonly limit?: number | undefined;
}

/** Options of {@link readIdxLabels}. */
export interface IdxLabelsOptions extends IdxOptions {
  /** The number of classes, from 1 to 256; labels are from 0 to `classes - 1`. Defaults to 256. */
  readonly classes?: number | undefined;
}

type Kind = "images" | "labels";

/** The header of a file. */
interface Header {
  readonly kind: Kind;
  readonly dimensions: readonly number[];
  /** Bytes of the header and of all examples. */
  readonly start: number;
  readonly length: number;
}

const bytesOf = (count: number): string => (count === 1 ? "1 byte" : `${count} bytes`);

/** Reads the header from the first bytes of a file, of which `available` bytes are there. */
function readHeader(first: Uint8Array, file: string, wanted: Kind | undefined, limit: number): Header {
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const truncated = (needed: number): MalformedFileError<DatasetCode> =>
    malformedDataset(
      "E_IDX_TRUNCATED",
      file,
      `a header of ${needed} bytes`,
      `${bytesOf(first.length)} in the whole file`,
    );
  if (first.length < WORD) throw truncated(wanted === "images" ? LONGEST_HEADER : 2 * WORD);
  const magic = view.getUint32(0);
  const kind = magic === IMAGES_MAGIC ? "images" : magic === LABELS_MAGIC ? "labels" : undefined;
  if (kind === undefined || (wanted !== undefined && kind !== wanted)) {
    const known = { images: `${IMAGES_MAGIC} (images)`, labels: `${LABELS_MAGIC} (labels)` };
    const expected = wanted === undefined ? `${known.images} or ${known.labels}` : known[wanted];
    throw malformedDataset(
      "E_IDX_MAGIC",
      file,
      `the magic number ${expected}`,
      kind === undefined ? `${magic}` : `${known[kind]}: this file holds ${kind}, not ${wanted}`,
    );
  }
  const start = kind === "images" ? LONGEST_HEADER : 2 * WORD;
  if (first.length < start) throw truncated(start);
  const dimensions: number[] = [];
  for (let at = WORD; at < start; at += WORD) dimensions.push(view.getUint32(at));
  const [count = 0, height = 1, width = 1] = dimensions;
  const largest = Math.max(height, width);
  if (count === 0 || height === 0 || width === 0 || largest > MAX_SIDE) {
    throw malformedDataset(
      "E_IDX_DIMENSIONS",
      file,
      kind === "images" ? `at least one image, of 1 to ${MAX_SIDE} pixels a side` : "at least one label",
      kind === "images" ? `${count} images of ${height} x ${width}` : `${count} labels`,
    );
  }
  const length = count * height * width; // beyond 2^53 it is rounded, but over any limit
  if (length > limit) {
    throw malformedDataset("E_IDX_LIMIT", file, `examples of at most ${limit} bytes`, `${length} bytes`);
  }
  return { kind, dimensions, start, length };
}

function truncatedError(file: string, { start, length }: Header, got: string): MalformedFileError<DatasetCode> {
  return malformedDataset("E_IDX_TRUNCATED", file, bytesOf(start + length), got);
}

function trailingError(file: string, { start, length }: Header, got: string): MalformedFileError<DatasetCode> {
  return malformedDataset("E_IDX_TRAILING", file, bytesOf(start + length), got);
}

/** The platform's description of the fault. Some versions put it in the error, others in its cause. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || (error.cause === undefined ? "other bytes" : faultOf(error.cause));
}

/** The inflated bytes of a gzip file, in chunks. */
async function* inflate(bytes: Uint8Array, file: string): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  // A failure here also fails at the reading end, which reports it.
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close());
  written.catch(() => undefined);
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw malformedDataset("E_IDX_GZIP", file, "an intact gzip file", faultOf(cause), { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Inflates no further than the header allows, into an array of the header's size. */
async function readCompressed(
  bytes: Uint8Array,
  file: string,
  wanted: Kind | undefined,
  limit: number,
): Promise<[Header, Uint8Array]> {
  const first = new Uint8Array(LONGEST_HEADER);
  let header: Header | undefined;
  let values = new Uint8Array(0);
  let position = 0; // in the inflated file
  for await (const piece of inflate(bytes, file)) {
    if (position < LONGEST_HEADER) first.set(piece.subarray(0, LONGEST_HEADER - position), position);
    const end = position + piece.length;
    if (header === undefined && end >= LONGEST_HEADER) {
      header = readHeader(first, file, wanted, limit);
      if (header.length > bytes.length * DEFLATE_RATIO) {
        throw truncatedError(file, header, `a gzip file of ${bytesOf(bytes.length)}, too short to hold them`);
      }
      values = new Uint8Array(header.length);
      values.set(first.subarray(header.start, header.start + header.length));
    }
    if (header !== undefined) {
      if (end > header.start + header.length) throw trailingError(file, header, "more");
      const skipped = Math.max(0, LONGEST_HEADER - position);
      values.set(piece.subarray(skipped), position + skipped - header.start);
    }
    position = end;
  }
  if (header === undefined) {
    // Shorter than the longer header: an empty file, a truncated header, or a few labels.
    header = readHeader(first.subarray(0, position), file, wanted, limit);
    values = first.slice(header.start, position);
    if (position > header.start + header.length) throw trailingError(file, header, bytesOf(position));
  }
  if (position < header.start + header.length) throw truncatedError(file, header, bytesOf(position));
  return [header, values];
}

function readPlain(bytes: Uint8Array, file: string, wanted: Kind | undefined, limit: number): [Header, Uint8Array] {
  const header = readHeader(bytes.subarray(0, LONGEST_HEADER), file, wanted, limit);
  const { start, length } = header;
  if (bytes.length < start + length) throw truncatedError(file, header, bytesOf(bytes.length));
  if (bytes.length > start + length) throw trailingError(file, header, bytesOf(bytes.length));
  // Not subarray: for a Node Buffer it returns a Buffer, whose slice() does not copy.
  return [header, new Uint8Array(bytes.buffer, bytes.byteOffset + start, length)];
}

async function read(
  bytes: Uint8Array,
  file: string,
  wanted: Kind | undefined,
  options: IdxOptions,
): Promise<IdxImages | IdxLabels> {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`bytes: expected a Uint8Array, got ${describeValue(bytes)}`);
  }
  const limit = expectInteger("limit", options.limit ?? 2 ** 30, 1, Number.MAX_SAFE_INTEGER);
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const [header, values] = await (compressed ? readCompressed : readPlain)(bytes, file, wanted, limit);
  const [count = 0, height = 1, width = 1] = header.dimensions;
  return header.kind === "images"
    ? { kind: "images", count, height, width, values }
    : { kind: "labels", count, values };
}

/**
 * Reads an IDX file of images (magic number 2051) or labels (2049), plain or gzip.
 *
 * The claimed size is checked before anything is allocated, and a gzip file is inflated no further than its header
 * allows. A gzip file with several members is refused if the engine refuses it.
 *
 * @param file The name that errors use.
 * @throws MalformedFileError if the file is malformed; TypeError if `bytes` is not a Uint8Array.
 * @example
 * const file = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 9, 0); // or a download, gzipped or not
 * (await readIdx(file, "train-labels-idx1-ubyte")).count; // => 2
 */
export function readIdx(bytes: Uint8Array, file: string, options: IdxOptions = {}): Promise<IdxImages | IdxLabels> {
  return read(bytes, file, undefined, options);
}

/**
 * Like {@link readIdx}, for a file that must hold images.
 *
 * @example
 * const file = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 64, 128, 255);
 * (await readIdxImages(file, "images")).count; // => 1
 */
export async function readIdxImages(bytes: Uint8Array, file: string, options: IdxOptions = {}): Promise<IdxImages> {
  return (await read(bytes, file, "images", options)) as IdxImages;
}

/**
 * Like {@link readIdx}, for a file that must hold labels, each below `classes`.
 *
 * @throws MalformedFileError also for a label outside the classes, with its position.
 * @example
 * const file = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 9, 0);
 * (await readIdxLabels(file, "labels")).count; // => 2
 */
export async function readIdxLabels(
  bytes: Uint8Array,
  file: string,
  options: IdxLabelsOptions = {},
): Promise<IdxLabels> {
  const classes = expectInteger("classes", options.classes ?? 256, 1, 256);
  const labels = (await read(bytes, file, "labels", options)) as IdxLabels;
  const wrong = labels.values.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw malformedDataset(
      "E_IDX_LABEL",
      file,
      `labels from 0 to ${classes - 1}`,
      `${labels.values[wrong]} as label number ${wrong}, counted from 0`,
    );
  }
  return labels;
}

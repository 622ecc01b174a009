import { gzipSync } from "node:zlib";
import { MalformedFileError } from "@fanin/formats";
import { describe, expect, it } from "vitest";
import { idxBytes, imagesIdx, labelsIdx } from "../../test/write-idx.ts";
import { readIdx, readIdxImages, readIdxLabels } from "./idx.ts";

const pixels = Uint8Array.from({ length: 3 * 2 * 4 }, (_, i) => i * 10);
const images = imagesIdx(pixels, 2, 4);
const labels = labelsIdx([0, 9, 5]);
const gzip = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes));
const noise = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i * 31 + (i >> 3) * 7) & 255);

/** The error with which `reading` fails. */
async function refusal(reading: Promise<unknown>): Promise<MalformedFileError> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MalformedFileError)) throw new Error(`expected a MalformedFileError, got ${error}`);
  return error;
}

describe.each([
  ["plain", (bytes: Uint8Array) => bytes],
  ["gzip", gzip],
])("a %s file", (_name, pack) => {
  it("of images gives number, size and bytes", async () => {
    const idx = await readIdx(pack(images), "images");
    expect(idx).toEqual({ kind: "images", count: 3, height: 2, width: 4, values: pixels });
    expect(await readIdxImages(pack(images), "images")).toEqual(idx);
  });

  it("of labels gives number and bytes", async () => {
    const idx = await readIdx(pack(labels), "labels");
    expect(idx).toEqual({ kind: "labels", count: 3, values: Uint8Array.of(0, 9, 5) });
    expect(await readIdxLabels(pack(labels), "labels", { classes: 10 })).toEqual(idx);
  });

  it.each([1, 7, 8, 9, 300])("of %i labels is read whole, shorter or longer than an image header", async (n) => {
    const values = Uint8Array.from({ length: n }, (_, i) => i & 255);
    expect((await readIdxLabels(pack(labelsIdx(values)), "labels")).values).toEqual(values);
  });

  it("longer than a chunk of the inflated stream is read whole", async () => {
    const large = imagesIdx(noise, 400, 500);
    const { values } = await readIdxImages(pack(large), "images");
    expect(Buffer.compare(values, noise)).toBe(0);
  });

  it("at an offset in a larger buffer is read", async () => {
    const packed = pack(images);
    const shifted = new Uint8Array(packed.length + 9);
    shifted.set(packed, 5);
    const idx = await readIdx(shifted.subarray(5, 5 + packed.length), "images");
    expect(idx.values).toEqual(pixels);
  });

  it.each([
    ["E_IDX_TRUNCATED", images.subarray(0, images.length - 1), /^f: expected 40 bytes, got 39 bytes/],
    ["E_IDX_TRUNCATED", images.subarray(0, 16), /^f: expected 40 bytes, got 16 bytes/],
    ["E_IDX_TRUNCATED", images.subarray(0, 15), /^f: expected a header of 16 bytes, got 15 bytes in the whole file/],
    ["E_IDX_TRUNCATED", images.subarray(0, 1), /^f: expected a header of 8 bytes, got 1 byte in the whole file/],
    ["E_IDX_TRUNCATED", new Uint8Array(0), /^f: expected a header of 8 bytes, got 0 bytes in the whole file/],
    ["E_IDX_TRUNCATED", labels.subarray(0, 10), /^f: expected 11 bytes, got 10 bytes/],
    ["E_IDX_TRAILING", Uint8Array.of(...images, 0), /^f: expected 40 bytes, got (41 bytes|more)/],
    ["E_IDX_TRAILING", Uint8Array.of(...labels, 0), /^f: expected 11 bytes, got 12 bytes/],
    ["E_IDX_TRAILING", idxBytes([2049, 2], new Uint8Array(90)), /^f: expected 10 bytes, got (98 bytes|more)/],
    [
      "E_IDX_MAGIC",
      idxBytes([2052, 1, 1, 1], [0]),
      /^f: expected the magic number 2051 \(images\) or 2049 \(labels\), got 2052/,
    ],
    ["E_IDX_MAGIC", Uint8Array.of(0x03, 0x08, 0, 0, 0), /expected the magic number .*, got 50855936/],
    ["E_IDX_DIMENSIONS", idxBytes([2051, 0, 28, 28], []), /expected at least one image, .*, got 0 images of 28 x 28/],
    ["E_IDX_DIMENSIONS", idxBytes([2051, 1, 0, 28], []), /got 1 images of 0 x 28/],
    ["E_IDX_DIMENSIONS", idxBytes([2051, 1, 28, 0], []), /got 1 images of 28 x 0/],
    ["E_IDX_DIMENSIONS", idxBytes([2051, 1, 28, 16385], []), /of 1 to 16384 pixels a side, got 1 images of 28 x 16385/],
    ["E_IDX_DIMENSIONS", idxBytes([2049, 0], new Uint8Array(9)), /expected at least one label, got 0 labels/],
    [
      "E_IDX_LIMIT",
      idxBytes([2051, 0xffffffff, 16384, 16384], []),
      /at most 1073741824 bytes, got 1152921504338411500 bytes/,
    ],
    ["E_IDX_LIMIT", idxBytes([2049, 0xffffffff], new Uint8Array(9)), /at most 1073741824 bytes, got 4294967295 bytes/],
  ])("is refused: %s %#", async (code, bytes, message) => {
    const error = await refusal(readIdx(pack(bytes), "f"));
    expect(error.code).toBe(code);
    expect(error.file).toBe("f");
    expect(error.message).toMatch(message);
  });

  it("in a Node Buffer gives a plain Uint8Array", async () => {
    const idx = await readIdx(Buffer.from(pack(images)), "images");
    expect(Object.getPrototypeOf(idx.values)).toBe(Uint8Array.prototype);
  });

  it("of the other kind is refused with a message that names the kind", async () => {
    expect((await refusal(readIdxImages(pack(labels), "f"))).message).toBe(
      "f: expected the magic number 2051 (images), got 2049 (labels): this file holds labels, not images (E_IDX_MAGIC)",
    );
    expect((await refusal(readIdxLabels(pack(images), "f"))).message).toBe(
      "f: expected the magic number 2049 (labels), got 2051 (images): this file holds images, not labels (E_IDX_MAGIC)",
    );
  });

  it("with a label outside the classes is refused with its position", async () => {
    expect((await refusal(readIdxLabels(pack(labels), "f", { classes: 9 }))).message).toBe(
      "f: expected labels from 0 to 8, got 9 as label number 1, counted from 0 (E_IDX_LABEL)",
    );
  });

  it("above the given limit is refused; at the limit it is read", async () => {
    expect((await refusal(readIdx(pack(images), "f", { limit: 23 }))).code).toBe("E_IDX_LIMIT");
    expect((await readIdx(pack(images), "f", { limit: 24 })).values).toEqual(pixels);
  });
});

describe("a damaged gzip", () => {
  const packed = gzip(imagesIdx(noise, 400, 500));
  const flipped = (at: number): Uint8Array => packed.map((byte, i) => (i === at ? byte ^ 0x55 : byte));

  it.each([
    ["cut in the middle", packed.subarray(0, packed.length >> 1)],
    ["cut in the trailer", packed.subarray(0, packed.length - 3)],
    ["with a wrong checksum", flipped(packed.length - 6)],
    ["with a wrong length", flipped(packed.length - 2)],
    ["with an unknown method", flipped(2)],
    ["of two bytes", packed.subarray(0, 2)],
    ["followed by other bytes", Uint8Array.of(...packed, 1, 2, 3)],
  ])("is refused: %s", async (_name, bytes) => {
    const error = await refusal(readIdx(bytes, "f.gz"));
    expect(error.code).toBe("E_IDX_GZIP");
    expect(error.message).toMatch(/^f\.gz: expected an intact gzip file, got .+ \(E_IDX_GZIP\)$/);
  });

  it("is refused if any byte within is changed", async () => {
    const error = await refusal(readIdx(flipped(packed.length >> 1), "f.gz"));
    expect(["E_IDX_GZIP", "E_IDX_TRUNCATED", "E_IDX_TRAILING"]).toContain(error.code);
  });
});

describe("a gzip bomb", () => {
  it("is inflated no further than its header allows", async () => {
    const bomb = gzip(idxBytes([2051, 1, 4, 4], new Uint8Array(64 * 2 ** 20)));
    expect((await refusal(readIdx(bomb, "f"))).code).toBe("E_IDX_TRAILING");
  });

  it("that claims more than its bytes can hold is refused before any allocation", async () => {
    const bomb = gzip(idxBytes([2051, 2 ** 20, 32, 32], new Uint8Array(1000)));
    expect((await refusal(readIdx(bomb, "f"))).message).toMatch(
      /^f: expected 1073741840 bytes, got a gzip file of \d+ bytes, too short to hold them \(E_IDX_TRUNCATED\)$/,
    );
  });
});

describe("arguments", () => {
  it("requires bytes, a limit and a number of classes", async () => {
    await expect(readIdx("no" as unknown as Uint8Array, "f")).rejects.toThrow(
      new TypeError('bytes: expected a Uint8Array, got "no"'),
    );
    await expect(readIdx(images, "f", { limit: 0 })).rejects.toThrow(RangeError);
    await expect(readIdxLabels(labels, "f", { classes: 257 })).rejects.toThrow(
      new RangeError("classes: expected an integer from 1 to 256, got 257"),
    );
  });
});

// Files larger than memory or than 32-bit fields: reads headers and slices only, streams in chunks, zip64.

import type { TensorData } from "@fanin/tensor";
import { describe, expect, it, vi } from "vitest";
import {
  type ByteSource,
  bytesSource,
  joinedSource,
  type NamedTensor,
  npyChunks,
  npzChunks,
  openNpy,
  openNpz,
  openSafetensors,
  type StoredTensor,
  type StreamedTensor,
  safetensorsChunks,
  safetensorsHeader,
} from "../src/index.ts";
import { limitsOf } from "../src/limits.ts";
import { collect } from "../src/streamed-values.ts";
import { entryReader } from "../src/zip-entry.ts";
import { openZip, type ZipEntry } from "../src/zip-reader.ts";
import { zipChunks } from "../src/zip-writer.ts";

// The checksum of 4 GiB is computed twice: when they are written, and before the first slice. The long tests do so; here a
// count of the bytes replaces it, and everything else has its full size.
vi.mock("../src/crc32.ts", (original) =>
  process.env["FANIN_LONG"] ? original() : { crc32: ({ length }: Uint8Array, crc = 0) => (crc + length) >>> 0 },
);

describe("files larger than memory", () => {
  /** A source of `size` bytes of which only the header is real; it counts the bytes read. */
  function huge(header: Uint8Array, size: number): ByteSource & { read: ByteSource["read"]; bytesRead: number } {
    const source = {
      size,
      bytesRead: 0,
      async read(offset: number, length: number) {
        source.bytesRead += length;
        const bytes = new Uint8Array(length).fill(1);
        if (offset < header.length) bytes.set(header.subarray(offset, offset + length));
        return bytes;
      },
    };
    return source;
  }

  const big = { name: "embedding", shape: [2 ** 20, 2 ** 17], dtype: "float32" } as const;

  it("safetensors of half a terabyte: header and slice, nothing else", async () => {
    const { header, size } = safetensorsHeader([big]);
    const source = huge(header, size);
    const { tensors } = await openSafetensors(source);
    const slice = await (tensors.get("embedding") as StoredTensor).slice(2 ** 37 - 4, 2 ** 37);
    expect(slice).toEqual(new Float32Array(Uint8Array.from({ length: 16 }, () => 1).buffer));
    expect(source.bytesRead).toBe(header.length + 16);
    await expect((tensors.get("embedding") as StoredTensor).read()).rejects.toThrow(RangeError);
  });

  it("npy of half a terabyte", async () => {
    const chunks = npyChunks({ ...big, chunks: () => [] });
    const header = (await chunks.next()).value as Uint8Array;
    const source = huge(header, header.length + 2 ** 39);
    const tensor = await openNpy(source, "w");
    expect((await tensor.slice(2 ** 36, 2 ** 36 + 8)).length).toBe(8);
    expect(source.bytesRead).toBeLessThan(1000);
  });

  it("streams without holding more than a piece", async () => {
    let most = 0;
    let alive = 0;
    const piece = new Float32Array(2 ** 18);
    const tensor: StreamedTensor = {
      name: "w",
      shape: [64, 2 ** 18],
      dtype: "float32",
      *chunks(): Iterable<TensorData> {
        for (let i = 0; i < 64; i++) {
          alive++;
          most = Math.max(most, alive);
          yield piece;
        }
      },
    };
    let length = 0;
    for await (const chunk of safetensorsChunks([tensor])) {
      length += chunk.length;
      alive = 0;
    }
    expect(length).toBeGreaterThan(2 ** 26);
    expect(most).toBe(1);
  });
});

describe("zip64", () => {
  it("counts more than 65535 entries, and reads them if the limit allows it", async () => {
    const items = Array.from({ length: 65_600 }, (_, i) => ({
      name: `${i}`,
      size: 1,
      async *chunks() {
        yield Uint8Array.of(i & 1);
      },
    }));
    const source = bytesSource(await collect(zipChunks(items, false)));
    const entries = await openZip(source, limitsOf({ entries: 70_000 }));
    expect(entries.length).toBe(65_600);
    const last = entries.at(-1) as ZipEntry;
    expect([last.name, await entryReader(source, last).whole()]).toEqual(["65599", Uint8Array.of(1)]);
    await expect(openZip(source, limitsOf({ entries: 65_599 }))).rejects.toThrow(/E_ZIP_ENTRIES/);
  });

  it("carries entries of more than 4 GiB", async () => {
    // Repeated values: 17 chunks of 256 MiB would not fit in memory, so only offsets are kept.
    const piece = new Uint8Array(2 ** 26).fill(3);
    const tensor: StreamedTensor = {
      name: "w",
      shape: [65, 2 ** 26],
      dtype: "uint8",
      *chunks() {
        for (let i = 0; i < 65; i++) yield piece;
      },
    };
    const small: NamedTensor = { name: "after", shape: [2], dtype: "float32", data: Float32Array.of(5, 6) };
    const parts: { readonly start: number; readonly bytes: Uint8Array }[] = [];
    let size = 0;
    for await (const chunk of npzChunks([tensor, small])) {
      if (chunk.length > 0) parts.push({ start: size, bytes: chunk });
      size += chunk.length;
    }
    const source = joinedSource(parts.map(({ bytes }) => bytesSource(bytes)));
    expect(source.size).toBe(size);
    const stored = await openNpz(source);
    expect(await (stored.get("w") as StoredTensor).slice(65 * 2 ** 26 - 2, 65 * 2 ** 26)).toEqual(Uint8Array.of(3, 3));
    expect((await (stored.get("after") as StoredTensor).read()).data).toEqual(small.data);
  });
});

// The library after a trap and after a request for too much memory: its other files stay readable.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadHdf5Library } from "../../src/hdf5/hdf5-library.ts";
import { type ByteSource, bytesSource, openModel } from "../../src/index.ts";

const bytes = new Uint8Array(readFileSync(new URL("../goldens/hdf5/numbers_little.h5", import.meta.url)));
const values = [-3, 4, 11, 18, 2, 9, 16, 0, 7, 14, -2, 5];

const damages: [string, (grow: () => void) => void][] = [
  [
    "a trap",
    () => {
      throw new WebAssembly.RuntimeError("unreachable");
    },
  ],
  [
    "a request for gibibytes",
    (grow) => {
      grow();
      throw new Error("no memory");
    },
  ],
];

describe("the library", () => {
  it.each(damages)("sets its memory back after %s, and opens files again", async (_, damage) => {
    const library = await loadHdf5Library();
    const file = await openModel(bytesSource(bytes), {});
    const tensor = file.tensors.get("g/f4");
    expect([...((await tensor?.read())?.data ?? [])]).toEqual(values);
    const before = library.generation;
    expect(() =>
      library.run("the work", 0, (module) => {
        // What a trap may leave: memory of any content.
        module.HEAPU8.fill(0xa5, 0, 2 ** 20);
        damage(() => module._malloc(2 ** 30));
      }),
    ).toThrow(/^the work: /);
    expect(library.generation).toBe(before + 1);
    expect([...((await tensor?.read())?.data ?? [])]).toEqual(values);
    expect((await openModel(bytesSource(bytes), {})).tensors.size).toBe(11);
    await file.close?.();
  });

  it("keeps several files open at once, each with its own values", async () => {
    const files = await Promise.all(Array.from({ length: 20 }, () => openModel(bytesSource(bytes), {})));
    for (const { tensors } of files)
      expect([...((await tensors.get("g/i8")?.read())?.data ?? [])].map(Number)).toEqual(values);
    for (const file of files) await file.close?.();
  });
});

describe("a file in a worker of a browser", () => {
  it("is read by slices through FileReaderSync", async () => {
    const read: number[] = [];
    class FileReaderSync {
      readAsArrayBuffer(blob: Blob): ArrayBuffer {
        read.push(blob.size);
        return (blob as Blob & { copy: Uint8Array<ArrayBuffer> }).copy.buffer;
      }
    }
    class SlicedBlob extends Blob {
      readonly copy: Uint8Array<ArrayBuffer>;
      constructor(part: Uint8Array) {
        const copy = Uint8Array.from(part);
        super([copy]);
        this.copy = copy;
      }
      override slice(start = 0, end = this.size): Blob {
        return new SlicedBlob(this.copy.subarray(start, end));
      }
    }
    Object.assign(globalThis, { FileReaderSync });
    try {
      const { blobSource } = await import("../../src/byte-source.ts");
      const source: ByteSource = blobSource(new SlicedBlob(bytes));
      const file = await openModel(source, {});
      expect([...((await file.tensors.get("g/f4")?.read())?.data ?? [])]).toEqual(values);
      expect(read.length).toBeGreaterThan(0);
      await file.close?.();
    } finally {
      Reflect.deleteProperty(globalThis, "FileReaderSync");
    }
  });
});

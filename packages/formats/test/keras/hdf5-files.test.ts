// Reads the small HDF5 files of goldens/hdf5: element types, storage, links, attributes; and what must be refused.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { type ByteSource, bytesSource, MalformedFileError, type Model, openModel } from "../../src/index.ts";
import { fileSource } from "../../src/node/index.ts";

const folder = new URL("../goldens/hdf5/", import.meta.url);

interface Entry {
  readonly refused?: string;
  readonly tensors?: Readonly<Record<string, { shape: number[]; dtype: string; sha256: string }>>;
  readonly skipped?: readonly string[];
}

const expected: Readonly<Record<string, Entry>> = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`${name}.h5`, folder)));
const sha256 = (data: ArrayBufferView): string =>
  createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");

async function contents(file: Model): Promise<Entry["tensors"]> {
  const found: Record<string, { shape: number[]; dtype: string; sha256: string }> = {};
  for (const tensor of file.tensors.values()) {
    const { shape, dtype, data } = await tensor.read();
    found[tensor.name] = { shape: [...shape], dtype, sha256: sha256(data) };
  }
  return found;
}

const named = Object.entries(expected);

describe.each(named.filter(([, { refused }]) => refused === undefined))("%s.h5", (name, entry) => {
  it("has the values that h5py reads, and lists what is skipped", async () => {
    const file = await openModel(bytesSource(bytesOf(name)), { file: `${name}.h5` });
    expect(await contents(file)).toEqual(entry.tensors);
    expect(file.skipped.map((skipped) => skipped.name).sort()).toEqual(entry.skipped);
    await file.close?.();
  });

  it("gives the same values by slices and by chunks", async () => {
    const source = await fileSource(new URL(`${name}.h5`, folder).pathname);
    const file = await openModel(source, {});
    for (const tensor of file.tensors.values()) {
      const whole = (await tensor.read()).data;
      const parts: unknown[] = [];
      for await (const chunk of tensor.chunks()) parts.push(...chunk);
      expect(parts).toEqual([...whole]);
      const unit = whole.length / tensor.shape.reduce((product, n) => product * n, 1) || 1;
      const count = whole.length / unit;
      for (const [start, end] of [
        [0, 0],
        [count, count],
        [1, count - 1],
        [Math.floor(count / 3), Math.ceil(count / 2)],
      ]) {
        if ((start as number) > (end as number)) continue;
        const slice = await tensor.slice(start as number, end as number);
        expect([...slice]).toEqual([...whole.slice((start as number) * unit, (end as number) * unit)]);
      }
      await expect(tensor.slice(0, count + 1)).rejects.toThrow(RangeError);
    }
    await file.close?.();
    await source.close();
  });
});

describe.each(named.filter(([, { refused }]) => refused !== undefined))("%s.h5", (name, { refused }) => {
  it(`is refused with ${refused}`, async () => {
    const open = async () => {
      const file = await openModel(bytesSource(bytesOf(name)), { file: `${name}.h5` });
      try {
        for (const tensor of file.tensors.values()) await tensor.read();
      } finally {
        await file.close?.();
      }
    };
    await expect(open()).rejects.toThrow(MalformedFileError);
    await expect(open()).rejects.toMatchObject({ code: refused, file: `${name}.h5` });
  });
});

describe("a damaged HDF5 file", () => {
  it("is refused at any length, without a word on the terminal", async () => {
    const spies = [vi.spyOn(console, "error"), vi.spyOn(console, "log"), vi.spyOn(process.stderr, "write")];
    const bytes = bytesOf("keras2_weights");
    for (let length = 16; length < bytes.length; length += 509) {
      const reading = openModel(bytesSource(bytes.subarray(0, length)), {}).then(contents);
      await expect(reading).rejects.toThrow(MalformedFileError);
    }
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
});

describe("a source", () => {
  const bytes = bytesOf("numbers_little");
  const slow = (size = bytes.length): ByteSource => ({
    size,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  });

  it("that cannot be read synchronously is read as a whole, up to a limit", async () => {
    expect((await openModel(slow(), {})).tensors.size).toBe(11);
    await expect(openModel(slow(), { entryBytes: bytes.length - 1, file: "w.h5" })).rejects.toThrow(
      /^w\.h5: expected a source with readSync .* open it in a worker/,
    );
  });

  it("that fails gives its own error", async () => {
    const failing = { ...slow(), readSync: () => Promise.reject as never };
    const readSync = (): never => {
      throw new Error("the disk is gone");
    };
    await expect(openModel({ ...failing, readSync }, {})).rejects.toThrow("the disk is gone");
  });

  it("that has become shorter is reported as that", async () => {
    const readSync = (offset: number, length: number) => bytes.subarray(offset, offset + length - 1);
    await expect(openModel({ ...slow(), readSync }, {})).rejects.toMatchObject({ code: "E_SOURCE_SHORT" });
  });

  it("is read by slices: opening reads headers only", async () => {
    let read = 0;
    const large = { ...slow(), readSync: (o: number, n: number) => bytesSource(bytes).readSync?.(o, n) as Uint8Array };
    const counting: ByteSource = {
      ...large,
      readSync(offset, length) {
        read += length;
        return large.readSync(offset, length);
      },
    };
    const file = await openModel(counting, {});
    expect(read).toBeLessThan(4 * bytes.length);
    expect(file.tensors.size).toBe(11);
    await file.close?.();
    await expect((async () => file.tensors.get("g/f4")?.read())()).rejects.toThrow(/is closed/);
  });
});

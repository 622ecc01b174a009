// Builds files byte by byte, so that a test can set any field to a wrong value.

import { deflateRawSync } from "node:zlib";
import { crc32 } from "../src/crc32.ts";

/** Encodes Latin-1: characters up to 0xff are single bytes. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Joins byte arrays. */
export function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Encodes a little-endian unsigned integer. */
export function uint(bytes: 2 | 4 | 8, value: number | bigint): Uint8Array {
  const out = new Uint8Array(bytes);
  let rest = BigInt(value);
  for (let i = 0; i < bytes; i++, rest >>= 8n) out[i] = Number(rest & 255n);
  return out;
}

/** Makes a .safetensors file from the text or bytes of its header and the number of following bytes. */
export function safetensorsOf(header: string | Uint8Array, dataBytes = 0, length?: bigint): Uint8Array {
  const bytes = typeof header === "string" ? new TextEncoder().encode(header) : header;
  return join(uint(8, length ?? BigInt(bytes.length)), bytes, new Uint8Array(dataBytes));
}

/** Makes a .npy file from the text of its header and the number of following bytes. */
export function npyOf(header: string, dataBytes = 0, version: [number, number] = [1, 0]): Uint8Array {
  const length = uint(version[0] === 1 ? 2 : 4, header.length + 1);
  return join(latin1("\x93NUMPY"), Uint8Array.from(version), length, latin1(`${header}\n`), new Uint8Array(dataBytes));
}

/** Makes the header of a C-order .npy file. */
export function npyHeaderOf(descr: string, shape: string): string {
  return `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
}

/** A zip entry. Fields default to their correct values. */
export interface Entry {
  readonly name: string | Uint8Array;
  readonly content: Uint8Array;
  readonly deflate?: boolean;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly attributes?: number;
  readonly localName?: string;
  readonly header?: number;
  readonly compressed?: Uint8Array;
  readonly extra?: Uint8Array;
}

/** Fields of the end record to falsify, and bytes around the archive. */
export interface End {
  readonly count?: number;
  readonly offset?: number;
  readonly size?: number;
  readonly disk?: number;
  readonly before?: Uint8Array;
  readonly between?: Uint8Array;
  readonly after?: Uint8Array;
}

/** Makes a zip archive. */
export function zipOf(entries: readonly Entry[], end: End = {}): Uint8Array {
  let body: Uint8Array = end.before ?? new Uint8Array(0);
  let directory: Uint8Array = new Uint8Array(0);
  for (const entry of entries) {
    const name = typeof entry.name === "string" ? new TextEncoder().encode(entry.name) : entry.name;
    const localName = entry.localName === undefined ? name : latin1(entry.localName);
    const compressed =
      entry.compressed ?? (entry.deflate ? new Uint8Array(deflateRawSync(entry.content)) : entry.content);
    const flags = uint(2, entry.flags ?? 0x800);
    const method = uint(2, entry.method ?? (entry.deflate ? 8 : 0));
    const sums = join(
      uint(4, entry.crc ?? crc32(entry.content)),
      uint(4, entry.compressedSize ?? compressed.length),
      uint(4, entry.size ?? entry.content.length),
    );
    const header = entry.header ?? body.length;
    const extra = entry.extra ?? new Uint8Array(0);
    const local = join(
      latin1("PK\x03\x04"),
      uint(2, 20),
      flags,
      method,
      uint(4, 0),
      sums,
      uint(2, localName.length),
      uint(2, 0),
    );
    body = join(body, local, localName, compressed);
    directory = join(
      directory,
      join(
        latin1("PK\x01\x02"),
        uint(4, 20),
        flags,
        method,
        uint(4, 0),
        sums,
        uint(2, name.length),
        uint(2, extra.length),
      ),
      join(uint(2, 0), uint(4, 0), uint(4, entry.attributes ?? 0), uint(4, header), name, extra),
    );
  }
  const count = uint(2, end.count ?? entries.length);
  return join(
    body,
    directory,
    end.between ?? new Uint8Array(0),
    join(latin1("PK\x05\x06"), uint(2, end.disk ?? 0), uint(2, 0), count, count),
    join(uint(4, end.size ?? directory.length), uint(4, end.offset ?? body.length), uint(2, 0)),
    end.after ?? new Uint8Array(0),
  );
}

/** A small valid .npy file: two float32. */
export const goodNpy: Uint8Array = npyOf(npyHeaderOf("<f4", "(2,)"), 8);

/** Makes a model.json with one group. */
export function manifestOf(weights: unknown, paths: unknown = ["a.bin"]): string {
  return JSON.stringify({ format: "layers-model", weightsManifest: [{ paths, weights }] });
}

/** Makes a .npy file of `count` zero bytes, which deflate to almost nothing. */
export function zerosNpy(count: number): Uint8Array {
  return npyOf(npyHeaderOf("|u1", `(${count},)`), count);
}

/** Makes the JSON of a tensor in a safetensors header. */
export function tensorJson(begin: number, end: number, shape: string, dtype = "F32"): string {
  return `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;
}

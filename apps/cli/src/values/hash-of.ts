// SHA-256 of arrays of any size; Web Crypto and one update of Node's hash accept less than 2 GiB.

import { createHash } from "node:crypto";

const PIECE = 2 ** 30; // bytes

/** Returns the hash of the bytes of `array` in hex, computed in chunks of `piece` bytes; elements are little-endian. */
export function hashOf({ buffer, byteOffset, byteLength }: ArrayBufferView, piece: number = PIECE): string {
  const hash = createHash("sha256");
  for (let at = 0; at < byteLength; at += piece) {
    hash.update(new Uint8Array(buffer, byteOffset + at, Math.min(piece, byteLength - at)));
  }
  return hash.digest("hex");
}

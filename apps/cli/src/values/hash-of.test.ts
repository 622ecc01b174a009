import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { hashOf } from "./hash-of.ts";

it.each([1, 3, 7, 80, 2 ** 30])("is the SHA-256 of the bytes of a view, in chunks of %i", (piece) => {
  const view = Float64Array.from({ length: 12 }, (_, i) => Math.sqrt(i)).subarray(2);
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  expect(hashOf(view, piece)).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(hashOf(new Uint8Array(0), piece)).toBe(createHash("sha256").digest("hex"));
});

// What the tests of conversions between Keras and PyTorch share: the tensors that both frameworks judged, and hashes.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedTensor } from "@fanin/formats";
import { readTensorFile } from "@fanin/formats/node";
import type { Layout } from "@fanin/lab/weights";
import { type Conversion, type ConvertOptions, convertFile } from "../src/commands/convert/convert-file.ts";

/** Shapes and hashes of tensors by name. */
export type Hashes = Readonly<Record<string, { readonly shape: readonly number[]; readonly sha256: string }>>;

/** The folder of judge-layers.py. */
export const layers: string = fileURLToPath(new URL("goldens/layers", import.meta.url));
export const architecture: string = join(layers, "architecture.json");
export const ofKeras: string = join(layers, "keras-layers.safetensors");
export const ofTorch: string = join(layers, "torch-layers.safetensors");

export const golden = JSON.parse(readFileSync(join(layers, "layers.json"), "utf8")) as {
  readonly largestDifference: Readonly<Record<string, number>>;
  readonly torchOfKeras: Hashes;
  readonly kerasOfTorch: Hashes;
};

/** The hash of each tensor's raw bytes, in the order of names. */
export function hashesOf(tensors: ReadonlyMap<string, NamedTensor>): Hashes {
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, { shape: [...shape], sha256: createHash("sha256").update(bytes).digest("hex") }] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The outcome of a conversion and the tensors of OUT; none if it was not written. */
export interface Converted extends Conversion {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** Converts a file; names become those of the other framework, and what is not certain is an error, unless options differ. */
export async function convertTo(
  input: string,
  output: string,
  to: Layout,
  options: Partial<ConvertOptions> = {},
): Promise<Converted> {
  const all = { to, from: undefined, dtype: undefined, force: true, renames: true, strict: true, ...options };
  const result = await convertFile(input, output, all);
  return { ...result, tensors: result.isWritten ? await readTensorFile(output) : new Map<string, NamedTensor>() };
}

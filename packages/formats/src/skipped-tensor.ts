// Unsupported contents of a file: listed by name, each with its reason, while the other tensors are read.

import type { Shape } from "@fanin/tensor";
import type { MalformedCode, MalformedFileError } from "./malformed-file-error.ts";

/** A tensor or an archive entry that is skipped. The file is intact, and the other tensors are read. */
export interface SkippedTensor {
  readonly name: string;
  /** The element type as named in the file; undefined if the file does not give it. */
  readonly dtype: string | undefined;
  /** Undefined if the file does not give it. */
  readonly shape: Shape | undefined;
  readonly code: MalformedCode;
  /** What was expected, and what the file contains. */
  readonly reason: string;
}

/**
 * Tensors by name, in the file's order, and the skipped ones.
 *
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * (await readNpz(await writeNpz([bias]))).skipped; // => []
 */
export class TensorMap<T> extends Map<string, T> {
  readonly skipped: readonly SkippedTensor[];

  constructor(tensors: Iterable<readonly [string, T]> = [], skipped: readonly SkippedTensor[] = []) {
    super(tensors);
    this.skipped = skipped;
  }
}

/** Makes a skipped tensor from the error that rejects it. */
export function skippedBy(
  { code, expected, got }: MalformedFileError,
  name: string,
  dtype?: string,
  shape?: Shape,
): SkippedTensor {
  return { name, dtype, shape, code, reason: `expected ${expected}, got ${got}` };
}

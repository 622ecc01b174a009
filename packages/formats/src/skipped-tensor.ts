// What a file holds and cannot be computed with: listed by name beside the tensors that can, each with its reason.

import type { Shape } from "@fanin/tensor";
import type { MalformedCode, MalformedFileError } from "./malformed-file-error.ts";

/** A tensor, or a member of an archive, that is left out; the file is whole, and the others are read. */
export interface SkippedTensor {
  readonly name: string;
  /** The element type as the file calls it; undefined where the file does not say. */
  readonly dtype: string | undefined;
  /** Undefined where the file does not say. */
  readonly shape: Shape | undefined;
  readonly code: MalformedCode;
  /** What was expected, and what the file has. */
  readonly reason: string;
}

/**
 * Tensors by name, in the file's order, and what was left out.
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

/** A skipped tensor by the error that refuses it alone. */
export function skippedBy(
  { code, expected, got }: MalformedFileError,
  name: string,
  dtype?: string,
  shape?: Shape,
): SkippedTensor {
  return { name, dtype, shape, code, reason: `expected ${expected}, got ${got}` };
}

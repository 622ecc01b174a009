// Reports skipped contents of a weight file: as lines, as JSON, and as an error if nothing is readable.

import type { Model } from "@fanin/formats";
import { formatShape } from "@fanin/tensor";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";

/** A skipped tensor in JSON. */
export interface LeftOut {
  readonly name: string;
  readonly dtype: string | null;
  readonly shape: readonly number[] | null;
  readonly code: string;
  readonly reason: string;
}

/** Converts skipped tensors for JSON. */
export function leftOut({ skipped }: Pick<Model, "skipped">): LeftOut[] {
  return skipped.map(({ name, dtype, shape, code, reason }) => ({
    ...{ name, dtype: dtype ?? null, shape: shape ?? null },
    ...{ code, reason },
  }));
}

/** Formats a line for each, such as `skipped: w [4,4] F8_E4M3: expected ..., got ... (E_SAFETENSORS_DTYPE)`. */
export function leftOutText(tensors: readonly LeftOut[]): string {
  const lines = tensors.map(({ name, dtype, shape, code, reason }) => {
    const what = [
      printable(name, 60),
      ...(shape ? [formatShape(shape)] : []),
      ...(dtype ? [printable(dtype, 20)] : []),
    ];
    return `skipped: ${what.join(" ")}: ${printable(reason, 300)} (${code})\n`;
  });
  return lines.join("");
}

/**
 * Throws for a file without readable tensors.
 *
 * @throws CommandError with the exit code of a malformed file, and the reasons of the first tensors.
 */
export function expectReadable({ tensors, skipped }: Pick<Model, "tensors" | "skipped">, path: string): void {
  if (tensors.size > 0 || skipped.length === 0) return;
  const shown = skipped.slice(0, 3).map(({ name, reason, code }) => `${printable(name, 60)}: ${reason} (${code})`);
  const more = skipped.length > shown.length ? `; and ${skipped.length - shown.length} more` : "";
  throw new CommandError(exitCodes.malformed, `${path}: no readable tensors: ${shown.join("; ")}${more}`);
}

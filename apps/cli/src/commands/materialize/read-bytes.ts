// Parses sizes in bytes: 2GB, 500MB, 1.5GiB, 4096.

import { describeValue } from "@fanin/tensor/arguments";
import { usageError } from "../../exit-codes.ts";

const units: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/**
 * Parses a number of bytes, 1 or more, with a unit of 1000 (GB) or 1024 (GiB); undefined stays undefined.
 *
 * @throws CommandError for anything else.
 */
export function readBytes(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit.toUpperCase()] ?? Number.NaN));
  if (number !== "" && Number.isSafeInteger(bytes) && bytes >= 1) return bytes;
  throw usageError(`--${name}: expected a size such as 2GB, 500MB or 1GiB, got ${describeValue(text)}`);
}

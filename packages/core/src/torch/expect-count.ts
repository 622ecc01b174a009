// Checks of what torch's functions are called with.

import { describeValue } from "@fanin/tensor/arguments";
/** Returns `value` if it is an integer of `low` or more. */
export function expectCount(name: string, value: unknown, low: number): number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected an integer, got ${describeValue(value)}`);
  if (!Number.isSafeInteger(value) || value < low) {
    throw new RangeError(`${name}: expected an integer of ${low} or more, got ${value}`);
  }
  return value;
}

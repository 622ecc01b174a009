// Parses option values: integers, numbers, seeds, shapes, lists of layer sizes. Each error names the option.

import { textLimits } from "@fanin/formats";
import { expectShape, type Shape } from "@fanin/tensor";
import { describeBriefly, describeValue, suggestion } from "@fanin/tensor/arguments";
import { usageError } from "./exit-codes.ts";
import { fromUser } from "./user-arguments.ts";

/** Parses an integer; undefined stays undefined. */
export function readInteger(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^[+-]?\d+(e\d+)?$/i.test(text) || !Number.isSafeInteger(value)) {
    throw usageError(`--${name}: expected an integer, got ${describeValue(text)}`);
  }
  return value;
}

/** Parses a number; undefined stays undefined. */
export function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw usageError(`--${name}: expected a number, got ${describeValue(text)}`);
  }
  return Number(text);
}

/** Parses a seed: an integer of any size that the stream accepts. */
export function readSeed(text: string | undefined): number | bigint {
  if (text === undefined) return 0;
  if (!/^[+-]?\d+$/.test(text)) throw usageError(`--seed: expected an integer, got ${describeValue(text)}`);
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/**
 * Parses a shape such as `3x3x64x128`, or `scalar`.
 *
 * @throws CommandError for anything else.
 */
export function readShape(text: string): Shape {
  if (text === "scalar") return [];
  const dimensions = text.split("x");
  const advice = "expected dimensions joined by x, such as 784x128, or scalar";
  if (!dimensions.every((dimension) => /^(\d+|\d+e\d+)$/i.test(dimension))) {
    throw usageError(`shape: ${advice}; got ${describeValue(text)}`);
  }
  return fromUser(() => expectShape(dimensions.map(Number)));
}

/** Parses sizes such as `784,128,10` or `784,64x30,10`, where `64x30` means thirty layers of 64; at most `textLimits.layers`. */
export function readLayers(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const { layers } = textLimits;
  const sizes: number[] = [];
  for (const part of text.split(",")) {
    const [, size, times = "1"] = /^(\d+)(?:x(\d+))?$/.exec(part.trim()) ?? [];
    const count = Number(times);
    if (size === undefined || count < 1) {
      throw usageError(`--layers: expected sizes such as 784,128,10 or 784,64x30,10, got ${describeBriefly(text)}`);
    }
    if (sizes.length + count > layers) {
      throw usageError(`--layers: expected at most ${layers} layers, got more in ${describeBriefly(text)}`);
    }
    for (let i = 0; i < count; i++) sizes.push(Number(size));
  }
  return sizes;
}

/** The lowest severity that makes the exit code 1. */
export const levels = ["error", "warning", "never"] as const;

/** Parses `--fail-on`, which defaults to `error`; `warn` means `warning`. */
export function readLevel(text: string | undefined): (typeof levels)[number] {
  return readChoice("fail-on", text === "warn" ? "warning" : text, levels) ?? "error";
}

/**
 * Parses one of several words; undefined stays undefined.
 *
 * @throws CommandError for any other word, with a suggestion.
 */
export function readChoice<T extends string>(
  name: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw usageError(`--${name}: expected ${choices.join(", ")}, got ${describeValue(text)}${suggestion(text, choices)}`);
}

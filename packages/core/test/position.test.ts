// The counter-based streams are random-access: a slice has the bits of the whole tensor, wherever it begins.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Initializer, randomNormal, randomUniform, type StreamName, truncatedNormal } from "../src/index.ts";

const SHAPE = [2 ** 20, 2 ** 14]; // 2^34 elements, of which none but the slices is ever made
const LAST = 2 ** 33; // past 2^32, where a counter of 32 bits would wrap

const bits = (data: Float32Array) => [...new Uint32Array(data.buffer, data.byteOffset, data.length)];

const streams: StreamName[] = ["keras/tensorflow", "keras/jax"];
const classes = { randomNormal, randomUniform, truncatedNormal };

describe.each(streams)("%s", (stream) => {
  it.each(Object.entries(classes))("%s: overlapping slices agree", (_name, factory) => {
    const initializer: Initializer = factory({ seed: 42, stream });
    const slice = (offset: number, length: number) =>
      bits(initializer.fill(new Float32Array(length), SHAPE, { offset }));
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 0, max: LAST }), fc.integer({ min: 2 ** 32 - 400, max: 2 ** 32 + 400 })),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (offset, skipped, length) => {
          const whole = slice(offset, skipped + length);
          expect(slice(offset + skipped, length)).toEqual(whole.slice(skipped));
        },
      ),
      { seed: 1, numRuns: 150 },
    );
  });

  it.each(Object.entries(classes))("%s: positions a counter's wrap apart differ", (_name, factory) => {
    const initializer: Initializer = factory({ seed: 42, stream });
    const at = (offset: number) => bits(initializer.fill(new Float32Array(64), SHAPE, { offset }));
    const drawn = [0, 2 ** 24, 2 ** 32, 2 ** 33].map((offset) => JSON.stringify(at(offset)));
    expect(new Set(drawn).size).toBe(4);
  });
});

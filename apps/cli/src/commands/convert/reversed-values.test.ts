// Compares the reversal of three groups of axes, whole and in blocks of every size, with the index formula.

import type { StoredTensor } from "@fanin/formats";
import type { TensorData } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { reversedValues } from "./reversed-values.ts";

/** Makes a tensor of counting values that records the largest requested slice. */
function counting(size: number, isComplex = false): { tensor: StoredTensor; longest: () => number } {
  const parts = isComplex ? 2 : 1;
  const data = Float32Array.from({ length: size * parts }, (_, i) => i);
  const dtype = isComplex ? "complex64" : "float32";
  let longest = 0;
  const slice = async (start: number, end: number): Promise<TensorData> => {
    longest = Math.max(longest, end - start);
    return data.slice(start * parts, end * parts);
  };
  const tensor: StoredTensor = {
    name: "w",
    shape: [size],
    dtype,
    slice,
    async *chunks() {
      yield await slice(0, size);
    },
    read: async () => ({ name: "w", shape: [size], dtype, data: (await slice(0, size)) as Float32Array<ArrayBuffer> }),
  };
  return { tensor, longest: () => longest };
}

async function collect(pieces: AsyncIterable<TensorData>): Promise<number[]> {
  const all: number[] = [];
  for await (const piece of pieces) for (const value of piece) all.push(Number(value));
  return all;
}

/** Reverses by the index formula: element (k, j, i) of the result is element (i, j, k). */
function expected([a, b, c]: readonly [number, number, number]): number[] {
  const values: number[] = [];
  for (let k = 0; k < c; k++) {
    for (let j = 0; j < b; j++) for (let i = 0; i < a; i++) values.push((i * b + j) * c + k);
  }
  return values;
}

const shapes = [
  [1, 3, 5],
  [9, 4, 8],
  [5, 1, 7],
  [4, 6, 1],
  [0, 3, 2],
  [2, 0, 3],
] as const;

describe("reversedValues", () => {
  describe.each(shapes)("of (%d, %d, %d)", (...groups) => {
    const size = groups.reduce<number>((product, group) => product * group, 1);

    it.each([1, 7, 40, 100, 10_000])("is correct in blocks of %d", async (block) => {
      const { tensor } = counting(size);
      expect(await collect(reversedValues(tensor, groups, block))).toEqual(expected(groups));
    });
  });

  it("reads long rows in parts", async () => {
    const groups = [2, 1, 2 ** 20 + 5] as const;
    const { tensor, longest } = counting(2 * (2 ** 20 + 5));
    expect(await collect(reversedValues(tensor, groups, 2 ** 16))).toEqual(expected(groups));
    expect(longest()).toBeLessThanOrEqual(2 ** 16);
  });

  it("keeps the two parts of a complex number together", async () => {
    const { tensor } = counting(6, true);
    expect(await collect(reversedValues(tensor, [1, 2, 3], 2))).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
  });
});

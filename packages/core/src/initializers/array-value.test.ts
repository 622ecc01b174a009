// Values that are arrays: every form in, the same form out, and broadcasting.

import { describe, expect, it } from "vitest";
import { broadcastTo, encodeArray, expectArrayValue } from "./array-value.ts";

describe("expectArrayValue and encodeArray", () => {
  const numpy = { class_name: "__numpy__", config: { value: [1, 2], dtype: "float64" } };
  it.each([
    ["a number", 2.5, [], [2.5], 2.5],
    [
      "lists",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2, 3],
      [1, 2, 3, 4, 5, 6],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    ["an empty list", [], [0], [], []],
    ["a typed array", Float64Array.of(1, 2), [2], [1, 2], numpy],
    [
      "a tensor of halves",
      { shape: [1, 2], dtype: "float16", data: Uint16Array.of(0x3c00, 0xc000) },
      [1, 2],
      [1, -2],
      { class_name: "__tensor__", config: { value: [[1, -2]], dtype: "float16" } },
    ],
    ["Keras's JSON", numpy, [2], [1, 2], numpy],
  ])("read %s and write it back", (_what, given, shape, values, written) => {
    const array = expectArrayValue("value", given);
    expect(array.shape).toEqual(shape);
    expect(array.values).toEqual(values);
    expect(encodeArray(array)).toEqual(written);
  });

  it.each([
    [[[1, 2], [3]], RangeError, "value: expected lists of 2 at depth 1, got [3]"],
    [[1, [2]], TypeError, "value: expected a number, got [2]"],
    [["1"], TypeError, 'value: expected a number, got "1"'],
    [
      BigInt64Array.of(2n ** 53n + 1n),
      RangeError,
      "value: expected integers that a number has exactly, got 9007199254740993",
    ],
    ["1", TypeError, 'value: expected a number, lists of numbers, a typed array or a tensor, got "1"'],
    [
      { shape: [2], dtype: "float32", data: new Float32Array(3) },
      RangeError,
      "value: expected 2 elements for [2], got 3",
    ],
    [{ shape: [2], dtype: "float32", data: [1, 2] }, TypeError, "value: expected an array of float32, got [1, 2]"],
  ])("refuse %o", (given, Kind, message) => {
    expect(() => expectArrayValue("value", given)).toThrow(new Kind(message));
  });
});

describe("broadcastTo", () => {
  it.each([
    [[], [2, 2], [0, 0, 0, 0]],
    [[3], [2, 3], [0, 1, 2, 0, 1, 2]],
    [
      [2, 1],
      [2, 3],
      [0, 0, 0, 1, 1, 1],
    ],
    [
      [1, 3],
      [2, 3],
      [0, 1, 2, 0, 1, 2],
    ],
    [
      [2, 1, 2],
      [2, 2, 2],
      [0, 1, 0, 1, 2, 3, 2, 3],
    ],
  ])("%j to %j", (from, to, indices) => {
    expect(indices.map((_, i) => broadcastTo(from, to)(i))).toEqual(indices);
  });

  it.each([
    [[2], [3]],
    [[2], []],
    [[2, 2], [2]],
  ])("refuses %j to %j", (from, to) => {
    expect(() => broadcastTo(from, to)).toThrow(RangeError);
  });
});

import { describe, expect, it } from "vitest";
import {
  describeBriefly,
  describeValue,
  expectBoolean,
  expectInteger,
  expectNumber,
  expectOneOf,
  nearest,
} from "./arguments.ts";

describe("describeValue", () => {
  it.each([
    ["x", '"x"'],
    [3n, "3n"],
    [[1, "a"], '[1, "a"]'],
    [{ a: 1 }, '{"a":1}'],
    [new Float32Array(2), "Float32Array"],
    [undefined, "undefined"],
    [Math.max, "function max"],
  ])("writes %o as %s", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it("accepts values that JSON cannot write", () => {
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    expect(describeValue(loop)).toBe("[object Object]");
  });
});

describe("describeBriefly", () => {
  it("shortens long values, and accepts deep ones", () => {
    expect(describeBriefly(undefined)).toBe("nothing");
    expect(describeBriefly("x".repeat(79))).toBe(`"${"x".repeat(79)}...`);
    const deep = JSON.parse("[".repeat(1e5) + "]".repeat(1e5)) as unknown;
    expect(describeBriefly(deep)).toBe("a value nested too deep to show");
  });
});

describe("the checks", () => {
  it("throw TypeError for kind, RangeError for value", () => {
    expect(() => expectNumber("x", "1")).toThrow(new TypeError('x: expected a number, got "1"'));
    expect(() => expectNumber("x", Number.NaN)).toThrow(new RangeError("x: expected a number, got NaN"));
    expect(() => expectInteger("n", 1.5, 0, 9)).toThrow(new RangeError("n: expected an integer from 0 to 9, got 1.5"));
    expect(() => expectBoolean("first", 1)).toThrow(new TypeError("first: expected true or false, got 1"));
    expect(() => expectOneOf("c", 1, ["a"])).toThrow(new TypeError("c: expected a string, got 1"));
  });

  it("suggest the nearest choice", () => {
    expect(() => expectOneOf("color", "gren", ["red", "green"])).toThrow(
      'color: expected one of red, green, got "gren"; did you mean "green"?',
    );
  });
});

describe("nearest", () => {
  it.each([
    ["he_norml", "he_normal"],
    ["HeNromal", "HeNormal"],
    ["xyz", undefined],
  ])("of %s is %s", (word, candidate) => {
    expect(nearest(word, ["he_normal", "HeNormal", "zeros"])).toBe(candidate);
  });

  it("suggests nothing for a word longer than any name, to bound the time", () => {
    const word = "a".repeat(65);
    expect(nearest(word, [word.slice(1)])).toBeUndefined();
    expect(nearest(word.slice(1), [word.slice(2)])).toBe(word.slice(2));
  });
});

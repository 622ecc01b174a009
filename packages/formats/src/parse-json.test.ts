// Compares the JSON parser with JSON.parse, and tests the text that it rejects.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson, plainOf } from "./parse-json.ts";

describe("parseJson", () => {
  it("agrees with JSON.parse on every value, with and without space", () => {
    const values = fc.jsonValue({ stringUnit: "grapheme", maxDepth: 5 });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(plainOf(parseJson(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("rejects the invalid text that JSON.parse rejects", () => {
    const alphabet = fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn \\u\n\t');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parseJson(text)).toThrow(/E_JSON_/);
          return;
        }
        expect(plainOf(parseJson(text))).toEqual(expected);
      }),
      { numRuns: process.env["FANIN_LONG"] ? 20_000 : 2000 },
    );
  });

  it("reads escapes", () => {
    expect(parseJson('"\\u00e9\\n\\/\\ud83d\\ude00"')).toBe("é\n/😀");
  });

  it.each([
    ['{"a":1,"a":1}', "E_JSON_DUPLICATE"],
    ['{"a":1,"\\u0061":1}', "E_JSON_DUPLICATE"],
    ['{"__proto__":1,"__proto__":1}', "E_JSON_DUPLICATE"],
    ['"\\ud83d"', "E_JSON_UTF8"],
    ["[".repeat(202), "E_JSON_DEPTH"],
    ["", "E_JSON_SYNTAX"],
    ["01", "E_JSON_SYNTAX"],
    ["1.", "E_JSON_SYNTAX"],
    [".5", "E_JSON_SYNTAX"],
    ["NaN", "E_JSON_SYNTAX"],
    ["[1,]", "E_JSON_SYNTAX"],
    ["'a'", "E_JSON_SYNTAX"],
    ['"\n"', "E_JSON_SYNTAX"],
    ["\u00a01", "E_JSON_SYNTAX"],
    ["1 2", "E_JSON_SYNTAX"],
  ])("refuses %j (%s)", (text, code) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code }));
  });

  it.each(["-0", "-1", "1.0", "1e2", "12.5"])("refuses %s where only sizes may stand", (text) => {
    expect(() => parseJson(text, { wholeNumbers: true })).toThrow(/E_JSON_SYNTAX/);
    expect(parseJson(`[12, 0, ${"9".repeat(20)}]`, { wholeNumbers: true })).toEqual([12, 0, 1e20]);
  });
});

import { describe, expect, test } from "vitest";
import { hostileStrings, parseMarkup } from "../test/parse-markup.ts";
import { weightTiles } from "./weight-tiles.ts";

/** The pixels of the first image of a figure, as red, green, blue from the top left. */
function pixelsOf(svg: string): { width: number; height: number; at(x: number, y: number): number[] } {
  const href =
    parseMarkup(svg)
      .elements.find(({ name }) => name === "image")
      ?.attributes.get("href") ?? "";
  const bytes = Buffer.from(href.replace("data:image/bmp;base64,", ""), "base64");
  expect(bytes.toString("latin1", 0, 2)).toBe("BM");
  expect(bytes.readUInt32LE(2)).toBe(bytes.length);
  const [start, width, height] = [bytes.readUInt32LE(10), bytes.readInt32LE(18), bytes.readInt32LE(22)];
  const stride = Math.ceil(width / 4) * 4;
  return {
    width,
    height,
    at: (x, y) => {
      const index = bytes[start + (height - 1 - y) * stride + x] ?? 0;
      const [blue = 0, green = 0, red = 0] = bytes.subarray(54 + 4 * index);
      return [red, green, blue];
    },
  };
}

describe("weightTiles", () => {
  test("draws each unit from its first weight at the top left: blue below 0, white at 0, vermillion above", () => {
    const units = [Float32Array.of(-2, 0, 2, 1), Float32Array.of(0, 0, 0, -2)];
    const { width, height, at } = pixelsOf(weightTiles({ name: "w", units, side: 2 }));
    expect([width, height]).toEqual([5, 2]);
    expect(at(0, 0)).toEqual([0, 84, 147]);
    expect(at(1, 0)).toEqual([247, 247, 244]);
    expect(at(0, 1)).toEqual([178, 66, 0]);
    expect(at(1, 1)).toEqual([213, 157, 122]); // half of the way
    expect(at(2, 0)).toEqual(at(2, 1)); // between tiles
    expect(at(4, 1)).toEqual([0, 84, 147]);
  });

  test("states how many units it shows and escapes the name", () => {
    const unit = Float32Array.of(0, 0, 0, 0.5);
    const many = weightTiles({ name: "w", units: new Array<Float32Array>(300).fill(unit), side: 2 });
    expect(many).toContain("the first 256 of 300 units");
    for (const name of hostileStrings) {
      const { elements } = parseMarkup(weightTiles({ name, units: [unit], side: 2 }));
      expect(new Set(elements.map((element) => element.name))).toEqual(new Set(["svg", "text", "image"]));
    }
  });

  test("shows non-finite weights as holes and refuses weights that do not fill a tile", () => {
    const { at } = pixelsOf(weightTiles({ name: "w", units: [Float32Array.of(Number.NaN, 0, 1, 1)], side: 2 }));
    expect(at(0, 0)).toEqual([128, 132, 138]);
    expect(() => weightTiles({ name: "w", units: [new Float32Array(3)], side: 2 })).toThrow("units[0]: expected 2 x 2");
    expect(() => weightTiles({ name: "w", units: [], side: 2 })).toThrow("units: expected at least one");
  });
});

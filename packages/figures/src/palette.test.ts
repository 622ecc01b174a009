import { describe, expect, test } from "vitest";
import { figureStyle } from "./figure-style.ts";
import { darkPalette, lightPalette, type Palette, seriesStyle } from "./palette.ts";

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const themes: [string, Palette][] = [
  ["light", lightPalette],
  ["dark", darkPalette],
];

describe.each(themes)("the %s palette", (_, palette) => {
  test.each([...palette.series])("has 3:1 for the mark %s on card and page", (color) => {
    expect(contrast(color, palette.surface)).toBeGreaterThanOrEqual(3);
    expect(contrast(color, palette.page)).toBeGreaterThanOrEqual(3);
  });

  test.each(["ink", "muted", "accent", "warning"] as const)("has 4.5:1 for text in %s on card and page", (name) => {
    expect(contrast(palette[name], palette.surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette[name], palette.page)).toBeGreaterThanOrEqual(4.5);
  });
});

test("contrast is 1 and 21 at the ends of its scale", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 9);
  expect(contrast("#777777", "#777777")).toBe(1);
});

test("twelve series differ in dash and marker, regardless of colours", () => {
  const styles = Array.from({ length: 12 }, (_, index) => seriesStyle(index));
  expect(new Set(styles.map(({ dash, marker }) => [dash, marker.draw.toString()].join())).size).toBe(12);
  expect(styles.every(({ className }) => figureStyle.includes(`.${className}{`))).toBe(true);
});

test("the style sheet covers both themes, contrast, forced colours and print, and loads nothing", () => {
  for (const color of [...lightPalette.series, ...darkPalette.series]) expect(figureStyle).toContain(color);
  for (const query of ["prefers-color-scheme:dark", "prefers-contrast:more", "forced-colors:active", "print"]) {
    expect(figureStyle).toContain(query);
  }
  expect(figureStyle).toContain("color-scheme:light dark");
  expect(figureStyle).not.toMatch(/url\(|@import|[<&]/);
});

test("contrast and forced colours outweigh both themes", () => {
  for (const query of ["prefers-contrast:more", "forced-colors:active"]) {
    expect(figureStyle).toContain(`@media (${query}){:root:root:root{`);
  }
  expect(figureStyle).not.toMatch(/:root(\[[^\]]*\]|:not\([^)]*\)){2}/);
});

test("the style sheet sets every custom property that it reads", () => {
  const read = [...figureStyle.matchAll(/var\((--[a-z0-9-]+)\)/g)].map(([, name]) => name);
  expect(read.length).toBeGreaterThan(10);
  for (const name of read) expect(figureStyle).toContain(`${name}:`);
});

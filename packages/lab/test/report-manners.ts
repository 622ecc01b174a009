// What every report keeps to: figures that can be read without seeing them, nothing from elsewhere, headings in order.

import { expect, test } from "vitest";
import type { parseMarkup } from "../../figures/test/parse-markup.ts";

/** A report as it is written, and what is in it. */
export type ParsedReport = { readonly html: string } & ReturnType<typeof parseMarkup>;

/** Tests that `report`, with `count` figures, has the manners of reports. */
export function testManners({ html, elements }: ParsedReport, count: number): void {
  test("has a labelled image, a caption and a captioned table for every figure", () => {
    const images = elements.filter(({ name, attributes }) => name === "svg" && !attributes.has("aria-hidden"));
    expect(elements.filter(({ name }) => name === "figure")).toHaveLength(count);
    expect(images).toHaveLength(count);
    for (const { attributes } of images) {
      expect(attributes.get("role")).toBe("img");
      expect(attributes.get("aria-label")).toMatch(/^[A-Z].{20,}\.$/s);
    }
    const inFigures = elements.filter(({ path }) => path.includes("figure"));
    for (const name of ["figcaption", "details", "table", "caption"]) {
      expect(inFigures.filter((element) => element.name === name)).toHaveLength(count);
    }
  });

  test("needs no script, no network and no inline style", () => {
    const names = new Set(elements.map(({ name }) => name));
    for (const name of ["script", "link", "img", "iframe", "object", "image", "use", "a", "form"]) {
      expect(names.has(name)).toBe(false);
    }
    const keys = new Set(elements.flatMap(({ attributes }) => [...attributes.keys()]));
    for (const key of keys) expect(key).not.toMatch(/^on|^style$|^src|href$/);
    expect(html).not.toMatch(/https?:|<script|javascript:/i);
  });

  test("has one main heading, and headings that skip no level", () => {
    const levels = elements.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    }, 0);
  });
}

// SVG as strings: elements with escaped attributes, and the common root of all figures.
// Source: SVG 2; WAI-ARIA Graphics for role="img" with a label.

import { escapeMarkup } from "./escape-markup.ts";
import { formatCoordinate } from "./format-number.ts";

/** Values of attributes. Numbers are coordinates and are rounded; null omits the attribute. */
export type SvgAttributes = Readonly<Record<string, string | number | null>>;

/** One element; `children` is markup. */
export function svgElement(name: string, attributes: SvgAttributes, ...children: readonly string[]): string {
  let tag = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null) continue;
    tag += ` ${key}="${typeof value === "number" ? formatCoordinate(value) : escapeMarkup(value)}"`;
  }
  return children.length === 0 ? `${tag}/>` : `${tag}>${children.join("")}</${name}>`;
}

/** A text at (x, y); `text` is escaped. */
export function svgText(x: number, y: number, text: string, attributes: SvgAttributes = {}): string {
  return svgElement("text", { x, y, ...attributes }, escapeMarkup(text));
}

/**
 * A figure for inline use: `width` by `height` units that scale with the container. Screen readers read it as one image
 * named `label`. A small figure keeps its font size on small screens.
 */
export function svgFigure(
  width: number,
  height: number,
  label: string,
  children: readonly string[],
  size: "regular" | "small" = "regular",
): string {
  return svgElement(
    "svg",
    {
      class: size === "small" ? "fanin-figure small" : "fanin-figure",
      role: "img",
      "aria-label": label,
      viewBox: `0 0 ${formatCoordinate(width)} ${formatCoordinate(height)}`,
    },
    ...children,
  );
}

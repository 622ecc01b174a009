// SVG as strings: elements whose attributes are escaped, and the root that every figure shares.
// Source: SVG 2; WAI-ARIA Graphics for role="img" with a label.

import { escapeMarkup } from "./escape-markup.ts";
import { formatCoordinate } from "./format-number.ts";

/** Values of attributes; numbers are coordinates and are rounded, null leaves the attribute out. */
export type SvgAttributes = Readonly<Record<string, string | number | null>>;

/** One element; `children` are markup already. */
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
 * A figure for inline use: `width` by `height` units that scale with the container, read as one image called
 * `label`; a small one keeps its font size on small screens.
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

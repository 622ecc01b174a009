// The styles of series: the hues of Okabe and Ito, a dash and a marker, so that colour is never the only cue.
// Source: Okabe & Ito 2008 (jfly.uni-koeln.de/color), with lightness adjusted to a contrast of 3:1 for every mark.

import {
  type SymbolType,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from "d3-shape";

/** The colours of one theme. */
export interface Palette {
  readonly page: string;
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly grid: string;
  readonly accent: string;
  readonly warning: string;
  /** The colours of the series in order: blue, vermillion, green, purple, orange, sky, black, yellow. */
  readonly series: readonly string[];
}

/** Dark marks on a light page. */
export const lightPalette: Palette = {
  page: "#f7f7f4",
  surface: "#ffffff",
  ink: "#1d2229",
  muted: "#59616b",
  line: "#d9dadb",
  grid: "#e8e9ea",
  accent: "#0067a3",
  warning: "#b3420a",
  series: ["#0072b2", "#d05a00", "#008a64", "#b85a8f", "#b27800", "#2e8fcc", "#3a3f46", "#857b00"],
};

/** Light marks on a dark page. */
export const darkPalette: Palette = {
  page: "#111418",
  surface: "#191d23",
  ink: "#e9e8e4",
  muted: "#a4abb4",
  line: "#343a43",
  grid: "#282e36",
  accent: "#6db7ea",
  warning: "#f59a5f",
  series: ["#4aa3e0", "#ee7b35", "#1fb88c", "#dd8fbb", "#e69f00", "#93d3f7", "#dcdad5", "#f0e442"],
};

/** The style of one series. */
export interface SeriesStyle {
  /** The class of its colour, `series-0` to `series-7`. */
  readonly className: string;
  /** The value of stroke-dasharray; null for a solid line. */
  readonly dash: string | null;
  readonly marker: SymbolType;
}

const dashes: readonly (string | null)[] = [null, "7 3", "2 3", "9 3 2 3", "12 4", "5 2 1 2 1 2"];
const markers: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolWye,
];

/**
 * The style of series `index`. The first 42 series have different pairs of dash and marker.
 *
 * @example
 * seriesStyle(1).dash; // => '7 3'
 */
export function seriesStyle(index: number): SeriesStyle {
  return {
    className: `series-${index % lightPalette.series.length}`,
    dash: dashes[index % dashes.length] ?? null,
    marker: markers[index % markers.length] ?? symbolCircle,
  };
}

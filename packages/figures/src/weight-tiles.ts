// The weights of a first layer as small images, one per unit: the input pattern that each unit detects.
// Source: the filters of Krizhevsky et al. 2012, figure 3. The palette diverges from 0 to Okabe and Ito's blue and vermillion.

import { bitmapAddress, type Rgb } from "./bitmap.ts";
import { fitText } from "./fit-text.ts";
import { formatNumber } from "./format-number.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** The weights of one layer. */
export interface WeightTiles {
  /** Such as `dense/kernel`. */
  readonly name: string;
  /** `side * side` values per unit, row by row. */
  readonly units: readonly Float32Array[];
  readonly side: number;
}

const WIDTH = 420;
const TOP = 24;
const MAX_TILES = 256;
const STEPS = 100; // colours on either side of 0
const blue: Rgb = [0, 84, 147];
const white: Rgb = [247, 247, 244];
const vermillion: Rgb = [178, 66, 0];
const GAP = 2 * STEPS + 1; // the colour between tiles

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2): number => Math.round(from[i] + share * (to[i] - from[i]));
  return [channel(0), channel(1), channel(2)];
}

/** The colours from -1 through 0 to 1, then the grey between tiles. */
const colors: readonly Rgb[] = [
  ...Array.from({ length: STEPS }, (_, i) => mix(blue, white, i / STEPS)),
  ...Array.from({ length: STEPS + 1 }, (_, i) => mix(white, vermillion, i / STEPS)),
  [128, 132, 138],
];

function largest(units: readonly Float32Array[]): number {
  let greatest = 0;
  for (const unit of units) for (const value of unit) greatest = Math.max(greatest, Math.abs(value));
  return greatest;
}

/** The index of the colour of `share`, -1 to 1; NaN gets the colour of the gap. */
function colorIndex(share: number): number {
  if (Number.isNaN(share)) return GAP;
  return Math.round((Math.min(1, Math.max(-1, share)) + 1) * STEPS);
}

/**
 * Draws one tile per unit as SVG: blue for weights below 0, white at 0, vermillion above; at most 256 units.
 *
 * @throws RangeError if a unit does not have `side * side` values, or there are no units.
 * @example
 * const units = [Float32Array.of(-1, 0, 0.5, 1), Float32Array.of(1, 1, 0, 0)];
 * weightTiles({ name: "dense/kernel", units, side: 2 }).startsWith("<svg"); // => true
 */
export function weightTiles({ name, units, side }: WeightTiles): string {
  if (units.length === 0) throw new RangeError("units: expected at least one, got none");
  units.forEach((unit, u) => {
    if (unit.length !== side * side) {
      throw new RangeError(`units[${u}]: expected ${side} x ${side} weights, got ${unit.length}`);
    }
  });
  const shown = units.slice(0, MAX_TILES);
  const columns = Math.min(shown.length, Math.ceil(Math.sqrt(2 * shown.length)));
  const rows = Math.ceil(shown.length / columns);
  const [width, height] = [columns * (side + 1) - 1, rows * (side + 1) - 1];
  const reach = largest(shown);
  const pixels = new Uint8Array(width * height).fill(GAP);
  shown.forEach((unit, u) => {
    const corner = Math.floor(u / columns) * (side + 1) * width + (u % columns) * (side + 1);
    unit.forEach((value, i) => {
      const at = corner + Math.floor(i / side) * width + (i % side);
      pixels[at] = colorIndex(reach > 0 && Number.isFinite(reach) ? value / reach : value === 0 ? 0 : Number.NaN);
    });
  });
  const drawn = (WIDTH * height) / width;
  const count = shown.length < units.length ? `the first ${shown.length} of ${units.length}` : `${units.length}`;
  const limit = formatNumber(reach, 2);
  const bottom = TOP + drawn + 14;
  const bar = Uint8Array.from({ length: 2 * STEPS + 1 }, (_, i) => i);
  const label = `Weights of ${name} as tiles of ${side} by ${side}, ${count} units; the largest is ${limit} in size.`;
  return svgFigure(WIDTH, bottom + 30, label, [
    svgText(0, 13, fitText(`${name}: ${count} units as ${side} × ${side} tiles`, WIDTH), { class: "title" }),
    svgElement("image", {
      href: bitmapAddress(pixels, width, height, colors),
      x: 0,
      y: TOP,
      width: WIDTH,
      height: drawn,
      "image-rendering": "pixelated",
    }),
    svgElement("image", {
      href: bitmapAddress(bar, bar.length, 1, colors),
      x: 0,
      y: bottom,
      width: WIDTH,
      height: 9,
      preserveAspectRatio: "none",
    }),
    svgText(0, bottom + 24, `−${limit}`),
    svgText(WIDTH / 2, bottom + 24, "0", { "text-anchor": "middle" }),
    svgText(WIDTH, bottom + 24, limit, { "text-anchor": "end" }),
  ]);
}

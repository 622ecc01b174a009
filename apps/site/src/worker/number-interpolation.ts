// What d3-scale asks of d3-interpolate, for numbers alone: the figures' scales map numbers to numbers, and colours cost 4 kB.
// Source: d3-interpolate 3, number.js and round.js; the build puts this in its place.

type Interpolator = (share: number) => number;

/** From a to b, as d3's does it to the last bit. */
export function interpolateNumber(a: number, b: number): Interpolator {
  return (share) => a * (1 - share) + b * share;
}

/** The same in whole numbers. */
export function interpolateRound(a: number, b: number): Interpolator {
  return (share) => Math.round(a * (1 - share) + b * share);
}

export const interpolate: typeof interpolateNumber = interpolateNumber;

/** Refused: no scale of the figures is made of pieces. */
export function piecewise(): never {
  throw new Error("piecewise: not part of this build");
}

// Windows: the weights by which a short-time Fourier transform fades a frame in and out.
// Source: scipy.signal.get_window 1.16 (scipy/signal/windows/_windows.py), the windows without parameters that STFT uses.

import { suggestion } from "../errors.ts";

/** a0 + a1 cos(t) + a2 cos(2 t) over [-pi, pi]. */
function cosineSum(...coefficients: readonly number[]): (length: number) => number[] {
  return (length) =>
    Array.from({ length }, (_, i) => {
      const angle = -Math.PI + (2 * Math.PI * i) / (length - 1);
      return coefficients.reduce((sum, coefficient, k) => sum + coefficient * Math.cos(k * angle), 0);
    });
}

const shapes: Readonly<Record<string, (length: number) => number[]>> = {
  boxcar: (length) => Array.from({ length }, () => 1),
  bartlett: (length) =>
    Array.from({ length }, (_, i) => {
      const rise = (2 * i) / (length - 1);
      return i <= (length - 1) / 2 ? rise : 2 - rise;
    }),
  hann: cosineSum(0.5, 0.5),
  hamming: cosineSum(0.54, 0.46),
  blackman: cosineSum(0.42, 0.5, 0.08),
};

/** The other names that scipy has for them. */
const aliases: Readonly<Record<string, keyof typeof shapes>> = {
  box: "boxcar",
  ones: "boxcar",
  rect: "boxcar",
  rectangular: "boxcar",
  bart: "bartlett",
  brt: "bartlett",
  han: "hann",
  ham: "hamming",
  hamm: "hamming",
  black: "blackman",
  blk: "blackman",
};

/** Every name of a window. */
export const windowNames: readonly string[] = [...Object.keys(shapes), ...Object.keys(aliases)];

/** Returns `name` if it names a window; RangeError else. */
export function expectWindowName(name: string): string {
  if (windowNames.includes(name)) return name;
  throw new RangeError(
    `window: expected one of ${Object.keys(shapes).join(", ")}, an array or null, got ${JSON.stringify(name)}${suggestion(name, windowNames)}`,
  );
}

/**
 * `scipy.signal.get_window(name, length, fftbins=periodic)`: `length` weights, symmetric, or one period of them.
 *
 * @throws RangeError for an unknown name.
 * @example
 * windowValues("hann", 4, true); // => [ 0, 0.5, 1, 0.5 ]
 */
export function windowValues(name: string, length: number, periodic: boolean): number[] {
  const shape = shapes[aliases[expectWindowName(name)] ?? name];
  if (length <= 1 || !shape) return Array.from({ length }, () => 1);
  return shape(periodic ? length + 1 : length).slice(0, length);
}

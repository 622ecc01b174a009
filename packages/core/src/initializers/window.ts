// Windows: the weights by which a short-time Fourier transform fades a frame in and out.
// Source: scipy.signal.get_window 1.17 (scipy/signal/windows/_windows.py): every window that needs no parameter, as STFT takes them.

import { suggestion } from "@fanin/tensor/arguments";

type Shape = (length: number) => number[];

const { PI } = Math;

/** The symmetric window whose weight at the position i is `weight(i, length)`. */
function pointwise(weight: (i: number, length: number) => number): Shape {
  return (length) => Array.from({ length }, (_, i) => weight(i, length));
}

/** `numpy.linspace(-end, end, length)`, element i. */
function spaced(i: number, length: number, end: number): number {
  return i === length - 1 ? end : i * ((2 * end) / (length - 1)) - end;
}

/** a0 + a1 cos(t) + a2 cos(2 t) + ... over [-pi, pi]. */
function cosineSum(...coefficients: readonly number[]): Shape {
  return pointwise((i, length) => {
    const angle = spaced(i, length, PI);
    return coefficients.reduce((sum, coefficient, k) => sum + coefficient * Math.cos(k * angle), 0);
  });
}

/** The left half of a window, mirrored: scipy computes one half only where `half` is given positions from 1 on. */
function mirrored(half: (n: number, length: number) => number): Shape {
  return pointwise((i, length) => half(Math.min(i, length - 1 - i) + 1, length));
}

const SIDELOBES = 4; // nbar, the number of side lobes of equal height
const SUPPRESSION = 30; // decibel

/** Taylor's window of 4 side lobes at -30 decibel, 1 in its middle. */
function taylor(length: number): number[] {
  const a = Math.acosh(10 ** (SUPPRESSION / 20)) / PI;
  const s2 = SIDELOBES ** 2 / (a ** 2 + (SIDELOBES - 0.5) ** 2);
  const orders = Array.from({ length: SIDELOBES - 1 }, (_, i) => i + 1);
  const factors = orders.map((m) => {
    const numerator = orders.reduce((product, k) => product * (1 - m ** 2 / s2 / (a ** 2 + (k - 0.5) ** 2)), 1);
    const others = orders.filter((k) => k !== m);
    const denominator = others.reduce((product, k) => product * (1 - m ** 2 / k ** 2), 2);
    return ((m % 2 === 1 ? 1 : -1) * numerator) / denominator;
  });
  const weight = (n: number): number =>
    1 +
    2 *
      orders.reduce(
        (sum, m, i) => sum + (factors[i] ?? 0) * Math.cos((2 * PI * m * (n - length / 2 + 0.5)) / length),
        0,
      );
  const scale = 1 / weight((length - 1) / 2);
  return Array.from({ length }, (_, n) => weight(n) * scale);
}

const TAPER = 0.5; // the share of a Tukey window that is not 1

/** Half a cosine at each end, 1 between. */
function tukey(i: number, length: number): number {
  const width = Math.floor((TAPER * (length - 1)) / 2);
  if (i <= width) return 0.5 * (1 + Math.cos(PI * (-1 + (2 * i) / TAPER / (length - 1))));
  if (i < length - width - 1) return 1;
  return 0.5 * (1 + Math.cos(PI * (-2 / TAPER + 1 + (2 * i) / TAPER / (length - 1))));
}

function parzen(i: number, length: number): number {
  const n = Math.abs(i - (length - 1) / 2);
  const x = n / (length / 2);
  return n <= (length - 1) / 4 ? 1 - 6 * x ** 2 + 6 * x ** 3 : 2 * (1 - x) ** 3;
}

function bohman(i: number, length: number): number {
  if (i === 0 || i === length - 1) return 0;
  const x = Math.abs(spaced(i, length, 1));
  return (1 - x) * Math.cos(PI * x) + (1 / PI) * Math.sin(PI * x);
}

/** sin(pi x) / (pi x), of the right half. */
function lanczos(i: number, length: number): number {
  const x = (2 * Math.max(i, length - 1 - i)) / (length - 1) - 1;
  return x === 0 ? 1 : Math.sin(PI * x) / (PI * x);
}

const shapes: Readonly<Record<string, Shape>> = {
  boxcar: pointwise(() => 1),
  triang: mirrored((n, length) => (length % 2 === 0 ? (2 * n - 1) / length : (2 * n) / (length + 1))),
  bartlett: pointwise((i, length) => {
    const rise = (2 * i) / (length - 1);
    return i <= (length - 1) / 2 ? rise : 2 - rise;
  }),
  hann: cosineSum(0.5, 0.5),
  hamming: cosineSum(0.54, 1 - 0.54),
  blackman: cosineSum(0.42, 0.5, 0.08),
  nuttall: cosineSum(0.3635819, 0.4891775, 0.1365995, 0.0106411),
  blackmanharris: cosineSum(0.35875, 0.48829, 0.14128, 0.01168),
  flattop: cosineSum(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
  parzen: pointwise(parzen),
  bohman: pointwise(bohman),
  barthann: pointwise((i, length) => {
    const x = Math.abs(i / (length - 1) - 0.5);
    return 0.62 - 0.48 * x + 0.38 * Math.cos(2 * PI * x);
  }),
  cosine: pointwise((i, length) => Math.sin((PI / length) * (i + 0.5))),
  exponential: pointwise((i, length) => Math.exp(-Math.abs(i - (length - 1) / 2))),
  tukey: pointwise(tukey),
  taylor,
  lanczos: pointwise(lanczos),
};

/** The other names that scipy has for them. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  barthann: ["brthan", "bth"],
  bartlett: ["bart", "brt"],
  blackman: ["black", "blk"],
  blackmanharris: ["blackharr", "bkh"],
  bohman: ["bman", "bmn"],
  boxcar: ["box", "ones", "rect", "rectangular"],
  cosine: ["halfcosine"],
  exponential: ["poisson"],
  flattop: ["flat", "flt"],
  hamming: ["hamm", "ham"],
  hann: ["han"],
  lanczos: ["sinc"],
  nuttall: ["nutl", "nut"],
  parzen: ["parz", "par"],
  taylor: ["taylorwin"],
  triang: ["triangle", "tri"],
  tukey: ["tuk"],
};

const byName = new Map<string, Shape>(
  Object.entries(shapes).flatMap(([name, shape]) =>
    [name, ...(otherNames[name] ?? [])].map((each) => [each, shape] as const),
  ),
);

/** Every name of a window. */
export const windowNames: readonly string[] = [...byName.keys()];

/** The name without the ending by which scipy overrides what is asked for, and what it asks for. */
function splitName(name: string): { readonly base: string; readonly periodic: boolean | undefined } {
  for (const [ending, periodic] of [
    ["_symmetric", false],
    ["_periodic", true],
  ] as const) {
    if (name.endsWith(ending)) return { base: name.slice(0, -ending.length), periodic };
  }
  return { base: name, periodic: undefined };
}

/** Returns `name` if it names a window, which may end with `_symmetric` or `_periodic`; RangeError otherwise. */
export function expectWindowName(name: string): string {
  const { base } = splitName(name);
  if (byName.has(base)) return name;
  throw new RangeError(
    `window: expected one of ${Object.keys(shapes).join(", ")}, an array or null, got ${JSON.stringify(name)}${suggestion(base, windowNames)}`,
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
  const { base, periodic: asked = periodic } = splitName(expectWindowName(name));
  const shape = byName.get(base);
  if (length <= 1 || !shape) return Array.from({ length }, () => 1);
  return shape(asked ? length + 1 : length).slice(0, length);
}

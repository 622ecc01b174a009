// exp, ln, tanh and related functions from + - * / only: the same bits in every engine, which Math.exp does not guarantee.
// Source: Cody and Waite 1980 for the range reductions; fdlibm for the splits of ln 2 and pi/2. Errors are within 3 ulp of
// the exact values (elementary.test.ts, against BigInt), unless a function states another bound.

// The two parts add up to the constant within 2e-26.
const LN2_HIGH = 6.9314718036912382e-1; // 0x3fe62e42fee00000: 32 bits, so its product with an exponent is exact
const LN2_LOW = 1.9082149292705877e-10; // 0x3dea39ef35793c76
const HALF_PI_HIGH = 1.5707963267341256; // 0x3ff921fb54400000: 33 bits
const HALF_PI_LOW = 6.0771005065061922e-11; // 0x3dd0b4611a626331

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer); // little-endian, as every host of WebAssembly is

/** 2^k for an integer k from -1022 to 1023. */
export function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return double[0] ?? Number.NaN;
}

/** Mantissa in [1, 2) and exponent of a positive, normal x. */
function split(x: number): [mantissa: number, exponent: number] {
  double[0] = x;
  const high = words[1] ?? 0;
  words[1] = (high & 0xfffff) | (1023 << 20);
  return [double[0] ?? Number.NaN, (high >>> 20) - 1023];
}

/** exp(r) - 1 for |r| < 0.35, by its series; the first omitted term is below 2^-57 of the sum. */
function expm1Series(r: number): number {
  let sum = 0;
  for (let n = 14; n >= 1; n--) sum = (r / n) * (1 + sum);
  return sum;
}

/** The exponential function; 0 below -708. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.7) return Number.POSITIVE_INFINITY;
  if (x < -708) return 0;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  const mantissa = 1 + expm1Series(r);
  return k === 1024 ? mantissa * 2 * powerOfTwo(1023) : mantissa * powerOfTwo(k);
}

/** 2 artanh(s) for |s| <= 1/3. */
function doubleArtanh(s: number): number {
  const square = s * s;
  let sum = 0;
  for (let n = 33; n >= 1; n -= 2) sum = sum * square + 1 / n;
  return 2 * s * sum;
}

/** The natural logarithm; -Infinity at 0. */
export function ln(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < powerOfTwo(-1022)) return ln(x * powerOfTwo(54)) - 54 * LN2_HIGH - 54 * LN2_LOW;
  let [mantissa, exponent] = split(x);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  return exponent * LN2_HIGH + (doubleArtanh((mantissa - 1) / (mantissa + 1)) + exponent * LN2_LOW);
}

/** log10(x) from ln(x). */
export function log10FromLn(lnX: number): number {
  return lnX / Math.LN10;
}

/** ln(1 + u) for u in [0, 1]. */
export function log1pUnit(u: number): number {
  return doubleArtanh(u / (2 + u));
}

/** The hyperbolic tangent. */
export function tanh(x: number): number {
  const a = 2 * Math.abs(x);
  const e = a < 0.34 ? expm1Series(a) : exp(Math.min(a, 60)) - 1;
  const y = e / (e + 2);
  return x < 0 ? -y : y;
}

/** 1 / (1 + exp(-x)). */
export function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

/** The density of the standard normal. */
export function normalDensity(x: number): number {
  return exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * The distribution function of the standard normal, to 1e-15: the series around 0, and below -4 Laplace's continued
 * fraction, which keeps 14 digits of the lower tail.
 */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  if (x < -4) {
    let fraction = 0;
    for (let n = 60; n > 0; n--) fraction = n / (-x + fraction);
    return normalDensity(x) / (-x + fraction);
  }
  // Phi(x) = 1/2 + density(x) (x + x^3/3 + x^5/15 + ...); all terms have the same sign.
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/** Sine and cosine, to 3e-16, for |x| up to 1e5. */
export function sincos(x: number): [sine: number, cosine: number] {
  const k = Math.round(x / (HALF_PI_HIGH + HALF_PI_LOW));
  const r = x - k * HALF_PI_HIGH - k * HALF_PI_LOW;
  const square = r * r;
  let sine = 0;
  let cosine = 0;
  for (let n = 18; n >= 2; n -= 2) {
    cosine = (-square / (n * (n - 1))) * (1 + cosine);
    sine = (-square / (n * (n + 1))) * (1 + sine);
  }
  const [s, c] = [r * (1 + sine), 1 + cosine];
  const quadrant = ((k % 4) + 4) % 4;
  if (quadrant === 0) return [s, c];
  if (quadrant === 1) return [c, -s];
  return quadrant === 2 ? [-s, -c] : [-c, s];
}

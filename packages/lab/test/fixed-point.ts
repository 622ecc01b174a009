// Elementary functions to 60 digits in BigInt fixed point: the reference of those that the laboratory computes in doubles.
// Source: Taylor's series after reduction by ln 2 and pi / 2; Machin 1706 for pi, ln 2 = 2 artanh(1/3).

const BITS = 240n;
const ONE = 1n << BITS;

/** A double, exactly. */
export function fixed(x: number): bigint {
  const bits = new BigUint64Array(new Float64Array([x]).buffer)[0] ?? 0n;
  const field = (bits >> 52n) & 2047n;
  const mantissa = (bits & ((1n << 52n) - 1n)) | (field > 0n ? 1n << 52n : 0n);
  const shift = (field > 0n ? field : 1n) - 1075n + BITS;
  const magnitude = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return bits >> 63n ? -magnitude : magnitude;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** The sum of 1/n^k / k over odd k with signs that alternate by `sign`: artanh(1/n) for 1, arctan(1/n) for -1. */
function inverseSeries(n: bigint, sign: bigint): bigint {
  let sum = 0n;
  for (let [term, k, factor] = [ONE / n, 1n, 1n]; term > 0n; term /= n * n, k += 2n, factor *= sign) {
    sum += (factor * term) / k;
  }
  return sum;
}

const LN2 = 2n * inverseSeries(3n, 1n);
const PI = 16n * inverseSeries(5n, -1n) - 4n * inverseSeries(239n, -1n);

export function expFixed(x: bigint): bigint {
  const k = x / LN2;
  let sum = 0n;
  for (let [term, n] = [ONE, 1n]; term !== 0n; term = times(term, x - k * LN2) / n, n++) {
    sum += term;
    if (n > 300n) break;
  }
  return k >= 0n ? sum << k : sum >> -k;
}

/** ln x by Newton's method, for x whose exp(ln x) has digits enough: 1e-30 to 1e30. */
export function lnFixed(x: number): bigint {
  let y = fixed(Math.log(x));
  for (let i = 0; i < 5; i++) y += times(fixed(x), expFixed(-y)) - ONE;
  return y;
}

/** ln 2^k. */
export function lnOfTwoTo(k: number): bigint {
  return BigInt(k) * LN2;
}

export function sincosFixed(x: bigint): [sine: bigint, cosine: bigint] {
  const k = (2n * x) / PI;
  const r = x - (k * PI) / 2n;
  const series = (start: bigint, first: bigint): bigint => {
    let sum = 0n;
    for (let [term, n] = [start, first]; term !== 0n && n < 200n; n += 2n) {
      sum += term;
      term = -times(times(term, r), r) / (n * (n + 1n));
    }
    return sum;
  };
  const [s, c] = [series(r, 2n), series(ONE, 1n)];
  const quadrant = Number(((k % 4n) + 4n) % 4n);
  if (quadrant === 0) return [s, c];
  if (quadrant === 1) return [c, -s];
  return quadrant === 2 ? [-s, -c] : [-c, s];
}

export function tanhFixed(x: bigint): bigint {
  const e = expFixed(2n * x);
  return over(e - ONE, e + ONE);
}

export function sigmoidFixed(x: bigint): bigint {
  return over(ONE, ONE + expFixed(-x));
}

/** The distribution function of the standard normal, for |x| up to 8. */
export function normalCdfFixed(x: bigint): bigint {
  let root = fixed(2.5066282746310002); // of 2 pi, by Heron's method
  for (let i = 0; i < 6; i++) root = (root + over(2n * PI, root)) / 2n;
  let sum = 0n;
  for (let [term, n] = [x, 3n]; term !== 0n && n < 1000n; n += 2n) {
    sum += term;
    term = times(times(term, x), x) / n;
  }
  return ONE / 2n + times(over(expFixed(-times(x, x) / 2n), root), sum);
}

/** |ours - exact|, in units in the last place of ours. */
export function ulpsFrom(ours: number, exact: bigint): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(ours) || 1)) - 52);
  return distanceFrom(ours, exact) / unit;
}

/** |ours - exact|. */
export function distanceFrom(ours: number, exact: bigint): number {
  const difference = fixed(ours) - exact;
  return Number(difference < 0n ? -difference : difference) / 2 ** Number(BITS);
}

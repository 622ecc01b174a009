// The fused multiply-add of doubles: a b + c, rounded once, which JavaScript and WebAssembly lack and PyTorch's kernels use.
// Source: Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008.

const SPLITTER = 2 ** 27 + 1; // cuts a double into two halves whose products are exact
/** Within these sizes no part of the product is lost below the range of doubles, or beyond it. */
const MIN_SIZE = 2 ** -900;
const MAX_SIZE = 2 ** 900;
const LOWEST_EXPONENT = -1074;

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

function isOrdinary(size: number): boolean {
  return size > MIN_SIZE && size < MAX_SIZE;
}

/** a b - `product`, exactly, where `product` is a b rounded. */
function productError(a: number, b: number, product: number): number {
  const as = a * SPLITTER;
  const aHigh = as - (as - a);
  const aLow = a - aHigh;
  const bs = b * SPLITTER;
  const bHigh = bs - (bs - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** x + y - `sum`, exactly, where `sum` is x + y rounded. */
function sumError(x: number, y: number, sum: number): number {
  const part = sum - x;
  return x - (sum - part) + (y - part);
}

/** x + y, rounded to the neighbour with an odd significand where it is not exact: such a result can be rounded again. */
function sumToOdd(x: number, y: number): number {
  const sum = x + y;
  const error = sumError(x, y, sum);
  if (error === 0) return sum;
  float[0] = sum;
  const word = bits[0] ?? 0n;
  if ((word & 1n) === 0n) bits[0] = word + (error > 0 === sum > 0 ? 1n : -1n);
  return float[0] ?? 0;
}

/** A finite double as significand times 2^exponent. */
function decompose(x: number): { readonly significand: bigint; readonly exponent: number } {
  float[0] = x;
  const word = bits[0] ?? 0n;
  const biased = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const size = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { significand: word < 0n ? -size : size, exponent: Math.max(biased, 1) - 1075 };
}

/** a b + c in integers of any length, for sizes near the ends of the range. */
function fmaOfIntegers(a: number, b: number, c: number): number {
  const [x, y, z] = [decompose(a), decompose(b), decompose(c)];
  const productExponent = x.exponent + y.exponent;
  const exponent = Math.min(productExponent, z.exponent);
  const sum =
    ((x.significand * y.significand) << BigInt(productExponent - exponent)) +
    (z.significand << BigInt(z.exponent - exponent));
  // A sum of exactly zero is of two opposites, and +0.
  if (sum === 0n) return 0;
  const size = sum < 0n ? -sum : sum;
  const target = Math.max(exponent + size.toString(2).length - 53, LOWEST_EXPONENT);
  const dropped = BigInt(Math.max(0, target - exponent));
  const half = dropped > 0n ? 1n << (dropped - 1n) : 0n;
  let rounded = size >> dropped;
  const rest = size - (rounded << dropped);
  if (dropped > 0n && (rest > half || (rest === half && (rounded & 1n) === 1n))) rounded++;
  return Math.sign(Number(sum)) * Number(rounded) * 2 ** (dropped > 0n ? target : exponent);
}

/** a b + c for doubles, rounded once, as IEEE 754 says of fusedMultiplyAdd. */
export function fma(a: number, b: number, c: number): number {
  const product = a * b;
  if (isOrdinary(Math.abs(a)) && isOrdinary(Math.abs(b)) && isOrdinary(Math.abs(product)) && isOrdinary(Math.abs(c))) {
    const productLow = productError(a, b, product);
    const low = c + productLow;
    const high = product + low;
    return high + sumToOdd(sumError(product, low, high), sumError(c, productLow, low));
  }
  if (!Number.isFinite(a) || !Number.isFinite(b)) return product + c;
  if (a === 0 || b === 0 || !Number.isFinite(c)) return Number.isFinite(c) ? product + c : c;
  // The product may be too small to be more than a sign: that is then the result's.
  if (c === 0 && isOrdinary(Math.abs(product))) return product;
  return c === 0 && product === 0 ? product : fmaOfIntegers(a, b, c);
}

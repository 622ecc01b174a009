// Converts to and from float16 and bfloat16 as bit patterns of a Uint16Array, rounding to nearest even.
// Source: IEEE 754-2019 section 3.4 (binary16); bfloat16 is the upper half of binary32.

const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);
const float32 = new Float32Array(1);
const word = new Uint32Array(float32.buffer);
const FRACTION = 23; // bits of a float32
const BIAS = 127;

/** The fraction bits of a 16-bit format and the bias of its exponent. */
interface Format {
  readonly fraction: number;
  readonly bias: number;
}

const FLOAT16: Format = { fraction: 10, bias: 15 };
const BFLOAT16: Format = { fraction: 7, bias: 127 };

/** Returns floor(log2(size)), or a value below the range of every format for 0 and the subnormals of float64. */
function exponentOf(size: number): number {
  float64[0] = size;
  return ((words[1] as number) >>> 20) - 1023;
}

/** Rounds once, from the full precision of `value`. */
function encode(value: number, format: Format): number {
  float32[0] = value;
  if (float32[0] === value) {
    // The fast path: exact in float32, normal in the format. Rounds the bits of the float32; a carry propagates as below.
    const bits = word[0] as number;
    const exponent = (bits >>> FRACTION) & 0xff;
    const { fraction, bias } = format;
    if (exponent > BIAS - bias && exponent <= BIAS + bias) {
      const dropped = FRACTION - fraction;
      const rounded = (bits & 0x7fffffff) + (1 << (dropped - 1)) - 1 + ((bits >>> dropped) & 1);
      return ((bits >>> 16) & 0x8000) | ((rounded >>> dropped) - ((BIAS - bias) << fraction));
    }
  }
  return encodeAny(value, format);
}

/** {@link encode} for every value, including zeros, subnormals, infinities and NaN. */
function encodeAny(value: number, { fraction, bias }: Format): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const infinity = (2 * bias + 1) << fraction;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return infinity | (1 << (fraction - 1));
  if (size === Number.POSITIVE_INFINITY) return sign | infinity;
  const exponent = Math.max(exponentOf(size), 1 - bias);
  // Adding 2^52 leaves no bits below 1, and the addition itself rounds to even. A carry propagates into the exponent.
  const significand = size * 2 ** (fraction - exponent) + 2 ** 52 - 2 ** 52;
  return sign | Math.min(infinity, ((exponent + bias - 1) << fraction) + significand);
}

function decode(bits: number, { fraction, bias }: Format): number {
  const biased = (bits & 0x7fff) >>> fraction;
  if (biased > 0 && biased <= 2 * bias) {
    word[0] = ((bits & 0x8000) << 16) | (((bits & 0x7fff) << (FRACTION - fraction)) + ((BIAS - bias) << FRACTION));
    return float32[0] as number;
  }
  const sign = bits & 0x8000 ? -1 : 1;
  const rest = bits & ((1 << fraction) - 1);
  if (biased === 2 * bias + 1) return rest ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * rest * 2 ** (1 - bias - fraction);
}

/**
 * Returns the bits of the float16 nearest to `value`, ties to even. Values from 65520 become infinity, NaN becomes 0x7e00.
 * A float64 is rounded once, not through float32.
 *
 * @example
 * float16FromFloat32(1); // => 15360
 */
export function float16FromFloat32(value: number): number {
  return encode(value, FLOAT16);
}

/**
 * Returns the exact value of the bits of a float16.
 *
 * @example
 * float32FromFloat16(0x3e00); // => 1.5
 */
export function float32FromFloat16(bits: number): number {
  return decode(bits, FLOAT16);
}

/**
 * Returns the bits of the bfloat16 nearest to `value`, ties to even. Too large values become infinity, NaN becomes 0x7fc0.
 * A float64 is rounded once, not through float32.
 *
 * @example
 * bfloat16FromFloat32(1); // => 16256
 */
export function bfloat16FromFloat32(value: number): number {
  return encode(value, BFLOAT16);
}

/**
 * Returns the exact value of the bits of a bfloat16.
 *
 * @example
 * float32FromBfloat16(0x3fc0); // => 1.5
 */
export function float32FromBfloat16(bits: number): number {
  return decode(bits, BFLOAT16);
}

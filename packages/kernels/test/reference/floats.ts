// Float32 and its bits, for the reference implementations.

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

export const f32 = Math.fround;

export function bitsOf(x: number): number {
  float[0] = x;
  return word[0] as number;
}

export function floatOf(bits: number): number {
  word[0] = bits;
  return float[0] as number;
}

/** fma of float32 values: the product is exact in float64. */
export const fma = (a: number, b: number, c: number): number => f32(a * b + c);

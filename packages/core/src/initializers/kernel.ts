// The shape of a convolution's kernel, as Keras lays it out: (spatial ..., in, out).

import { type DType, type ElementArray, elementsOf, elementTypes, formatShape, type Shape } from "@fanin/tensor";
/** A kernel taken apart; `taps` is the number of its positions, `centre` the flat index of the middle one. */
export interface KernelShape {
  readonly spatial: Shape;
  readonly taps: number;
  readonly centre: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * The parts of `shape`; the middle of an even dimension k is (k - 1) / 2 rounded down or up, as `middle` says.
 *
 * @throws RangeError, naming `className`, for a rank outside [low, high].
 */
export function expectKernel(
  className: string,
  shape: Shape,
  low: number,
  high: number,
  middle: "down" | "up" = "up",
): KernelShape {
  if (shape.length < low || shape.length > high) {
    const ranks = low === high ? `${low}` : high === Number.POSITIVE_INFINITY ? `${low} or more` : `${low} to ${high}`;
    throw new RangeError(`shape: ${className} expected ${ranks} dimensions, got ${formatShape(shape)}`);
  }
  const spatial = shape.slice(0, -2);
  return {
    spatial,
    taps: spatial.reduce((product, k) => product * k, 1),
    centre: spatial.reduce((flat, k) => flat * k + Math.floor((middle === "down" ? k - 1 : k) / 2), 0),
    inputs: shape.at(-2) ?? 1,
    outputs: shape.at(-1) ?? 1,
  };
}

/** Fills `out`, the slice from `offset` on, with zeros, and with ones where the flat indices in the whole are `ones`. */
export function fillOnes(out: ElementArray, offset: number, ones: Iterable<number>, dtype: DType): void {
  const { encode } = elementTypes[dtype];
  const target = elementsOf(out);
  const one = encode(1);
  target.fill(encode(0));
  for (const index of ones) {
    if (index >= offset && index < offset + out.length) target[index - offset] = one;
  }
}

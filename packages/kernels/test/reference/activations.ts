// Reference implementations of the activations, in float64 by their definitions.

/** erf by its Taylor series near 0 and by Laplace's continued fraction of erfc beyond; good to 1e-15. */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x > 2.5) {
    let fraction = 0;
    for (let n = 80; n > 0; n--) fraction = n / 2 / (x + fraction);
    return 1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
  }
  let term = x;
  let sum = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const phi = (x: number): number => 0.5 * (1 + erf(x / Math.SQRT2));
const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
const elu = (x: number, alpha: number): number => (x > 0 ? x : alpha * Math.expm1(x));
const eluSlope = (x: number, alpha: number): number => (x > 0 ? 1 : alpha * Math.exp(x));
const ALPHA = 1.6732632423543772;
const SCALE = 1.0507009873554805;

/** Each activation: its value and its derivative. */
export const activations: Record<
  string,
  readonly [(x: number, c: number) => number, ((x: number, c: number) => number)?]
> = {
  relu: [(x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)],
  relu6: [(x) => Math.min(Math.max(x, 0), 6)],
  leaky_relu: [(x, slope) => (x > 0 ? x : slope * x), (x, slope) => (x > 0 ? 1 : slope)],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  sigmoid: [sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))],
  elu: [elu, eluSlope],
  selu: [(x) => SCALE * elu(x, ALPHA), (x) => SCALE * eluSlope(x, ALPHA)],
  gelu: [(x) => x * phi(x), (x) => phi(x) + x * density(x)],
  silu: [(x) => x * sigmoid(x), (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x)))],
  softplus: [(x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), sigmoid],
};

// STFT: the kernel of a convolution that computes one side of a short-time Fourier transform.
// Source: keras/src/initializers/constant_initializers.py 3.15.1 (STFT).

import { elementTypes, type FloatDType, formatShape, isFloat, roundTo, type Shape } from "@fanin/tensor";
import { describeValue, expectBoolean } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, ValuesOf } from "../parameters/parameters.ts";
import { discrete } from "../random/distribution.ts";
import { DEFAULT_STREAM, type StreamName } from "../random/stream-names.ts";
import { type ArrayValue, encodeArray, expectArrayValue, type NumberArray } from "./array-value.ts";
import { defineConstant, type InitializerFactory, type StreamOptions } from "./initializer.ts";
import { expectWindowName, windowValues } from "./window.ts";

const parameters = {
  /** The cosine part ("real") or the sine part ("imag"). Defaults to "real". */
  side: { default: "real", expect: expectSide } as Parameter<"real" | "imag">,
  /** The name of a window, its values, or null for no window. Defaults to "hann". */
  window: {
    default: "hann",
    expect: expectWindow,
    write: (window) => (typeof window === "object" && window !== null ? encodeArray(window) : window),
  } as Parameter<string | NumberArray | null, string | ArrayValue | null>,
  /** Whether a named window is one period long rather than symmetric. Defaults to false. */
  periodic: { default: false, expect: expectBoolean } as Parameter<boolean>,
  /** The divisor of the window: the root of its energy ("density"), its sum ("spectrum"), or none (null). Defaults to "density". */
  scaling: { default: "density", expect: expectScaling } as Parameter<"density" | "spectrum" | null>,
};

/** Options of {@link stft}. */
export interface StftOptions extends OptionsOf<typeof parameters>, StreamOptions {}

type StftParameters = ValuesOf<typeof parameters>;

function expectSide(_name: string, value: unknown): "real" | "imag" {
  if (value === "real" || value === "imag") return value;
  const Kind = typeof value === "string" ? RangeError : TypeError;
  throw new Kind(`side should be 'real' or 'imag', not ${describeValue(value)}`);
}

function expectScaling(_name: string, value: unknown): "density" | "spectrum" | null {
  if (value === null || value === "density" || value === "spectrum") return value;
  const Kind = typeof value === "string" ? RangeError : TypeError;
  throw new Kind(
    `Scaling is invalid, it must be \`None\`, 'density' or 'spectrum'. Received scaling=${describeValue(value)}`,
  );
}

function expectWindow(name: string, value: unknown): string | NumberArray | null {
  if (value === null) return null;
  return typeof value === "string" ? expectWindowName(value) : expectArrayValue(name, value);
}

function expectKernel(shape: Shape): readonly [number, number] {
  const [frame, channels, frequencies] = shape;
  if (frame === undefined || frequencies === undefined || shape.length !== 3 || channels !== 1) {
    throw new RangeError(`shape: expected [frame length, 1, frequencies] for STFT, got ${formatShape(shape)}`);
  }
  return [frame, frequencies];
}

function expectWindowLength(frame: number, { shape, values }: NumberArray): readonly number[] {
  if (shape.length === 1 && shape[0] === frame) return values;
  throw new RangeError(
    `The shape of \`window\` must be equal to [frame_length] = [${frame}]. Received: window shape=${formatShape(shape)}`,
  );
}

/** The sum of `terms`, each of the type: frameworks add up 16-bit floats in float32, NumPy bfloat16 as it is. */
function sumOf(terms: readonly number[], dtype: FloatDType, framework: StreamName): number {
  const held = dtype === "float16" || (dtype === "bfloat16" && framework !== "keras/numpy") ? "float32" : dtype;
  return roundTo(
    dtype,
    terms.reduce((total, term) => roundTo(held, total + term), 0),
  );
}

/** The window's values and their divisor, each operation rounded to `dtype`; null without a window. */
function scaledWindow(
  frame: number,
  { window, periodic, scaling }: StftParameters,
  dtype: FloatDType,
  framework: StreamName,
) {
  if (window === null) return null;
  const round = (value: number): number => roundTo(dtype, value);
  const values = (
    typeof window === "string" ? windowValues(window, frame, periodic) : expectWindowLength(frame, window)
  ).map(round);
  const sum = (term: (value: number) => number): number =>
    sumOf(
      values.map((value) => round(term(value))),
      dtype,
      framework,
    );
  if (scaling === "density") return { values, divisor: round(Math.sqrt(sum((value) => value * value))) };
  return { values, divisor: scaling === "spectrum" ? sum(Math.abs) : 1 };
}

/** Element [t, 0, k] as a function of its flat index: cos or sin of -2 pi t k / F, times window over divisor. */
function elementsOf(
  shape: Shape,
  parameters: StftParameters,
  dtype: FloatDType,
  framework: StreamName,
): (index: number) => number {
  const [frame, frequencies] = expectKernel(shape);
  const round = (value: number): number => roundTo(dtype, value);
  const window = scaledWindow(frame, parameters, dtype, framework);
  const wave = parameters.side === "real" ? Math.cos : Math.sin;
  const pi = round(Math.PI);
  const length = 2 * (frequencies - 1);
  return (index) => {
    const time = round(Math.floor(index / frequencies));
    const frequency = round((index % frequencies) / length);
    // Keras rounds the angle at every step; for a long frame that is most of the error, and part of the value.
    const value = round(wave(round(round(-2 * time * frequency) * pi)));
    if (!window) return value;
    return round(round(value * (window.values[Math.floor(index / frequencies)] as number)) / window.divisor);
  };
}

/**
 * The kernel of shape [T, 1, K] with which a convolution computes the real or imaginary part of the short-time Fourier
 * transform of frames of length T: cos or sin of -2 pi t k / (2 (K - 1)), windowed and scaled.
 *
 * Every operation is rounded to the dtype as in Keras; cos and sin may differ from a framework's in the last bit.
 *
 * @throws RangeError for an unknown side, window or scaling, a shape that is not [T, 1, K], or a window not of length T;
 * where the dtype is not a floating-point type.
 * @example
 * stft({ window: "hamming", periodic: true })([512, 1, 257]);
 */
export const stft: InitializerFactory<StftOptions> = defineConstant("STFT", {
  aliases: ["stft", "STFTInitializer"],
  isFramework: true,
  parameters,
  expectShape: (shape, { window }, dtype) => {
    const [frame] = expectKernel(shape);
    if (!isFloat(dtype)) {
      throw new RangeError(`dtype: expected a floating-point type for STFT, got ${dtype}`);
    }
    if (typeof window === "object" && window !== null) expectWindowLength(frame, window);
    if (typeof window === "string" && frame === 0) {
      throw new RangeError(
        `shape: expected a frame length above 0 for the window ${window}, got ${formatShape(shape)}`,
      );
    }
  },
  distribution: (shape, values) => {
    const [frame, frequencies] = expectKernel(shape);
    const element = elementsOf(shape, values, "float32", DEFAULT_STREAM);
    const { mean, variance, support } = discrete(Array.from({ length: frame * frequencies }, (_, i) => element(i)));
    return { mean, variance, support };
  },
  fill: (out, { offset }, shape, values, dtype, stream) => {
    if (!isFloat(dtype)) return;
    const { encode } = elementTypes[dtype];
    // JAX, and Keras's operations on NumPy, compute float64 in float32: the values are held by wider ones.
    const isNarrow = dtype === "float64" && (stream === "keras/jax" || stream === "keras/numpy");
    const element = elementsOf(shape, values, isNarrow ? "float32" : dtype, stream);
    for (let i = 0; i < out.length; i++) out[i] = encode(element(offset + i));
  },
});

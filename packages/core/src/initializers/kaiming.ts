// KaimingUniform and KaimingNormal: PyTorch's He initialization, with the gain of an activation.
// Source: torch/nn/init.py 2.13; He, Zhang, Ren and Sun 2015, arXiv:1502.01852.

import type { Shape } from "@fanin/tensor";
import { expectNumber, expectOneOf } from "@fanin/tensor/arguments";
import { normalLaw, uniformLaw } from "../random/law.ts";
import { computeFans } from "./fans.ts";
import { calculateGain, expectNonlinearity, type Nonlinearity } from "./gain.ts";
import { defineRandom, type InitializerFactory, type Parameters, type RandomOptions } from "./initializer.ts";

const modes = ["fan_in", "fan_out"] as const;

interface Kaiming {
  readonly a: number;
  readonly mode: (typeof modes)[number];
  readonly nonlinearity: Nonlinearity;
}

/** Options of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions extends RandomOptions {
  /** The negative slope of a leaky ReLU; 0, a plain ReLU, unless said. */
  readonly a?: number | undefined;
  /** `fan_in`, which keeps the variance forward, unless said; `fan_out` keeps it backward. */
  readonly mode?: Kaiming["mode"] | undefined;
  /** `leaky_relu` unless said. */
  readonly nonlinearity?: Nonlinearity | undefined;
}

const parameters: Parameters<Kaiming> = {
  a: { default: 0, expect: expectNumber },
  mode: { default: "fan_in", expect: (name, value) => expectOneOf(name, value, modes) },
  nonlinearity: { default: "leaky_relu", expect: expectNonlinearity },
};

/** gain / sqrt(fan), with Keras's fans: the kernel is (..., in, out). */
function stddev(shape: Shape, { a, mode, nonlinearity }: Kaiming): number {
  const { fanIn, fanOut } = computeFans(shape);
  return calculateGain(nonlinearity, a) / Math.sqrt(Math.max(1, mode === "fan_in" ? fanIn : fanOut));
}

/**
 * Uniform on [-limit, limit), limit = sqrt(3) gain / sqrt(fan): the variance is gain^2 / fan. Fans are those of a Keras
 * kernel (..., in, out). `a` = sqrt(5) gives what torch.nn.Linear starts from, 1 / sqrt(fan_in).
 *
 * @throws RangeError for an unknown mode or nonlinearity.
 * @example
 * kaimingUniform({ nonlinearity: "relu", seed: 0 })([784, 128]);
 */
export const kaimingUniform: InitializerFactory<KaimingOptions> = defineRandom<Kaiming, KaimingOptions>(
  "KaimingUniform",
  {
    parameters,
    law: (shape, options) => {
      const limit = Math.sqrt(3) * stddev(shape, options);
      return uniformLaw(-limit, limit);
    },
    fill: (out, slice, shape, options, { stream, seed }) => {
      const limit = Math.sqrt(3) * stddev(shape, options);
      stream.uniform(out, slice, seed, -limit, limit);
    },
  },
);

/**
 * Normal with standard deviation gain / sqrt(fan), not truncated as heNormal is. Fans are those of a Keras kernel
 * (..., in, out).
 *
 * @throws RangeError for an unknown mode or nonlinearity.
 * @example
 * kaimingNormal({ mode: "fan_out", nonlinearity: "relu", seed: 0 })([3, 3, 64, 128]);
 */
export const kaimingNormal: InitializerFactory<KaimingOptions> = defineRandom<Kaiming, KaimingOptions>(
  "KaimingNormal",
  {
    parameters,
    law: (shape, options) => normalLaw(0, stddev(shape, options)),
    fill: (out, slice, shape, options, { stream, seed }) => stream.normal(out, slice, seed, 0, stddev(shape, options)),
  },
);

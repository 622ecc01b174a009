// XavierUniform and XavierNormal: PyTorch's Glorot initialization, with a gain.
// Source: torch/nn/init.py 2.13; Glorot and Bengio 2010.

import type { Shape } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import { normalLaw, uniformLaw } from "../random/law.ts";
import { computeFans } from "./fans.ts";
import { defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

/** Options of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions extends RandomOptions {
  /** The factor on the standard deviation; 1 unless said. */
  readonly gain?: number | undefined;
}

const parameters = { gain: { default: 1, expect: expectNumber } };

/** gain sqrt(2 / (fan-in + fan-out)); the sum of the fans is the same in every layout of a kernel. */
function stddev(shape: Shape, gain: number): number {
  const { fanIn, fanOut } = computeFans(shape);
  return gain * Math.sqrt(2 / Math.max(1, fanIn + fanOut));
}

/**
 * Uniform on [-limit, limit), limit = gain sqrt(6 / (fan-in + fan-out)).
 *
 * @example
 * xavierUniform({ gain: 5 / 3, seed: 0 })([256, 256]);
 */
export const xavierUniform: InitializerFactory<XavierOptions> = defineRandom<{ gain: number }>("XavierUniform", {
  parameters,
  law: (shape, { gain }) => {
    const limit = Math.sqrt(3) * stddev(shape, gain);
    return uniformLaw(-limit, limit);
  },
  fill: (out, slice, shape, { gain }, { stream, seed }) => {
    const limit = Math.sqrt(3) * stddev(shape, gain);
    stream.uniform(out, slice, seed, -limit, limit);
  },
});

/**
 * Normal with standard deviation gain sqrt(2 / (fan-in + fan-out)), not truncated as glorotNormal is.
 *
 * @example
 * xavierNormal({ seed: 0 })([256, 256]);
 */
export const xavierNormal: InitializerFactory<XavierOptions> = defineRandom<{ gain: number }>("XavierNormal", {
  parameters,
  law: (shape, { gain }) => normalLaw(0, stddev(shape, gain)),
  fill: (out, slice, shape, { gain }, { stream, seed }) => stream.normal(out, slice, seed, 0, stddev(shape, gain)),
});

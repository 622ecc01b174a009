// Fixup: residual networks that train without normalization.
// Source: Zhang, Dauphin and Ma 2019, arXiv:1901.09321; hongyi-zhang/Fixup.

import type { Shape } from "@fanin/tensor";
import { expectInteger, expectOneOf } from "@fanin/tensor/arguments";
import { normalLaw } from "../random/law.ts";
import { computeFans } from "./fans.ts";
import { defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const positions = ["inner", "last"] as const;

interface Fixup {
  readonly branches: number;
  readonly layers: number;
  readonly position: (typeof positions)[number];
}

/** Options of {@link fixup}. */
export interface FixupOptions extends RandomOptions {
  /** L, how many residual branches the network has; 16, ResNet-50's, unless said. */
  readonly branches?: number | undefined;
  /** m, how many layers each branch has, 2 or more; 2 unless said. */
  readonly layers?: number | undefined;
  /** `inner` unless said; the `last` layer of a branch, like the classifier, starts at zero. */
  readonly position?: Fixup["position"] | undefined;
}

function stddev(shape: Shape, { branches, layers, position }: Fixup): number {
  if (position === "last") return 0;
  return Math.sqrt(2 / Math.max(1, computeFans(shape).fanOut)) * branches ** (-1 / (2 * layers - 2));
}

const count = (low: number) => (name: string, value: unknown) =>
  expectInteger(name, value, low, Number.MAX_SAFE_INTEGER);

/**
 * Normal with standard deviation sqrt(2 / fan-out) L^(-1 / (2m - 2)) inside the branches, zero in their last layer: every
 * block starts as the identity, and one step of gradient descent changes the network's output by O(1) however many
 * branches it has. (The paper also puts scalar biases before, and one scalar multiplier into, each branch.)
 *
 * @throws RangeError for branches below 1, layers below 2, or an unknown position.
 * @example
 * fixup({ branches: 16, layers: 3, seed: 0 })([3, 3, 64, 64]);
 * fixup({ position: "last" })([1, 1, 64, 256]); // zeros
 */
export const fixup: InitializerFactory<FixupOptions> = defineRandom<Fixup, FixupOptions>("Fixup", {
  parameters: {
    branches: { default: 16, expect: count(1) },
    layers: { default: 2, expect: count(2) },
    position: { default: "inner", expect: (name, value) => expectOneOf(name, value, positions) },
  },
  law: (shape, options) => normalLaw(0, stddev(shape, options)),
  fill: (out, slice, shape, options, { stream, seed }) => {
    const spread = stddev(shape, options);
    if (spread === 0) out.fill(0);
    else stream.normal(out, slice, seed, 0, spread);
  },
});

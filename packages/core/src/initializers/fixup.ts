// Fixup: residual networks that train without normalization.
// Source: Zhang, Dauphin and Ma 2019, arXiv:1901.09321; hongyi-zhang/Fixup.

import { expectInteger, expectOneOf } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { constant, normal } from "../random/distribution.ts";
import { computeFans } from "./fans.ts";
import { defineDistribution, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const positions = ["inner", "last"] as const;

const count = (low: number) => (name: string, value: unknown) =>
  expectInteger(name, value, low, Number.MAX_SAFE_INTEGER);

const parameters = {
  /** L, the number of residual branches of the network. Defaults to 16, those of ResNet-50. */
  branches: { default: 16, expect: count(1) } as Parameter<number>,
  /** m, the number of layers of each branch, 2 or more. Defaults to 2. */
  layers: { default: 2, expect: count(2) } as Parameter<number>,
  /** Defaults to `inner`. The `last` layer of a branch, like the classifier, starts at zero. */
  position: { default: "inner", expect: (name, value) => expectOneOf(name, value, positions) } as Parameter<
    "inner" | "last"
  >,
};

/** Options of {@link fixup}. */
export interface FixupOptions extends OptionsOf<typeof parameters>, RandomOptions {}

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
export const fixup: InitializerFactory<FixupOptions> = defineDistribution("Fixup", {
  parameters,
  kind: () => "normal",
  distribution: (shape, { branches, layers, position }) => {
    if (position === "last") return constant(0);
    const { fanOut } = computeFans(shape);
    return normal(0, Math.sqrt(2 / Math.max(1, fanOut)) * branches ** (-1 / (2 * layers - 2)));
  },
});

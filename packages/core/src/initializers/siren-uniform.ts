// SirenUniform: for networks whose activation is sin(omega0 x).
// Source: Sitzmann, Martel, Bergman, Lindell and Wetzstein 2020, arXiv:2006.09661, section 3.2 and supplement 1.

import type { Shape } from "@fanin/tensor";
import { expectBoolean, expectPositive } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, ValuesOf } from "../parameters/parameters.ts";
import { uniform } from "../random/distribution.ts";
import { computeFans } from "./fans.ts";
import { defineDistribution, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const parameters = {
  /** Whether this is the first layer, whose inputs are coordinates in [-1, 1]. Defaults to false. */
  first: { default: false, expect: expectBoolean } as Parameter<boolean>,
  /** The frequency by which the activation multiplies. Defaults to 30. */
  omega0: { default: 30, expect: expectPositive } as Parameter<number>,
};

/** Options of {@link sirenUniform}. */
export interface SirenUniformOptions extends OptionsOf<typeof parameters>, RandomOptions {}

function limitOf(shape: Shape, { first, omega0 }: ValuesOf<typeof parameters>): number {
  const fanIn = Math.max(1, computeFans(shape).fanIn);
  return first ? 1 / fanIn : Math.sqrt(6 / fanIn) / omega0;
}

/**
 * Uniform on [-limit, limit), limit = 1 / fan-in in the first layer and sqrt(6 / fan-in) / omega0 in the others:
 * omega0 W x is then normal with the same variance in every layer, however deep. (The paper says 1, for outputs of the
 * sine that fill [-1, 1] as the arcsine law does; in depth it settles at v = 1 - exp(-2 v), which is 0.797.)
 *
 * @throws RangeError for an omega0 that is not above zero.
 * @example
 * sirenUniform({ first: true, seed: 0 })([2, 256]);
 * sirenUniform({ seed: 1 })([256, 256]);
 */
export const sirenUniform: InitializerFactory<SirenUniformOptions> = defineDistribution("SirenUniform", {
  parameters,
  kind: () => "uniform",
  distribution: (shape, values) => {
    const limit = limitOf(shape, values);
    return uniform(-limit, limit);
  },
});

// torch.nn.init.kaiming_uniform_ and kaiming_normal_: std = gain / sqrt(fan).
// Source: torch/nn/init.py, PyTorch 2.13; He et al. 2015.

import { type Shape, sizeOf } from "@fanin/tensor";
import { describeValue, expectReal } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, ValuesOf } from "../parameters/parameters.ts";
import * as distributions from "../random/distribution.ts";
import { computeTorchFans } from "./fans.ts";
import { calculateGain, type Nonlinearity } from "./gain.ts";
import { defineDistribution, type GeneratorOptions, type TorchInitializer } from "./initializer.ts";

const parameters = {
  /** The negative slope, used if the nonlinearity is leaky_relu. Defaults to 0. */
  a: { default: 0, expect: expectReal } as Parameter<number>,
  /** The fan that counts. Defaults to `fan_in`. */
  mode: { default: "fan_in", expect: unchecked } as Parameter<"fan_in" | "fan_out">,
  /** Defaults to `leaky_relu`. */
  nonlinearity: { default: "leaky_relu", expect: unchecked } as Parameter<Nonlinearity>,
};

/** Options of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions extends OptionsOf<typeof parameters>, GeneratorOptions {}

/** For an empty tensor torch checks neither: it warns and leaves the tensor as it is. */
function unchecked(_name: string, value: unknown): never {
  return value as never;
}

/** Lower and upper case are the same to torch. */
function expectMode(value: unknown): "fan_in" | "fan_out" {
  const lower = String(value).toLowerCase();
  if (lower === "fan_in" || lower === "fan_out") return lower;
  throw new RangeError(`mode: Mode ${describeValue(value)} not supported, please use one of ['fan_in', 'fan_out']`);
}

function stdOf(shape: Shape, { a, mode, nonlinearity }: ValuesOf<typeof parameters>): number {
  if (sizeOf(shape) === 0) return 0;
  const which = expectMode(mode);
  const { fanIn, fanOut } = computeTorchFans(shape);
  return calculateGain(nonlinearity, a) / Math.sqrt(which === "fan_in" ? fanIn : fanOut);
}

/**
 * `torch.nn.init.kaiming_uniform_`: uniform on [-bound, bound), bound = gain sqrt(3 / fan). With a = sqrt(5) it is the
 * initialization of torch's linear and convolution layers.
 *
 * @throws RangeError for fewer than two dimensions, an unknown mode or nonlinearity.
 * @example
 * manualSeed(0);
 * kaimingUniform([128, 784], { a: Math.sqrt(5) });
 */
export const kaimingUniform: TorchInitializer<KaimingOptions> = defineDistribution("kaimingUniform", {
  parameters,
  distribution: (shape, values) => {
    const bound = Math.sqrt(3) * stdOf(shape, values);
    return distributions.uniform(-bound, bound);
  },
});

/**
 * `torch.nn.init.kaiming_normal_`: normal with std = gain / sqrt(fan); unlike Keras's he_normal it is not truncated.
 *
 * @throws RangeError for fewer than two dimensions, an unknown mode or nonlinearity.
 * @example
 * manualSeed(0);
 * kaimingNormal([2, 2], { mode: "fan_out", nonlinearity: "relu" }).data; // => Float32Array(4) [ 1.5409960746765137, -0.293428897857666, -2.1787893772125244, 0.5684312582015991 ]
 */
export const kaimingNormal: TorchInitializer<KaimingOptions> = defineDistribution("kaimingNormal", {
  parameters,
  distribution: (shape, values) => distributions.normal(0, stdOf(shape, values)),
});

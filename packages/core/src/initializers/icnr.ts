// Icnr: a convolution before a sub-pixel upsampling that starts without checkerboard artifacts.
// Source: Aitken, Ledig, Theis, Caballero, Wang and Shi 2017, arXiv:1707.02937, section 3; kostyaev/ICNR icnr.py.

import { allocateFloat32, formatShape, type Shape, sizeOf } from "@fanin/tensor";
import { describeValue, expectInteger, expectOneOf } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import {
  copySlice,
  defineRandom,
  type Initializer,
  type InitializerFactory,
  isInitializer,
  type RandomOptions,
} from "./initializer.ts";
import { expectKernel } from "./kernel.ts";
import { serialize } from "./serialize.ts";
import { heDistribution } from "./variance-scaling.ts";

const orders = ["depth_to_space", "pixel_shuffle"] as const;

const parameters = {
  /** r, the factor of the upsampling in each spatial dimension. Defaults to 2. */
  scale: { default: 2, expect: (name, value) => expectInteger(name, value, 1, 2 ** 16) } as Parameter<number>,
  /** The initializer, with its own seed, of the kernel that is repeated. Defaults to null: He normal from `seed`. */
  initializer: {
    default: null,
    expect: expectInitializer,
    write: (value) => (value ? serialize(value) : null),
  } as Parameter<Initializer | null>,
  /** How the upsampling reads channels: TensorFlow's `depth_to_space` or torch's `pixel_shuffle`. Defaults to `depth_to_space`. */
  order: { default: "depth_to_space", expect: (name, value) => expectOneOf(name, value, orders) } as Parameter<
    "depth_to_space" | "pixel_shuffle"
  >,
};

/** Options of {@link icnr}. */
export interface IcnrOptions extends OptionsOf<typeof parameters>, RandomOptions {}

/** The shape of the kernel that is repeated, and the number of repetitions. */
function repeated(shape: Shape, scale: number): { readonly inner: Shape; readonly times: number } {
  const { spatial, outputs } = expectKernel("Icnr", shape, 3, 5);
  const times = scale ** spatial.length;
  if (outputs % times !== 0) {
    throw new RangeError(
      `shape: Icnr expected outputs divisible by ${times} (scale ${scale}), got ${formatShape(shape)}`,
    );
  }
  return { inner: [...shape.slice(0, -1), outputs / times], times };
}

function expectInitializer(name: string, value: unknown): Initializer | null {
  if (value === null || isInitializer(value)) return value;
  throw new TypeError(`${name}: expected an initializer or null, got ${describeValue(value)}`);
}

/**
 * A kernel (spatial ..., in, out / r^d), d spatial dimensions, each of whose outputs is repeated for its r^d sub-pixels:
 * output k is output k mod (out / r^d) of the small kernel in `depth_to_space` order, floor(k / r^d) in `pixel_shuffle`
 * order. After the upsampling all sub-pixels of a block are equal, as after nearest-neighbour resizing.
 *
 * @throws RangeError for a rank outside 3 to 5, or outputs that r^d does not divide.
 * @example
 * icnr({ scale: 2, initializer: orthogonal({ seed: 0 }) })([3, 3, 64, 256]);
 */
export const icnr: InitializerFactory<IcnrOptions> = defineRandom("Icnr", {
  parameters,
  kind: "truncatedNormal",
  distribution: (shape, { scale, initializer }) => {
    const { inner } = repeated(shape, scale);
    return initializer ? initializer.distribution(inner) : heDistribution(inner);
  },
  needsWholeTensor: true,
  expectShape: (shape, { scale }) => void repeated(shape, scale),
  fill: (out, slice, shape, { scale, initializer, order }, draw) => {
    const { inner, times } = repeated(shape, scale);
    const small = allocateFloat32(inner);
    if (initializer) initializer.fill(small, inner);
    else heDistribution(inner).fill(small, draw.whole(small.length));
    const channels = inner.at(-1) ?? 1;
    const outputs = channels * times;
    const whole = allocateFloat32(shape);
    for (let index = 0; index < sizeOf(shape); index++) {
      const k = index % outputs;
      const channel = order === "depth_to_space" ? k % channels : Math.floor(k / times);
      whole[index] = small[Math.floor(index / outputs) * channels + channel] as number;
    }
    copySlice(out, slice, whole);
  },
});

// Icnr: a convolution before a sub-pixel upsampling that starts without checkerboard artifacts.
// Source: Aitken, Ledig, Theis, Caballero, Wang and Shi 2017, arXiv:1707.02937, section 3; kostyaev/ICNR icnr.py.

import { allocateFloat32, formatShape, type Shape, sizeOf } from "@fanin/tensor";
import { describeValue, expectInteger, expectOneOf } from "@fanin/tensor/arguments";
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
import { he } from "./variance-scaling.ts";

const orders = ["depth_to_space", "pixel_shuffle"] as const;

interface Icnr {
  readonly scale: number;
  readonly initializer: Initializer | null;
  readonly order: (typeof orders)[number];
}

/** Options of {@link icnr}. */
export interface IcnrOptions extends RandomOptions {
  /** r, the factor of the upsampling in each spatial dimension; 2 unless said. */
  readonly scale?: number | undefined;
  /** What draws the kernel that is repeated, with its own seed; null, which is He normal from `seed`, unless said. */
  readonly initializer?: Initializer | null | undefined;
  /** How the upsampling reads channels: TensorFlow's `depth_to_space`, unless said, or torch's `pixel_shuffle`. */
  readonly order?: Icnr["order"] | undefined;
}

/** The shape of the kernel that is repeated, and how often. */
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
export const icnr: InitializerFactory<IcnrOptions> = defineRandom<Icnr, IcnrOptions>("Icnr", {
  parameters: {
    scale: { default: 2, expect: (name, value) => expectInteger(name, value, 1, 2 ** 16) },
    initializer: { default: null, expect: expectInitializer, write: (value) => (value ? serialize(value) : null) },
    order: { default: "depth_to_space", expect: (name, value) => expectOneOf(name, value, orders) },
  },
  law: (shape, { scale, initializer }) => (initializer ?? he).law(repeated(shape, scale).inner),
  isWhole: true,
  expectShape: (shape, { scale }) => void repeated(shape, scale),
  fill: (out, slice, shape, { scale, initializer, order }, draw) => {
    const { inner, times } = repeated(shape, scale);
    const small = allocateFloat32(inner);
    if (initializer) initializer.fill(small, inner);
    else he.fill(small, { size: small.length, offset: 0 }, inner, draw);
    const channels = inner.at(-1) ?? 1;
    const outputs = channels * times;
    const whole = allocateFloat32(shape);
    for (let index = 0; index < sizeOf(shape); index++) {
      const k = index % outputs;
      const channel = order === "depth_to_space" ? k % channels : Math.floor(k / times);
      whole[index] = small[Math.floor(index / outputs) * channels + channel] ?? 0;
    }
    copySlice(out, slice, whole);
  },
});

// Which initializer a tensor of a file looks like, from all of its values or from a sample of those of a large one.
// Source: weight-family.ts; names and fans as in weight-tensor.ts.

import { fansOf, type Layout } from "./layout.ts";
import type { ValueStatistics } from "./value-statistics.ts";
import { type WeightFamily, weightFamily } from "./weight-family.ts";
import { ownerOf, type Role, roleOf, type TensorName, type Values } from "./weight-tensor.ts";

/** How many units a recurrent kernel or bias has: its size by gates, of which an LSTM has four and a GRU three. */
function hiddenUnits({ name, shape }: TensorName, role: Role): number {
  if (/_hh_l\d/.test(name) && shape.length === 2) return shape[1] ?? 0;
  return role === "recurrent" || /_(ih|hh)_l\d/.test(name) ? (shape[0] ?? 0) / 4 : 0;
}

/** The fans that a tensor's law goes by: its own, or for a bias those of the kernel beside it. */
export function lawFans(
  tensor: TensorName,
  role: Role,
  layout: Layout,
  kernels: ReadonlyMap<string, TensorName>,
): { fanIn: number; fanOut: number } {
  const kernel = role === "bias" ? kernels.get(ownerOf(tensor.name)) : undefined;
  return fansOf(kernel ? kernel.shape : tensor.shape, layout);
}

/**
 * The kernel of each owner, by which biases know their fans.
 *
 * @example
 * const weights = [{ name: "dense/kernel", shape: [784, 128] }, { name: "dense/bias", shape: [128] }];
 * kernelsByOwner(weights).get("dense")?.name; // => 'dense/kernel'
 */
export function kernelsByOwner(weights: readonly TensorName[]): Map<string, TensorName> {
  return new Map(
    weights
      .filter((tensor) => roleOf(tensor) === "kernel" || roleOf(tensor) === "depthwise")
      .map((tensor) => [ownerOf(tensor.name), tensor]),
  );
}

/**
 * The family of one tensor.
 *
 * @param values all values, or evenly spaced ones, by which only laws are told and not how a kernel is built.
 * @param statistics of all values, which are finite.
 * @param kernels of the same file, by {@link kernelsByOwner}: a bias goes by the fans of its kernel.
 * @example
 * import { heNormal } from "@fanin/core";
 * const { shape, data } = heNormal({ seed: 1 })([784, 128]);
 * const measured = moments(data);
 * const statistics = { ...measured, nans: 0, infinities: 0, zeros: 0 };
 * const tensor = { name: "dense/kernel", shape, dtype: "float32" };
 * recognizeFamily(tensor, data, statistics, "keras", new Map()).name; // => 'he_normal'
 */
export function recognizeFamily(
  tensor: TensorName & { readonly dtype: string },
  values: Values,
  statistics: ValueStatistics,
  layout: Layout,
  kernels: ReadonlyMap<string, TensorName>,
): WeightFamily {
  const role = roleOf(tensor);
  const { fanIn, fanOut } = lawFans(tensor, role, layout, kernels);
  return weightFamily(tensor, values, statistics, layout, { role, fanIn, fanOut, hidden: hiddenUnits(tensor, role) });
}

// Metadata of a .safetensors file about the layout of its kernels; `tensorParts` of @fanin/lab reads it.

import { type Layout, layoutOfNames } from "@fanin/lab/weights";

/** Properties of kernels that shapes do not show. */
export interface ConvertedKernels {
  /** Filters per input of depthwise kernels in PyTorch's layout. */
  readonly multipliers: ReadonlyMap<string, number>;
  /** Tables whose names do not distinguish them from kernels. */
  readonly tables: readonly string[];
  /** Kernels that stay in the other layout. */
  readonly unturned: readonly string[];
  /** Whether GPT-2's Conv1D kernels are (in, out) as in its PyTorch model, not by conversion. */
  readonly hasConv1d: boolean;
}

/** The keys of fanin's own metadata about layouts. */
export const layoutKeys: readonly string[] = ["layout", "depthwise", "tables", "unturned", "conv1d"];

const nothing: ConvertedKernels = { multipliers: new Map(), tables: [], unturned: [], hasConv1d: false };

/** Adds the layout of kernels to `metadata`, if `names` do not show it. */
export function layoutMetadata(
  metadata: ReadonlyMap<string, string>,
  layout: Layout,
  names: Iterable<string>,
  { multipliers, tables, unturned, hasConv1d }: ConvertedKernels = nothing,
): ReadonlyMap<string, string> {
  const said = new Map(metadata);
  for (const key of layoutKeys) said.delete(key);
  if (layoutOfNames(names) !== layout) said.set("layout", layout);
  if (multipliers.size > 0) said.set("depthwise", JSON.stringify(Object.fromEntries(multipliers)));
  if (tables.length > 0 && said.has("layout")) said.set("tables", JSON.stringify(tables));
  if (unturned.length > 0 && said.has("layout")) said.set("unturned", JSON.stringify(unturned));
  if (hasConv1d && (said.has("layout") || layout === "keras")) said.set("conv1d", "keras");
  return said;
}

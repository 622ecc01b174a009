// What a .safetensors file says of its kernels' layout where names and shapes do not: read back by `tensorParts` of @fanin/lab.

import { type Layout, layoutOfNames } from "@fanin/lab";

/** What a conversion knows that the shapes of its output do not show. */
export interface ConvertedKernels {
  /** Filters for each input of the depthwise kernels that are in PyTorch's layout. */
  readonly multipliers: ReadonlyMap<string, number>;
  /** Tables that no name tells from kernels. */
  readonly tables: readonly string[];
  /** Kernels that stayed in the other layout. */
  readonly unturned: readonly string[];
  /** Whether GPT-2's Conv1D kernels are (in, out), as its PyTorch model has them, and not because they were turned. */
  readonly hasConv1d: boolean;
}

const nothing: ConvertedKernels = { multipliers: new Map(), tables: [], unturned: [], hasConv1d: false };

/** `metadata` that says that kernels have `layout`, in so far as `names` do not. */
export function layoutMetadata(
  metadata: ReadonlyMap<string, string>,
  layout: Layout,
  names: Iterable<string>,
  { multipliers, tables, unturned, hasConv1d }: ConvertedKernels = nothing,
): ReadonlyMap<string, string> {
  const said = new Map(metadata);
  for (const key of ["layout", "depthwise", "tables", "unturned", "conv1d"]) said.delete(key);
  if (layoutOfNames(names) !== layout) said.set("layout", layout);
  if (multipliers.size > 0) said.set("depthwise", JSON.stringify(Object.fromEntries(multipliers)));
  if (tables.length > 0 && said.has("layout")) said.set("tables", JSON.stringify(tables));
  if (unturned.length > 0 && said.has("layout")) said.set("unturned", JSON.stringify(unturned));
  if (hasConv1d && said.has("layout")) said.set("conv1d", "keras");
  return said;
}

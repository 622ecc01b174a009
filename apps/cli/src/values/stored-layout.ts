// The layout of kernels as a .safetensors file of fanin's tells it, where the tensors' names do not.

import { type Layout, layoutOfNames, layouts } from "@fanin/lab";

const KEY = "layout";

/** What a file's metadata says; undefined where it says nothing. */
export function storedLayout(metadata: ReadonlyMap<string, string>): Layout | undefined {
  const said = metadata.get(KEY);
  return layouts.find((layout) => layout === said);
}

/** `metadata` that says that kernels have `layout`, in so far as `names` do not. */
export function withLayout(
  metadata: ReadonlyMap<string, string>,
  layout: Layout,
  names: Iterable<string>,
): ReadonlyMap<string, string> {
  const said = new Map(metadata);
  if (layoutOfNames(names) === layout) said.delete(KEY);
  else said.set(KEY, layout);
  return said;
}

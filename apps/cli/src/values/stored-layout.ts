// The layout of kernels: as a .safetensors file of fanin's tells it, or by the tensors' names.

import type { OpenTensorFile } from "@fanin/formats/node";
import { type Layout, layoutOfNames, layouts } from "@fanin/lab";

const KEY = "layout";

/** What a file's metadata says, else the names of its tensors; undefined where neither does. */
export function storedLayout({ metadata, tensors }: OpenTensorFile): Layout | undefined {
  const said = metadata.get(KEY);
  return layouts.find((layout) => layout === said) ?? layoutOfNames(tensors.keys());
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

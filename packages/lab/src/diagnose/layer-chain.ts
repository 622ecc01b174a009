// Recognises whether the kernels of a weight file are the layers of one plain network, and finds their order.

import type { InspectedTensor } from "./inspect-tensor.ts";
import { naturalOrder } from "./natural-order.ts";

/** Whether a layer may take the flattened output of a preceding convolution. */
function follows(below: InspectedTensor, above: InspectedTensor): boolean {
  const { outputs } = below.part;
  const { inputs } = above.part;
  const flattens = below.tensor.shape.length > 2 && above.tensor.shape.length === 2;
  return inputs === outputs || (flattens && outputs > 0 && inputs % outputs === 0);
}

/** Names of kernels in a branch, beside which a residual connection may run. */
const BRANCHED =
  /block|branch|resid|shortcut|downsample|lora|attn|attention|zero_conv|skip|encoder|decoder|expert|mlp\./i;

/**
 * The kernels in the order of a plain network, by their place in the file or else by name. Null if names or shapes show
 * that the network is not plain.
 */
export function layerChain(tensors: readonly InspectedTensor[]): readonly InspectedTensor[] | null {
  if (tensors.some(({ report }) => report.role === "recurrent" || report.role === "depthwise")) return null;
  const kernels = tensors.filter(({ report, tensor }) => report.role === "kernel" && tensor.shape.length >= 2);
  if (kernels.length === 0 || kernels.some(({ tensor }) => BRANCHED.test(tensor.name))) return null;
  const byName = kernels.toSorted((a, b) => naturalOrder(a.tensor.name, b.tensor.name));
  for (const order of [kernels, byName]) {
    if (order.every((kernel, l) => l === 0 || follows(order[l - 1] as InspectedTensor, kernel))) return order;
  }
  return null;
}

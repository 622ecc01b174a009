// Whether the kernels of a weight file are the layers of one plain network, and in which order.

import type { InspectedTensor } from "./inspect-tensor.ts";
import type { Layout } from "./layout.ts";

/** `layer.2` before `layer.10`. */
function naturally(a: InspectedTensor, b: InspectedTensor): number {
  return a.tensor.name.localeCompare(b.tensor.name, "en", { numeric: true });
}

/** Channels in and out of a kernel. */
export function channels(shape: readonly number[], layout: Layout): { inputs: number; outputs: number } {
  const [a = 1, b = 1] = layout === "keras" ? shape.slice(-2) : [shape[1], shape[0]];
  return { inputs: a, outputs: b };
}

/** Whether a layer after a convolution may take its whole picture, flattened. */
function follows(below: InspectedTensor, above: InspectedTensor, layout: Layout): boolean {
  const { outputs } = channels(below.tensor.shape, layout);
  const { inputs } = channels(above.tensor.shape, layout);
  const flattens = below.tensor.shape.length > 2 && above.tensor.shape.length === 2;
  return inputs === outputs || (flattens && outputs > 0 && inputs % outputs === 0);
}

/** Names that say that a kernel is in a branch, of which a residual connection may be the other one. */
const BRANCHED =
  /block|branch|resid|shortcut|downsample|lora|attn|attention|zero_conv|skip|encoder|decoder|expert|mlp\./i;

/**
 * The kernels in the order in which a plain network has them, by their place in the file or else by name; null where the
 * names or the shapes say that it is no plain network.
 */
export function layerChain(tensors: readonly InspectedTensor[], layout: Layout): readonly InspectedTensor[] | null {
  if (tensors.some(({ report }) => report.role === "recurrent" || report.role === "depthwise")) return null;
  const kernels = tensors.filter(({ report, tensor }) => report.role === "kernel" && tensor.shape.length >= 2);
  if (kernels.length === 0 || kernels.some(({ tensor }) => BRANCHED.test(tensor.name))) return null;
  for (const order of [kernels, [...kernels].sort(naturally)]) {
    if (order.every((kernel, l) => l === 0 || follows(order[l - 1] as InspectedTensor, kernel, layout))) return order;
  }
  return null;
}

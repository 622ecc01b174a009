// torch.nn.MultiheadAttention as it starts.
// Source: torch/nn/modules/activation.py (MultiheadAttention), PyTorch 2.13.

import { expectBoolean } from "@fanin/tensor/arguments";
import { expectOptions } from "../../parameters/parameters.ts";
import { zeros } from "../constants.ts";
import { expectCount } from "../expect-count.ts";
import { expectGenerator } from "../generator.ts";
import { xavierNormal, xavierUniform } from "../xavier.ts";
import { type BiasOptions, linear, type StateDict } from "./linear.ts";

/** Options of {@link multiheadAttention}. */
export interface MultiheadAttentionOptions extends BiasOptions {
  /** Whether a learned row is added to keys and values. Defaults to false. */
  readonly addBiasKv?: boolean | undefined;
  /** Features of the keys. Defaults to embedDim. */
  readonly kdim?: number | undefined;
  /** Features of the values. Defaults to embedDim. */
  readonly vdim?: number | undefined;
}

const known = ["bias", "addBiasKv", "kdim", "vdim", "generator"];

/**
 * `torch.nn.MultiheadAttention(embedDim, numHeads, ...)`: in_proj_weight (3 embed, embed) Xavier uniform (with another
 * `kdim` or `vdim` q_, k_ and v_proj_weight instead), biases 0, bias_k and bias_v Xavier normal, out_proj as a linear layer,
 * which torch draws first.
 *
 * @throws RangeError where numHeads does not divide embedDim.
 * @example
 * manualSeed(0);
 * multiheadAttention(64, 4)["out_proj.weight"];
 */
export function multiheadAttention(
  embedDim: number,
  numHeads: number,
  options: MultiheadAttentionOptions = {},
): StateDict {
  expectOptions("multiheadAttention", options, known);
  expectCount("embedDim", embedDim, 1);
  expectCount("numHeads", numHeads, 1);
  if (embedDim % numHeads !== 0) {
    throw new RangeError(`numHeads: embedDim must be divisible by numHeads, got ${numHeads} for ${embedDim}`);
  }
  const kdim = expectCount("kdim", options.kdim ?? embedDim, 1);
  const vdim = expectCount("vdim", options.vdim ?? embedDim, 1);
  const bias = expectBoolean("bias", options.bias ?? true);
  const addBiasKv = expectBoolean("addBiasKv", options.addBiasKv ?? false);
  const generator = expectGenerator(options.generator);

  const out = linear(embedDim, embedDim, { bias, generator });
  const weights: [string, number, number][] =
    kdim === embedDim && vdim === embedDim
      ? [["in_proj_weight", 3 * embedDim, embedDim]]
      : [
          ["q_proj_weight", embedDim, embedDim],
          ["k_proj_weight", embedDim, kdim],
          ["v_proj_weight", embedDim, vdim],
        ];
  const drawn = weights.map(([name, rows, cols]) => [name, xavierUniform([rows, cols], { generator })] as const);
  const extra = (addBiasKv ? ["bias_k", "bias_v"] : []).map(
    (name) => [name, xavierNormal([1, 1, embedDim], { generator })] as const,
  );
  const biases = bias ? ([["in_proj_bias", zeros([3 * embedDim])]] as const) : [];
  return {
    ...Object.fromEntries([...drawn, ...biases, ...extra]),
    "out_proj.weight": out["weight"] as StateDict[string],
    ...(bias ? { "out_proj.bias": zeros([embedDim]) } : {}),
  };
}

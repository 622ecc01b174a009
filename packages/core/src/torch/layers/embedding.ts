// torch.nn.Embedding as it starts.
// Source: torch/nn/modules/sparse.py (reset_parameters), PyTorch 2.13.

import { expectInteger } from "@fanin/tensor/arguments";
import { expectOptions } from "../../parameters/parameters.ts";
import { normal } from "../distributions.ts";
import { expectCount } from "../expect-count.ts";
import type { GeneratorOptions } from "../initializer.ts";
import type { StateDict } from "./linear.ts";

/** Options of {@link embedding}. */
export interface EmbeddingOptions extends GeneratorOptions {
  /** The row that is zero; negative counts from the end. */
  readonly paddingIdx?: number | null | undefined;
}

/**
 * `torch.nn.Embedding(numEmbeddings, embeddingDim, paddingIdx)`: N(0, 1), the padding row zero (it is drawn all the same).
 *
 * @throws RangeError for a padding row that is not there.
 * @example
 * embedding(1000, 64, { paddingIdx: 0 }).weight;
 */
export function embedding(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}): StateDict {
  expectOptions("embedding", options, ["paddingIdx", "generator"]);
  expectCount("numEmbeddings", numEmbeddings, 0);
  expectCount("embeddingDim", embeddingDim, 0);
  const { paddingIdx = null } = options;
  if (paddingIdx !== null) expectInteger("paddingIdx", paddingIdx, -numEmbeddings, numEmbeddings - 1);
  const weight = normal([numEmbeddings, embeddingDim], { generator: options.generator });
  if (paddingIdx !== null) {
    const row = paddingIdx < 0 ? numEmbeddings + paddingIdx : paddingIdx;
    weight.data.fill(0, row * embeddingDim, (row + 1) * embeddingDim);
  }
  return { weight };
}

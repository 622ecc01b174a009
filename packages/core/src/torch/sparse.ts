// torch.nn.init.sparse_: normal columns of which a share is set to zero.
// Source: torch/nn/init.py, ATen/native/TensorFactories.cpp (randperm_cpu), PyTorch 2.13; Martens 2010.

import { expectNumber } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, RequiredParameter } from "../parameters/parameters.ts";
import { expectMatrix } from "./constants.ts";
import { expectStd } from "./fill.ts";
import { defaultGenerator, type Generator } from "./generator.ts";
import { defineFill, type GeneratorOptions, type TorchInitializer } from "./initializer.ts";

const parameters = {
  /** The share of each column that is zero, 0 or more. */
  sparsity: { expect: expectSparsity } as RequiredParameter<number>,
  /** The standard deviation of the other elements. Defaults to 0.01. */
  std: { default: 0.01, expect: expectNumber } as Parameter<number>,
};

/** Options of {@link sparse}. */
export interface SparseOptions extends OptionsOf<typeof parameters>, GeneratorOptions {}

function expectSparsity(name: string, value: unknown): number {
  const sparsity = expectNumber(name, value);
  if (sparsity < 0) throw new RangeError(`${name}: expected 0 or more, got ${sparsity}`);
  return sparsity;
}

const MAX_ROWS = 214748363; // of more rows randperm takes two words a step

/** `torch.randperm(n)`: Fisher and Yates from the front. */
function randperm(n: number, { sequence }: Generator): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const words = sequence.words(Math.max(0, n - 1));
  for (let i = 0; i < n - 1; i++) {
    const j = i + ((words[i] as number) % (n - i));
    const swapped = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swapped;
  }
  return order;
}

/**
 * `torch.nn.init.sparse_`: normal with mean 0, except that in each column ceil(sparsity rows) elements are 0. As in torch, the
 * global generator chooses them even if another generator is given.
 *
 * @throws RangeError unless `shape` has two dimensions and sparsity is 0 or more.
 * @example
 * manualSeed(0);
 * sparse([5, 3], { sparsity: 0.3 });
 */
export const sparse: TorchInitializer<SparseOptions> = defineFill("sparse", {
  parameters,
  expectValues: ({ std }) => expectStd(std),
  distribution: (shape, { sparsity, std }) => {
    const [rows] = expectMatrix(shape);
    if (rows > MAX_ROWS) throw new RangeError(`shape: expected at most ${MAX_ROWS} rows, got ${rows}`);
    const kept = rows - zerosOf(rows, sparsity);
    return {
      mean: 0,
      variance: (std ** 2 * kept) / Math.max(1, rows),
      support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    };
  },
  fill: (data, shape, { sparsity, std }, source) => {
    const [rows, cols] = expectMatrix(shape);
    source.normal(data, 0, std);
    for (let j = 0; j < cols; j++) {
      for (const i of randperm(rows, defaultGenerator()).subarray(0, zerosOf(rows, sparsity))) data[i * cols + j] = 0;
    }
  },
});

function zerosOf(rows: number, sparsity: number): number {
  return Math.min(rows, Math.ceil(sparsity * rows));
}

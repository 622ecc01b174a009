// torch.nn.init.sparse_: normal columns of which a share is set to zero.
// Source: torch/nn/init.py, ATen/native/TensorFactories.cpp (randperm_cpu), PyTorch 2.13; Martens 2010.

import type { FloatDType, Shape, Tensor } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import { expectMatrix } from "./constants.ts";
import { expectFloatDType, expectStd, fillNormal, makeTensor } from "./fill.ts";
import { defaultGenerator, expectGenerator, type Generator } from "./generator.ts";
import { type DTypeOptions, expectOptions, type GeneratorOptions } from "./options.ts";

/** Options of {@link sparse}. */
export interface SparseOptions<D extends FloatDType = "float32"> extends GeneratorOptions, DTypeOptions<D> {
  /** The share of each column that is zero. */
  readonly sparsity: number;
  /** The standard deviation of the others; 0.01 unless said. */
  readonly std?: number | undefined;
}

const MOST_ROWS = 214748363; // from one more on randperm takes two words a step

/** `torch.randperm(n)`: Fisher and Yates from the front. */
function randperm(n: number, { sequence }: Generator): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const words = sequence.words(Math.max(0, n - 1));
  for (let i = 0; i < n - 1; i++) {
    const j = i + ((words[i] ?? 0) % (n - i));
    const swapped = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = swapped;
  }
  return order;
}

/**
 * `torch.nn.init.sparse_`: normal with mean 0, but in each column ceil(sparsity rows) elements are 0. Which ones, torch draws
 * from the global generator even if another is given; so does this.
 *
 * @throws RangeError unless `shape` has two dimensions and sparsity is 0 or more.
 * @example
 * manualSeed(0);
 * sparse([5, 3], { sparsity: 0.3 });
 */
export function sparse<D extends FloatDType = "float32">(shape: Shape, options: SparseOptions<D>): Tensor<D> {
  expectOptions("sparse", options, ["sparsity", "std", "dtype", "generator"]);
  const dtype = expectFloatDType(options.dtype) as D;
  const sparsity = expectNumber("sparsity", options.sparsity);
  if (sparsity < 0) throw new RangeError(`sparsity: expected 0 or more, got ${sparsity}`);
  const std = options.std ?? 0.01;
  expectStd(std);
  const generator = expectGenerator(options.generator);
  const [rows, cols] = expectMatrix(shape);
  if (rows > MOST_ROWS) throw new RangeError(`shape: expected at most ${MOST_ROWS} rows, got ${rows}`);
  const zeros = Math.min(rows, Math.ceil(sparsity * rows));
  return makeTensor(shape, dtype, (data) => {
    fillNormal(data, dtype, generator, 0, std);
    for (let j = 0; j < cols; j++) {
      for (const i of randperm(rows, defaultGenerator()).subarray(0, zeros)) data[i * cols + j] = 0;
    }
  });
}

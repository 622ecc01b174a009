// torch.nn.init.orthogonal_: the Q of a normal matrix, with the signs that make it uniform over the orthogonal group.
// Source: torch/nn/init.py, PyTorch 2.13; Saxe et al. 2013; Mezzadri 2007.

import { formatShape, roundTo, sizeOf } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import { type FactorArray, orthogonalDistribution, orthogonalFactor, transpose } from "../linalg/orthogonal-factor.ts";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { defineFill, type GeneratorOptions, type TorchInitializer } from "./initializer.ts";

const parameters = {
  /** A factor on every element. Defaults to 1. */
  gain: { default: 1, expect: expectNumber } as Parameter<number>,
};

/** Options of {@link orthogonal}. */
export interface OrthogonalOptions extends OptionsOf<typeof parameters>, GeneratorOptions {}

/**
 * `torch.nn.init.orthogonal_`: orthonormal rows or columns, times `gain`; dimensions after the first are flattened. The
 * normals are torch's to the bit; the QR is not the same machine code, so values agree to about 1e-6 in float32 and 1e-14 in
 * float64.
 *
 * @throws RangeError for fewer than two dimensions, and for 16-bit types, which torch does not factorize.
 * @example
 * orthogonal([64, 64], { gain: calculateGain("tanh") });
 */
export const orthogonal: TorchInitializer<OrthogonalOptions, "float32" | "float64"> = defineFill("orthogonal", {
  parameters,
  dtypes: ["float32", "float64"],
  distribution: (shape, { gain }) => {
    if (shape.length < 2) {
      throw new RangeError(`shape: Only tensors with 2 or more dimensions are supported, got ${formatShape(shape)}`);
    }
    return orthogonalDistribution(shape[0] as number, sizeOf(shape.slice(1)), gain);
  },
  fill: (out, [rows], { gain }, source) => {
    const data = out as FactorArray;
    source.normal(data, 0, 1);
    const height = rows as number;
    const width = data.length / height;
    const q =
      height < width
        ? transpose(orthogonalFactor(transpose(data, height, width), width, height), width, height)
        : orthogonalFactor(data, height, width);
    const scale = roundTo(source.dtype, gain);
    for (let i = 0; i < q.length; i++) data[i] = (q[i] as number) * scale;
  },
});

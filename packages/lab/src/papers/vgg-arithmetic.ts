// T5: the reason that a fixed standard deviation of .01 stalls a deep VGG: the gradient's factor against He's derivation.
// Source: He et al. 2015 (arXiv 1502.01852), section 2.2.

import { heNormal } from "@fanin/core";
import { type PaperTable, paperRow } from "./paper-table.ts";

const STDDEV = 0.01;
// Filters, He's printed standard deviation, and the number of VGG-B's layers from conv2 to conv10 with them.
const blocks: readonly (readonly [filters: number, stddev: number, layers: number])[] = [
  [64, 0.059, 1],
  [128, 0.042, 2],
  [256, 0.029, 2],
  [512, 0.021, 4],
];

/** T5. */
export const vggArithmetic: PaperTable = {
  title: "VGG-B with standard deviation .01",
  paper: "He et al. 2015",
  run: () => {
    let [product, rounding] = [1, 0];
    const rows = blocks.map(([filters, stddev, layers]) => {
      const ours = Math.sqrt(heNormal({ seed: 0 }).distribution([3, 3, filters, filters]).variance);
      product *= (ours / STDDEV) ** layers;
      rounding += (layers * 0.05) / (stddev / STDDEV);
      return paperRow(`standard deviation for ${filters} filters`, stddev, ours, 5e-4, "printed to three decimals");
    });
    return [
      ...rows,
      paperRow(
        "gradient of conv10 / gradient of conv2: factor by which it is too small",
        1.7e4,
        product,
        1.7e4 * rounding,
        "the paper multiplies factors rounded to one decimal: the sum of their relative roundings",
      ),
    ];
  },
};

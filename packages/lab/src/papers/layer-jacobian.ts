// T4: singular values of one layer's Jacobian under the normalized and the standard initialization.
// Source: Glorot and Bengio 2010, section 4.2.1 (about .8 and .5); the quarter circle's mean 8 / (3 pi) is exact for infinite n.

import { get, parseInitializer } from "@fanin/core";
import { singularValues } from "../signal/singular-values.ts";
import { mean, type PaperTable, paperRow } from "./paper-table.ts";

const N = 500;
const QUARTER_CIRCLE = 8 / (3 * Math.PI);

/** T4. */
export const layerJacobian: PaperTable = {
  title: "Mean singular value of a layer's Jacobian",
  paper: "Glorot and Bengio 2010",
  run: () =>
    (
      [
        ["normalized (glorot_uniform)", "glorot_uniform(seed=4)", QUARTER_CIRCLE],
        [
          "standard, U(+-1/sqrt(n))",
          `variance_scaling(scale=${1 / 3}, mode='fan_in', distribution='uniform', seed=4)`,
          QUARTER_CIRCLE / Math.sqrt(3),
        ],
      ] as const
    ).map(([name, text, expected]) =>
      paperRow(
        `${name}: mean singular value, n = ${N}`,
        expected,
        mean([...singularValues(get(parseInitializer(text))([N, N]).data, N, N)]),
        1 / N,
        "eigenvalues repel each other: sums over a spectrum vary by O(1), so their mean by O(1 / n)",
      ),
    ),
};

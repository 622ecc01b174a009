// T7: the variance of pre-activations before and after LSUV, 20 layers of 128, from orthonormal starts.
// Source: Mishkin and Matas 2015 (arXiv 1511.06422); the figures before LSUV are for standardized images.

import { randomNormal } from "@fanin/core";
import type { ActivationName } from "../engine/activations.ts";
import { type LsuvNetwork, lsuv } from "../signal/lsuv.ts";
import { orthonormal } from "../signal/orthonormal.ts";
import { propagate } from "../signal/propagate.ts";
import { CHANCE, type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";

const INPUTS = 784;
const WIDTH = 128;
const DEPTH = 20;
const ROWS = 256;
const layers = [INPUTS, ...new Array<number>(DEPTH).fill(WIDTH)];

const published: readonly (readonly [ActivationName, readonly [number, number, number]])[] = [
  ["relu", [0.057, 2.3e-3, 1.5e-6]],
  ["gelu", [0.013, 1.5e-5, 1.4e-11]],
  ["tanh", [0.126, 0.057, 0.027]],
  ["sigmoid", [0.277, 0.278, 0.246]],
];

function orthonormalWeights(): Float32Array[] {
  return layers.slice(1).map((outputs, l) => Float32Array.from(orthonormal(layers[l] ?? 0, outputs, 70 + l)));
}

/** Standardized inputs: only their mean square matters. */
function standardized(): Float32Array {
  return randomNormal({ seed: 7, stddev: 1 })([ROWS, INPUTS]).data;
}

/** T7. */
export const unitVariance: PaperTable = {
  title: "Layer-sequential unit variance",
  paper: "Mishkin and Matas 2015",
  run: () => {
    const batch = standardized();
    const weights = orthonormalWeights();
    const rows = published.flatMap(([activation, before]): PaperRow[] => {
      const start: LsuvNetwork = { layers, activation, weights };
      const { layers: report, warning } = lsuv(start, batch);
      const untouched = propagate(start, { seed: 0, batch: ROWS, input: batch }).signals.map(({ forward }) => forward);
      const after = report.map(({ varianceAfter }) => varianceAfter);
      return [
        ...[5, 10, 20].map((layer, i) => {
          const signal = untouched[layer - 1];
          const deviation = ((signal?.theory?.high ?? 0) - (signal?.theory?.low ?? 0)) / 3.92;
          return paperRow(
            `${activation}: log10 mean square at layer ${layer}, before`,
            Math.log10(before[i] ?? Number.NaN),
            signal?.log10 ?? Number.NaN,
            CHANCE * deviation * Math.SQRT2,
            "twice the finite-width deviation of one network by theory: the published figure is also of one network",
          );
        }),
        paperRow(`${activation}: least variance after`, 1, Math.min(...after), 0.1, "Tol_var of the paper"),
        paperRow(`${activation}: greatest variance after`, 1, Math.max(...after), 0.1, "Tol_var of the paper"),
        paperRow(
          `${activation}: greatest number of iterations of a layer`,
          1,
          Math.max(...report.map(({ iterations }) => iterations)),
          0,
          "a rescaled kernel is right after one step",
        ),
        paperRow(`${activation}: warnings`, 0, warning === null ? 0 : 1, 0, "the input is standardized"),
      ];
    });
    const unscaled = lsuv(
      { layers, activation: "relu", weights },
      batch.map((x) => x * 0.353 + 0.286),
    ).warning;
    return [
      ...rows,
      paperRow("unscaled input: warnings", 1, unscaled === null ? 0 : 1, 0, "LSUVinit: scale the input first"),
    ];
  },
};

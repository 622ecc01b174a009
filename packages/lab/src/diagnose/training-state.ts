// Decides whether a tensor is untrained or trained: by its own values, by the bias of its layer, by the file.
// Training moves biases away from their initial values, and scales and running statistics away from 1 and 0.

import type { InspectedTensor } from "./inspect-tensor.ts";
import type { WeightFamily } from "./weight-family.ts";

/** `unknown` if the values have no known distribution and there is no other evidence. */
export type TrainingState = "fresh" | "trained" | "unknown";

/** A shorter nonzero bias has too few values to recognise its distribution. */
const FEWEST = 8;
const BIAS_STARTS: ReadonlySet<string> = new Set(["pytorch_default", "pytorch_recurrent"]);

/** Whether a bias, a scale or a statistic has its initial value; null without evidence. */
function isMoved({ report }: InspectedTensor): boolean | null {
  const { family, role, statistics } = report;
  if (!family || !statistics || statistics.count === 0) return null;
  const isConstant = family.kind === "zeros" || family.kind === "ones" || family.kind === "constant";
  if (role === "statistic" || role === "scale") {
    // A single value may be a counter or a slope; the vectors of spectral normalization start at random.
    if (statistics.count < 2 || /_[uv]$/.test(report.name)) return null;
    return !isConstant && family.kind !== "built" && statistics.standardDeviation > 0;
  }
  // Plain parameters with these names, of rank 3 or in tables, start at random.
  if (role !== "bias" || report.shape.length > 2) return null;
  if (isConstant || family.kind === "built") return false;
  if (BIAS_STARTS.has(family.name)) return false;
  if (statistics.count >= FEWEST) return true;
  // For few values, only the range is known, and PyTorch's initial values have it too.
  const limit = 1 / Math.sqrt(Math.max(1, report.fanIn));
  return Math.max(Math.abs(statistics.min), Math.abs(statistics.max)) > limit * (1 + 1e-6) ? true : null;
}

/** Whether the values are untrained by their distribution. */
function looksFresh(family: WeightFamily | null, isFileTrained: boolean): boolean {
  if (family === null || family.kind === "unknown" || family.kind === "empty") return false;
  // Beside trained tensors, a normal or uniform distribution of unknown width indicates a little training.
  return !(isFileTrained && family.kind === "drawn" && (family.name === "normal" || family.name === "uniform"));
}

/**
 * The state of every tensor, by name.
 *
 * @example
 * const tensor = { name: "dense/kernel", shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) };
 * const part = tensorParts([tensor]).get("dense/kernel");
 * part && trainingStates([inspectTensor(measureTensor(tensor, part), part)]).size; // => 1
 */
export function trainingStates(tensors: readonly InspectedTensor[]): ReadonlyMap<string, TrainingState> {
  const moved = new Map(tensors.map((tensor) => [tensor.tensor.name, isMoved(tensor)]));
  const isFileTrained = [...moved.values()].includes(true);
  return new Map(
    tensors.map(({ tensor, part, report, restFamily }) => {
      const own = moved.get(tensor.name) ?? null;
      if (own !== null) return [tensor.name, own ? "trained" : "fresh"] as const;
      const bias = part.beside === null ? null : (moved.get(part.beside) ?? null);
      const isFresh = looksFresh(restFamily ?? report.family, isFileTrained);
      // If the bias of a layer has not moved, its kernel has not either, even beside trained layers.
      if (bias === true || (bias === null && isFileTrained)) {
        const isNothing = /^(zeros|ones|constant)$/.test(report.family?.kind ?? "");
        return [tensor.name, isNothing ? "fresh" : "trained"] as const;
      }
      if (isFresh) return [tensor.name, "fresh"] as const;
      return [tensor.name, isFileTrained ? "trained" : "unknown"] as const;
    }),
  );
}

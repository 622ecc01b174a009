// Whether a tensor is as an initializer left it, or trained: by its own values, by the bias of its layer, by the file.
// Training moves biases from where frameworks begin them, and scales and running statistics from 1 and 0.

import type { InspectedTensor } from "./inspect-tensor.ts";
import type { WeightFamily } from "./weight-family.ts";

/** `unknown` where the values are of no known law and nothing else tells. */
export type TrainingState = "fresh" | "trained" | "unknown";

/** Below, a nonzero bias is too short for its law to be told. */
const FEWEST = 8;
const BIAS_STARTS: ReadonlySet<string> = new Set(["pytorch_default", "pytorch_recurrent"]);

/** Whether a bias, a scale or a statistic is where training finds it; null where it does not tell. */
function isMoved({ report }: InspectedTensor): boolean | null {
  const { family, role, statistics } = report;
  if (!family || !statistics || statistics.count === 0) return null;
  const isConstant = family.kind === "zeros" || family.kind === "ones" || family.kind === "constant";
  if (role === "statistic" || role === "scale") {
    // Of one value, which may be a counter or a slope, nothing is known; spectral normalization's vectors begin at random.
    if (statistics.count < 2 || /_[uv]$/.test(report.name)) return null;
    return !isConstant && family.kind !== "built" && statistics.standardDeviation > 0;
  }
  // Plain parameters called so, of rank 3 or in tables, begin at random.
  if (role !== "bias" || report.shape.length > 2) return null;
  if (isConstant || family.kind === "built") return false;
  if (BIAS_STARTS.has(family.name)) return false;
  if (statistics.count >= FEWEST) return true;
  // Of a few values only the range is known, which PyTorch's start has too.
  const limit = 1 / Math.sqrt(Math.max(1, report.fanIn));
  return Math.max(Math.abs(statistics.min), Math.abs(statistics.max)) > limit * (1 + 1e-6) ? true : null;
}

/** Values that an initializer left, as far as their law tells. */
function looksFresh(family: WeightFamily | null, isFileTrained: boolean): boolean {
  if (family === null || family.kind === "unknown" || family.kind === "empty") return false;
  // Beside trained tensors a normal or uniform law of no known width is what little training leaves.
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
      // Of a layer whose bias has not moved the kernel has not either, even beside others that have.
      if (bias === true || (bias === null && isFileTrained)) {
        const isNothing = /^(zeros|ones|constant)$/.test(report.family?.kind ?? "");
        return [tensor.name, isNothing ? "fresh" : "trained"] as const;
      }
      if (isFresh) return [tensor.name, "fresh"] as const;
      return [tensor.name, isFileTrained ? "trained" : "unknown"] as const;
    }),
  );
}

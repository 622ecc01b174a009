// Computes the phase diagram: depth scales over a grid, and a summary of one point and one depth.
// Source: Schoenholz et al. 2017: information survives at least one depth scale, and at most about 6.

import { phaseMap } from "@fanin/figures";
import { type MeanFieldActivation, meanField, type PhaseDiagram, phaseDiagram } from "@fanin/lab";
import type { FigureData } from "./figure.ts";

/** An activation and a point. */
export interface PhaseRequest {
  readonly act: MeanFieldActivation;
  readonly sw: number;
  readonly sb: number;
  /** Number of hidden layers of the network in the sentence. */
  readonly depth: number;
}

/** The map and a sentence. */
export interface PhaseAnswer {
  readonly figure: FigureData;
  readonly sentence: string;
  readonly regime: "ordered" | "chaotic" | "critical" | "unbounded";
}

const COLUMNS = 40;
const ROWS = 24;
const weightVariances = Array.from({ length: COLUMNS }, (_, i) => 0.05 + (i * 3.95) / (COLUMNS - 1));
const biasVariances = Array.from({ length: ROWS }, (_, i) => (i * 0.5) / (ROWS - 1));

// The map of an activation does not depend on the point, so it is cached.
const diagrams = new Map<string, PhaseDiagram>();

function diagramOf(act: MeanFieldActivation): PhaseDiagram {
  const known = diagrams.get(act);
  if (known) return known;
  const diagram = phaseDiagram(act, { weightVariances, biasVariances });
  diagrams.set(act, diagram);
  return diagram;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** Draws the map with the point. */
export function phaseTask({ act, sw, sb, depth }: PhaseRequest): PhaseAnswer {
  const { qStar, cStar, chi1, xiC } = meanField(act, { weightVariance: sw, biasVariance: sb });
  const diagram = diagramOf(act);
  const svg = phaseMap(diagram, { name: "your network", weightVariance: sw, biasVariance: sb, xiC });
  const regime =
    qStar === null ? "unbounded" : Math.abs(chi1 - 1) < 1e-6 ? "critical" : chi1 < 1 ? "ordered" : "chaotic";
  const scale =
    regime === "unbounded"
      ? "The signal grows without bound with depth."
      : xiC === null
        ? "This is the edge of chaos: correlations decay slower than exponentially, so deep networks can train."
        : `Information survives about ${short(6 * xiC)} layers (6 depth scales of ${short(xiC)}); your network has ${depth}.`;
  const gradient =
    regime === "critical"
      ? "Gradients keep their size."
      : `A squared gradient is multiplied by ${short(chi1)} per layer.`;
  return {
    figure: {
      key: "phase",
      svg,
      caption: `Depth scales of ${act}, every fourth point of the map.`,
      columns: ["weight variance", "bias variance", "depth scale", "chi1"],
      rows: diagram.biasVariances.flatMap((biasVariance, row) =>
        row % 4 !== 0
          ? []
          : diagram.weightVariances.flatMap((weightVariance, column) =>
              column % 4 !== 0
                ? []
                : [
                    [
                      Number(short(weightVariance)),
                      Number(short(biasVariance)),
                      diagram.xiC[row]?.[column] == null ? null : Number(short(diagram.xiC[row]?.[column] ?? 0)),
                      Number(short(diagram.chi1[row]?.[column] ?? 0)),
                    ],
                  ],
            ),
      ),
    },
    sentence: `${scale} ${gradient}${cStar === null ? "" : ` The correlation of two inputs converges to ${short(cStar)}.`}`,
    regime,
  };
}

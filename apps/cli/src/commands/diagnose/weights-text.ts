// Formats the diagnosis of a weight file for a terminal: a line per tensor, then the findings.

import { blocksHistogram } from "@fanin/figures";
import type { WeightsDiagnosis } from "@fanin/lab";
import type { TensorReport } from "@fanin/lab/weights";
import { formatShape } from "@fanin/tensor";
import { familyText } from "../../terminal/family-text.ts";
import { printable } from "../../terminal/printable.ts";
import { table } from "../../terminal/table.ts";
import { countText, findingText, type TextStyle, toAscii } from "./finding-text.ts";

const NAME = 40;

function family({ family: found, statistics }: TensorReport): string {
  if (found) return familyText(found);
  if (!statistics) return "not checked";
  const { nans, infinities } = statistics;
  return [nans > 0 ? `${nans} NaN` : "", infinities > 0 ? `${infinities} Inf` : ""].filter(Boolean).join(", ");
}

/** Formats the diagnosis. */
export function weightsText(diagnosis: WeightsDiagnosis, style: TextStyle): string {
  const rows = diagnosis.tensors.map((tensor) => [
    printable(tensor.name, NAME),
    formatShape(tensor.shape),
    tensor.scaledDeviation === null ? "-" : String(Number(tensor.scaledDeviation.toPrecision(3))),
    tensor.histogram ? blocksHistogram(tensor.histogram.counts, { ascii: style.ascii }) : "",
    family(tensor),
  ]);
  const text = table(["tensor", "shape", "σ·√fan_in", "histogram", "family"], rows);
  const findings = diagnosis.findings.map((finding) => `${findingText(finding, style)}\n`);
  const count = diagnosis.tensors.length;
  const total = `${count} tensor${count === 1 ? "" : "s"}, ${diagnosis.parameters.toLocaleString("en")} values, ${diagnosis.layout} layout · ${countText(diagnosis.findings)}\n`;
  const all = `${text}\n${findings.join("")}${total}`;
  return style.ascii ? toAscii(all) : all;
}

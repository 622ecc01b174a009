// Faults of a tensor's values in any network: a wrong number of values, none, NaN, infinities.

import { formatShape, sizeOf } from "@fanin/tensor";
import { type Finding, finding } from "./finding.ts";
import type { InspectedTensor } from "./inspect-tensor.ts";

/** The findings E101, E102, E103 and E105 of one tensor. */
export function valueFindings({ tensor, report }: InspectedTensor): Finding[] {
  const where = [tensor.name];
  const { statistics } = report;
  if (sizeOf(tensor.shape) !== tensor.count) {
    const numbers = { values: tensor.count, expected: sizeOf(tensor.shape) };
    const found = `${formatShape(tensor.shape)} needs ${numbers.expected} values, there are ${numbers.values}`;
    return [finding("E103", { where, found, numbers })];
  }
  if (tensor.shape.includes(0) && report.role !== "other") {
    return [finding("E105", { where, found: `the shape is ${formatShape(tensor.shape)}` })];
  }
  if (!statistics) return [];
  const { nans, infinities, count } = statistics;
  const findings: Finding[] = [];
  if (nans > 0)
    findings.push(finding("E101", { where, found: `${nans} of ${count} values are NaN`, numbers: { nans } }));
  if (infinities > 0) {
    findings.push(
      finding("E102", { where, found: `${infinities} of ${count} values are infinite`, numbers: { infinities } }),
    );
  }
  return findings;
}

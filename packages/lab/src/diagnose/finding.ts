// One finding: what was found, where, how much, why it matters and how to fix it.

import { codes, type FindingCode, type Severity } from "./codes.ts";

/** A finding, for reports, terminals and JSON. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly title: string;
  /** Names of the layers or tensors. */
  readonly where: readonly string[];
  /** The observation, in one line. */
  readonly found: string;
  /** The figures behind the observation. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly why: string;
  readonly fix: string;
  readonly notes: readonly string[];
  /** The probability that a fresh draw of the same network shows it too. */
  readonly confidence: number;
}

/** The part of a finding that a check provides; the rest comes from the table of codes. */
export interface Evidence {
  readonly where: readonly string[];
  readonly found: string;
  readonly numbers?: Readonly<Record<string, number>>;
  readonly severity?: Severity;
  readonly why?: string;
  readonly fix?: string;
  readonly notes?: readonly string[];
  readonly confidence?: number;
}

/** Makes a finding. */
export function finding(code: FindingCode, evidence: Evidence): Finding {
  const { title, severity, why, fix } = codes[code];
  return { code, severity, title, why, fix, numbers: {}, notes: [], confidence: 1, ...evidence };
}

/** The finding with the fix for weights that are trained or may be. */
export function fixFor(found: Finding, isFresh: boolean): Finding {
  const { fix, fixTrained } = codes[found.code];
  return isFresh || fixTrained === null || found.fix !== fix ? found : { ...found, fix: fixTrained };
}

const ranks: Readonly<Record<Severity, number>> = { error: 2, warning: 1, note: 0 };

/** Worst first, then by code. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => ranks[b.severity] - ranks[a.severity] || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

/**
 * Whether any finding is at `level` or above.
 *
 * @example
 * hasFindingAt([], "warning"); // => false
 */
export function hasFindingAt(findings: readonly Finding[], level: Severity): boolean {
  return findings.some(({ severity }) => ranks[severity] >= ranks[level]);
}

/** Merges findings that differ only in `where`. */
export function joinFindings(findings: readonly Finding[]): Finding[] {
  const joined = new Map<string, Finding>();
  for (const next of findings) {
    const key = `${next.code} ${next.severity} ${next.found}`;
    const before = joined.get(key);
    joined.set(key, before ? { ...before, where: [...before.where, ...next.where] } : next);
  }
  return [...joined.values()];
}

// Computes ratios of Fanin to its peers from the timings of one case, and compares them with the targets.
// A ratio is one of amounts of work per cost: above 1, Fanin is better.
// @ts-check

import { measure } from "./measure.mjs";

/**
 * Floating-point operations a second.
 * @type {Rate}
 */
export const GFLOPS = { unit: "GFLOP/s", perSecond: 1e9 };

/**
 * The target of a case: a ratio of `own` to `peer`, or an absolute limit on the cost of `own`.
 * @typedef {{ own: string, peer: string, atLeast: number, aim?: number }} RatioTarget
 * @typedef {{ own: string, atMost: number, unit: string }} CostTarget
 * @typedef {RatioTarget | CostTarget} Target
 *
 * One row of a table. Its contenders are prepared and their results compared just before the measurement.
 * @typedef {object} Case
 * @property {string} name
 * @property {() => Promise<import("./measure.mjs").Contender[]>} prepare throws if the contenders' results differ
 * @property {readonly Target[]} [targets]
 * @property {number} [rounds] maximum number of turns, for runs that take seconds
 *
 * One table. With `tiny`, `cases` makes small cases for the tests.
 * @typedef {{ name: string, title: string, rate?: Rate, cases: (options?: { tiny?: boolean }) => Case[] }} Suite
 * @typedef {{ unit: string, perSecond: number }} Rate the unit of the rate column, if the table has one
 *
 * @typedef {{ own: string, peer: string, ratio: number, isLimit: boolean, target?: RatioTarget, reached?: boolean }} Ratio
 * @typedef {{ own: string, share: number, target: CostTarget, reached: boolean }} Share the used share of the limit
 * @typedef {{ name: string, timings: import("./measure.mjs").Timing[], ratios: Ratio[], shares: Share[] }} CaseResult
 */

/** @param {Target} target @param {string} own @param {string} peer */
function isRatioTarget(target, own, peer) {
  return "peer" in target && target.own === own && target.peer === peer;
}

/**
 * @param {readonly import("./measure.mjs").Contender[]} contenders
 * @param {readonly import("./measure.mjs").Timing[]} timings in the same order
 * @param {readonly Target[]} targets targets of missing contenders are ignored
 * @returns {{ ratios: Ratio[], shares: Share[] }}
 */
export function compare(contenders, timings, targets) {
  /** @type {Ratio[]} */
  const ratios = [];
  /** @type {Share[]} */
  const shares = [];
  const costs = contenders.map(({ amount = 1 }, i) => (timings[i]?.median ?? Number.NaN) / amount);
  for (const [i, { name: own, own: isOwn }] of contenders.entries()) {
    if (!isOwn) continue;
    const cost = costs[i] ?? Number.NaN;
    for (const [j, { name: peer, own: isOwnToo, only = own, isLimit = false }] of contenders.entries()) {
      if (isOwnToo || only !== own) continue;
      const ratio = (costs[j] ?? Number.NaN) / cost;
      const target = targets.find((candidate) => isRatioTarget(candidate, own, peer));
      if (target && "peer" in target)
        ratios.push({ own, peer, ratio, isLimit, target, reached: ratio >= target.atLeast });
      else ratios.push({ own, peer, ratio, isLimit });
    }
    for (const target of targets) {
      if (!("atMost" in target) || target.own !== own) continue;
      const share = cost / target.atMost;
      shares.push({ own, share, target, reached: share <= 1 });
    }
  }
  return { ratios, shares };
}

/**
 * Prepares, checks and measures one case.
 * @param {Case} test
 * @param {import("./measure.mjs").MeasureOptions} [options]
 * @returns {Promise<CaseResult>}
 */
export async function runCase({ name, prepare, targets = [], rounds }, options = {}) {
  const contenders = await prepare();
  const turns = Math.min(options.rounds ?? 9, rounds ?? Number.POSITIVE_INFINITY);
  const timings = await measure(contenders, { ...options, rounds: turns });
  return { name, timings, ...compare(contenders, timings, targets) };
}

/** @param {Ratio} ratio */
function formatRatio({ ratio, isLimit, target, reached }) {
  const show = (/** @type {number} */ value) => (isLimit ? `${(100 * value).toFixed(1)} %` : `${value.toFixed(2)}x`);
  const aim = target?.aim === undefined ? "" : `, aim ${show(target.aim)}`;
  return target ? `${show(ratio)} (>= ${show(target.atLeast)}${aim}: ${reached ? "ok" : "SHORT"})` : show(ratio);
}

/** @param {Share} share */
function formatShare({ share, target, reached }) {
  return `${(100 * share).toFixed(1)} % of ${target.unit} (${reached ? "ok" : "OVER"})`;
}

/**
 * Formats a table: a row for each case and contender of Fanin, a column for each peer. It shows ratios and rates, no times.
 * @param {readonly CaseResult[]} results
 * @param {Rate} [rate]
 */
export function formatTable(results, rate) {
  const peers = [...new Set(results.flatMap(({ ratios }) => ratios.map(({ peer }) => peer)))];
  const hasLimits = results.some(({ shares }) => shares.length > 0);
  const header = [
    ...["case", "of"],
    ...(rate ? [rate.unit] : []),
    ...peers.map((peer) => `/ ${peer}`),
    ...(hasLimits ? ["limit"] : []),
    "spread",
  ];
  const rows = results.flatMap(({ name, ratios, shares, timings }) =>
    timings
      .filter(({ own }) => own)
      .map(({ name: own, amount, median, deviation, samples }) => {
        const share = shares.find((candidate) => candidate.own === own);
        const cells = peers.map((peer) => {
          const ratio = ratios.find((candidate) => candidate.own === own && candidate.peer === peer);
          return ratio ? formatRatio(ratio) : "";
        });
        return [
          ...[name, own],
          ...(rate ? [(amount / median / rate.perSecond).toFixed(1)] : []),
          ...cells,
          ...(hasLimits ? [share ? formatShare(share) : ""] : []),
          samples > 0 ? `± ${((100 * deviation) / median).toFixed(1)} %` : "",
        ];
      }),
  );
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  return [header, ...rows]
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

// The result of a comparison in words: which initializers learned, and which differences exceed the noise.
// Source: the verdicts of compare/paired-comparison.ts; this file judges nothing.

import { formatFixed } from "@fanin/figures";
import { guessAccuracy, hasLearned } from "../compare/learning-curve.ts";
import { seedsToJudge } from "../compare/paired-comparison.ts";
import type { CompareResult, Comparison } from "../compare/result.ts";

/** A sentence in parts: plain text, and initializers as the user wrote them. */
export type AnswerPart = string | { readonly initializer: string };

/** `a, b and c`; each item is an initializer with a remark. */
function list(items: readonly (string | AnswerPart[])[]): AnswerPart[] {
  return items.flatMap((item, index): AnswerPart[] => {
    const parts = typeof item === "string" ? [{ initializer: item }] : item;
    if (index === 0) return parts;
    return [index === items.length - 1 ? " and " : ", ", ...parts];
  });
}

/** The names of a group, or their number if it contains all of many. */
function group(names: readonly string[], total: number): AnswerPart[] {
  return names.length === total && total > 2 ? [`All ${total} initializers`] : list(names);
}

function learning(result: CompareResult): AnswerPart[][] {
  const classes = result.dataset.classes.length;
  const isSingle = result.config.seeds.length === 1;
  const always: string[] = [];
  const never: string[] = [];
  const lost: string[] = [];
  const others: AnswerPart[][] = [];
  for (const { initializer, diverged } of result.summary) {
    const runs = result.runs.filter((run) => run.initializer === initializer);
    const learned = runs.filter((run) => hasLearned(run, classes)).length;
    const ending = diverged > 0 ? ` and diverged in ${diverged}` : "";
    if (diverged === 0 && learned === 0) never.push(initializer);
    else if (diverged === runs.length) lost.push(initializer);
    else if (learned === runs.length) always.push(initializer);
    else others.push([{ initializer }, ` learned in ${learned} of ${runs.length} runs${ending}.`]);
  }
  const sentences: AnswerPart[][] = [];
  const { length } = result.summary;
  if (always.length > 0) sentences.push([...group(always, length), isSingle ? " learned." : " learned in every run."]);
  sentences.push(...others);
  if (never.length > 0) {
    const guess = formatFixed(guessAccuracy(classes), 3);
    const ending = isSingle ? "did not learn" : "learned in no run";
    sentences.push([...group(never, length), ` ${ending} (guessing among ${classes} classes gives ${guess}).`]);
  }
  if (lost.length > 0) sentences.push([...group(lost, length), isSingle ? " diverged." : " diverged in every run."]);
  return sentences;
}

/**
 * `+0.001 [−0.002, +0.004]`: the mean paired difference and its interval.
 *
 * @example
 * import { compare, compareConfig } from "@fanin/lab";
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * const [first] = (await compare(config, dataset)).comparisons;
 * first && formatDifference(first); // => '+0.025'
 */
export function formatDifference({ difference, interval }: Comparison, decimals = 3): string {
  const signed = (value: number): string => (value > 0 ? "+" : "") + formatFixed(value, decimals);
  if (difference === null) return "n/a";
  return signed(difference) + (interval === null ? "" : ` [${interval.map(signed).join(", ")}]`);
}

/** The difference of test accuracies from the reference, for initializers that learned, if the reference did. */
function difference(result: CompareResult): AnswerPart[][] {
  const byAccuracy = result.comparisons.filter(({ metric }) => metric === "testAccuracy");
  const seeds = result.config.seeds.length;
  const classes = result.dataset.classes.length;
  const everLearned = (name: string): boolean =>
    result.runs.some((run) => run.initializer === name && hasLearned(run, classes));
  const { reference } = result.config;
  if (!everLearned(reference)) return [];
  const contenders = byAccuracy.filter(({ initializer }) => everLearned(initializer));
  if (contenders.some(({ verdict }) => verdict === "too few seeds to judge")) {
    const number = seeds === 1 ? "One seed" : `${seeds} seeds`;
    const comparisons = byAccuracy.length === 1 ? "this comparison" : `${byAccuracy.length} comparisons`;
    const needed = `${seedsToJudge(byAccuracy.length)} are needed for ${comparisons}`;
    return [[`${number} each: too few seeds to judge differences (${needed}).`]];
  }
  const judged = (verdict: string): AnswerPart[][] =>
    contenders
      .filter((comparison) => comparison.verdict === verdict)
      .map((comparison) => [{ initializer: comparison.initializer }, ` (${formatDifference(comparison)})`]);
  const sentences: AnswerPart[][] = [];
  const [higher, lower, near] = [judged("better"), judged("worse"), judged("no difference detected")];
  const equal = contenders.filter(({ verdict }) => verdict === "equal in every seed");
  const than: AnswerPart[] = [" than with ", { initializer: reference }, ", seed by seed."];
  if (higher.length > 0) sentences.push(["Test accuracy is higher with ", ...list(higher), ...than]);
  if (lower.length > 0) sentences.push(["Test accuracy is lower with ", ...list(lower), ...than]);
  if (equal.length > 0) {
    const names = list(equal.map(({ initializer }) => initializer));
    sentences.push([
      "Test accuracy is the same with ",
      ...names,
      " as with ",
      { initializer: reference },
      " in every seed.",
    ]);
  }
  if (near.length > 0) {
    const number = `: no difference detected at this number of seeds (${seeds}).`;
    sentences.push([...list(near), " against ", { initializer: reference }, number]);
  }
  return sentences;
}

/** The sentences of the answer. */
export function compareAnswerParts(result: CompareResult): AnswerPart[][] {
  return [...learning(result), ...difference(result)];
}

/**
 * The answer of a comparison as one paragraph of plain text. It says "higher" or "lower" only if the verdict on the
 * paired test accuracies is "better" or "worse", and judges nothing with too few seeds.
 *
 * @example
 * import { compare, compareConfig } from "@fanin/lab";
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * compareAnswer(await compare(config, dataset)).length > 0; // => true
 */
export function compareAnswer(result: CompareResult): string {
  const text = (part: AnswerPart): string => (typeof part === "string" ? part : part.initializer);
  return compareAnswerParts(result)
    .map((sentence) => sentence.map(text).join(""))
    .join(" ");
}

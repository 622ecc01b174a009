// Adjusts p-values of several tests so that the family-wise error rate stays below the level.
// Source: Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure.

/**
 * The adjusted p-values, in the given order: with p_(1) <= ... <= p_(m), max over j <= i of min(1, (m - j + 1) p_(j)).
 *
 * @example
 * holm([0.01, 0.04, 0.03]); // => [ 0.03, 0.06, 0.06 ]
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = new Array<number>(pValues.length).fill(1);
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * (pValues[i] ?? 1)));
    adjusted[i] = largest;
  }
  return adjusted;
}

// The natural order of names: numbers by value, so that net.2 comes before net.11.

const PIECES = /(\d+)/;

/**
 * Compares two names, digits as numbers and the rest by code unit; for `sort`.
 *
 * @example
 * ["net.11", "net.2", "net.1"].sort(naturalOrder); // => [ 'net.1', 'net.2', 'net.11' ]
 */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [a.split(PIECES), b.split(PIECES)];
  for (let k = 0; k < Math.min(left.length, right.length); k++) {
    const [x = "", y = ""] = [left[k], right[k]];
    if (x === y) continue;
    // Every other piece is a number. Beyond 2^53, compare by length and digits.
    if (k % 2 === 1) {
      const [m, n] = [x.replace(/^0+(?=\d)/, ""), y.replace(/^0+(?=\d)/, "")];
      if (m !== n) return m.length - n.length || (m < n ? -1 : 1);
      continue;
    }
    return x < y ? -1 : 1;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * The tensors of a file in the order to list them. The file's order is the model's, unless the file is sorted by dtype
 * and name, as safetensors writes it (net.11 before net.2). A sorted file is listed in natural order.
 *
 * @example
 * const dtype = "float32";
 * const tensors = ["net.1", "net.11", "net.2"].map((name) => ({ name, dtype }));
 * listed(tensors).map(({ name }) => name); // => [ 'net.1', 'net.2', 'net.11' ]
 */
export function listed<T extends { readonly name: string; readonly dtype: string }>(tensors: readonly T[]): T[] {
  const isSorted = tensors.every((tensor, i) => {
    const before = tensors[i - 1];
    return before === undefined || before.dtype !== tensor.dtype || before.name <= tensor.name;
  });
  return isSorted ? tensors.toSorted((a, b) => naturalOrder(a.name, b.name)) : [...tensors];
}

// QR factorization of a matrix of doubles, economy size: what float64 orthogonal matrices are made of.
// Source: Golub and Van Loan, "Matrix Computations", 4th edition, algorithms 5.1.1 and 5.2.1 (Householder), column by column.

/** Q (rows x cols) with orthonormal columns, row-major, and the diagonal of R. */
export interface QrF64 {
  readonly q: Float64Array<ArrayBuffer>;
  readonly diagonal: Float64Array<ArrayBuffer>;
}

/** The columns of the row-major `a`, each contiguous. */
function columnsOf(a: Float64Array, rows: number, cols: number): Float64Array[] {
  return Array.from({ length: cols }, (_, j) => Float64Array.from({ length: rows }, (_, i) => a[i * cols + j] ?? 0));
}

/** Subtracts from `column` twice its part along the reflector that starts at `from`: `scale` is 2 over its squared length. */
function reflect(column: Float64Array, reflector: Float64Array, from: number, scale: number): void {
  let dot = 0;
  for (let i = from; i < column.length; i++) dot += (reflector[i] ?? 0) * (column[i] ?? 0);
  const factor = scale * dot;
  for (let i = from; i < column.length; i++) column[i] = (column[i] ?? 0) - factor * (reflector[i] ?? 0);
}

/**
 * A = QR for `a`, `rows` x `cols` row-major with rows >= cols, in O(rows cols^2) on one thread. The diagonal of R is of
 * either sign.
 */
export function qrF64(a: Float64Array, rows: number, cols: number): QrF64 {
  const reflectors = columnsOf(a, rows, cols);
  const diagonal = new Float64Array(cols);
  const scales = reflectors.map((reflector, k) => {
    const norm = normFrom(reflector, k);
    const head = reflector[k] ?? 0;
    diagonal[k] = head > 0 ? -norm : norm;
    if (norm === 0) return 0;
    reflector[k] = head - (diagonal[k] ?? 0);
    const scale = 2 / normFrom(reflector, k) ** 2;
    for (const column of reflectors.slice(k + 1)) reflect(column, reflector, k, scale);
    return scale;
  });
  const q = new Float64Array(rows * cols);
  for (let j = 0; j < cols; j++) {
    const column = new Float64Array(rows);
    column[j] = 1;
    for (let k = j; k >= 0; k--) reflect(column, reflectors[k] ?? column, k, scales[k] ?? 0);
    for (let i = 0; i < rows; i++) q[i * cols + j] = column[i] ?? 0;
  }
  return { q, diagonal };
}

/** The length of a column from the row `from` on. */
function normFrom(column: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < column.length; i++) sum += (column[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

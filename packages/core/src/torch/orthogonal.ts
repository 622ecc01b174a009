// torch.nn.init.orthogonal_: the Q of a normal matrix, with the signs that make it uniform over the orthogonal group.
// Source: torch/nn/init.py, PyTorch 2.13; Saxe et al. 2013; Mezzadri 2007.

import { expectShape, formatShape, type Shape, type Tensor } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import { qr } from "../linalg/qr.ts";
import { fillNormal, makeTensor } from "./fill.ts";
import { expectGenerator } from "./generator.ts";
import { expectOptions, type GeneratorOptions } from "./options.ts";

/** Options of {@link orthogonal}. */
export interface OrthogonalOptions extends GeneratorOptions {
  /** A factor on every element; 1 unless said. */
  readonly gain?: number | undefined;
}

function transposed(a: Float32Array, rows: number, cols: number): Float32Array {
  const t = new Float32Array(a.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) t[j * rows + i] = a[i * cols + j] ?? 0;
  }
  return t;
}

/**
 * `torch.nn.init.orthogonal_`: orthonormal rows or columns, times `gain`; dimensions after the first are flattened. The
 * normals are torch's to the bit; the QR is not the same machine code, so values agree to about 1e-6.
 *
 * @throws RangeError for fewer than two dimensions.
 * @example
 * orthogonal([64, 64], { gain: calculateGain("tanh") });
 */
export function orthogonal(shape: Shape, options: OrthogonalOptions = {}): Tensor {
  expectOptions("orthogonal", options, ["gain", "generator"]);
  const gain = expectNumber("gain", options.gain ?? 1);
  const generator = expectGenerator(options.generator);
  const [rows = 0] = expectShape(shape);
  if (shape.length < 2) {
    throw new RangeError(`shape: Only tensors with 2 or more dimensions are supported, got ${formatShape(shape)}`);
  }
  return makeTensor(shape, "float32", (values) => {
    const data = values as Float32Array<ArrayBuffer>;
    if (data.length === 0) return;
    const cols = data.length / rows;
    const [long, short] = rows < cols ? [cols, rows] : [rows, cols];
    fillNormal(data, "float32", generator, 0, 1);
    const { q, r } = qr(rows < cols ? transposed(data, rows, cols) : data, long, short);
    const scale = Math.fround(gain);
    for (let j = 0; j < short; j++) {
      const factor = Math.sign(r[j * short + j] ?? 0) * scale;
      for (let i = j; i < q.length; i += short) q[i] = (q[i] ?? 0) * factor;
    }
    data.set(rows < cols ? transposed(q, long, short) : q);
  });
}

// Matrix products: Fanin's gemm kernels, XNNPACK (tfjs wasm), jax-js, and the peak of the core.
// Targets: 1.6x and 2.2x tfjs wasm, 92 % of the fma peak, transposes within 10 % and the sizes of 784-128-10 within 25 %.
// @ts-check

import * as tf from "@tensorflow/tfjs-core";
import { binaries, operand, place } from "../binaries.mjs";
import { GFLOPS } from "../compare.mjs";
import { expectClose } from "../expect-equal.mjs";
import { jaxJs } from "../jax-js.mjs";
import { PEAK, peaksByBinary } from "../peak.mjs";
import { tfjsContender } from "../tfjs.mjs";

/** @typedef {{ m: number, n: number, k: number }} Sizes */
/** @typedef {"A·B" | "Aᵀ·B" | "A·Bᵀ"} Layout */

/** @type {Record<Layout, { transposeA: boolean, transposeB: boolean }>} */
const layouts = {
  A·B: { transposeA: false, transposeB: false },
  Aᵀ·B: { transposeA: true, transposeB: false },
  A·Bᵀ: { transposeA: false, transposeB: true },
};

/**
 * Prepares the product with one binary of Fanin.
 * @param {import("../binaries.mjs").Binary} binary
 * @param {Sizes} sizes
 * @param {Layout} layout
 */
function gemm({ kernels, arena }, { m, n, k }, layout) {
  const { transposeA, transposeB } = layouts[layout];
  const workspace = arena.alloc(kernels.gemm_workspace_f32(m, n, k));
  const a = place(arena, operand(m * k, 1));
  const b = place(arena, operand(k * n, 2));
  const c = arena.alloc(m * n * 4);
  const [rowA, colA] = transposeA ? [1, m] : [k, 1];
  const [rowB, colB] = transposeB ? [1, k] : [n, 1];
  const run = () => kernels.gemm_f32(m, n, k, a, rowA, colA, b, rowB, colB, 0, c, n, workspace);
  return { run, result: () => arena.f32(c, m * n), amount: 2 * m * n * k };
}

/**
 * A few rows of the product in float64, by the definition.
 * @param {Sizes} sizes
 * @param {Layout} layout
 * @param {number} rows
 */
function firstRows({ m, n, k }, layout, rows) {
  const { transposeA, transposeB } = layouts[layout];
  const a = operand(m * k, 1);
  const b = operand(k * n, 2);
  return Float64Array.from({ length: rows * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let p = 0; p < k; p++) {
      sum += (a[transposeA ? p * m + i : i * k + p] ?? 0) * (b[transposeB ? j * k + p : p * n + j] ?? 0);
    }
    return sum;
  });
}

/**
 * @param {Sizes} sizes
 * @param {Layout} layout
 * @returns {Promise<import("../measure.mjs").Contender & { values: ArrayLike<number> }>}
 */
async function jaxContender({ m, n, k }, layout) {
  const { transposeA, transposeB } = layouts[layout];
  const { jit, numpy: np } = await jaxJs();
  const a = np.array(operand(m * k, 1)).reshape(transposeA ? [k, m] : [m, k]);
  const b = np.array(operand(k * n, 2)).reshape(transposeB ? [n, k] : [k, n]);
  const product = jit((/** @type {typeof a} */ x, /** @type {typeof b} */ y) =>
    np.matmul(transposeA ? np.transpose(x) : x, transposeB ? np.transpose(y) : y),
  );
  const values = await product(a.ref, b.ref).data();
  const run = async () => {
    const c = product(a.ref, b.ref);
    await c.blockUntilReady();
    c.dispose();
  };
  return { name: "jax-js", run, values };
}

/**
 * @param {string} name
 * @param {Sizes} sizes
 * @param {Layout} layout
 * @param {{ of: Sizes, name: string, atLeast: number } | undefined} reference Fanin's own A·B that it is compared with, if any
 * @returns {import("../compare.mjs").Case}
 */
function productCase(name, sizes, layout, reference) {
  const { m, n, k } = sizes;
  const isLarge = layout === "A·B" && m >= 256;
  return {
    name: `${name} ${layout}`,
    targets: [
      ...(isLarge
        ? [
            { own: "fanin", peer: "tfjs wasm", atLeast: 1.6 },
            { own: "fanin relaxed", peer: "tfjs wasm", atLeast: 2.2 },
            { own: "fanin relaxed", peer: PEAK, atLeast: 0.92 },
          ]
        : []),
      ...(reference
        ? binaries().map(({ name: own }) => ({ own, peer: reference.name, atLeast: reference.atLeast }))
        : []),
    ],
    async prepare() {
      const want = firstRows(sizes, layout, Math.min(m, 4));
      const owns = binaries().map((binary) => ({ binary, product: gemm(binary, sizes, layout) }));
      /** @type {Float32Array | undefined} */
      let whole;
      for (const { binary, product } of owns) {
        product.run();
        // Every sum is exact in float32 (binaries.mjs), so results are equal for any order of additions.
        expectClose(`${binary.name} ${name} ${layout}`, product.result().subarray(0, want.length), want, 0);
        whole ??= product.result().slice();
        expectClose(`${binary.name} ${name} ${layout}`, product.result(), whole, 0);
      }
      const expected = whole ?? want;
      const { transposeA, transposeB } = layouts[layout];
      const amount = 2 * m * n * k;
      const wasm = await tfjsContender(
        "wasm",
        () => {
          const a = tf.tensor2d(operand(m * k, 1), transposeA ? [k, m] : [m, k]);
          const b = tf.tensor2d(operand(k * n, 2), transposeB ? [n, k] : [k, n]);
          return () => tf.matMul(a, b, transposeA, transposeB);
        },
        (result) => expectClose(`tfjs wasm ${name} ${layout}`, result.dataSync(), expected, 0),
      );
      const { values, ...jax } = await jaxContender(sizes, layout);
      expectClose(`jax-js ${name} ${layout}`, values, expected, 0);
      const references = reference
        ? binaries().map((binary) => {
            const { run, amount: work } = gemm(binary, reference.of, "A·B");
            return { name: reference.name, run, amount: work, only: binary.name, isLimit: true };
          })
        : [];
      return [
        ...owns.map(({ binary, product }) => ({ name: binary.name, own: true, run: product.run, amount })),
        { ...wasm, amount },
        { ...jax, amount },
        ...references,
        ...peaksByBinary(),
      ];
    },
  };
}

/** @type {import("../compare.mjs").Suite} */
export const matmul = {
  name: "matmul",
  title: "matmul: operations a second, and per cent of the peak and of Fanin's own A·B",
  rate: GFLOPS,
  cases({ tiny = false } = {}) {
    const squares = tiny ? [5, 16] : [64, 256, 512, 1024];
    const [batch, inputs, units] = tiny ? [3, 11, 7] : [64, 784, 128];
    const middle = tiny ? 16 : 512;
    const reference = { of: { m: middle, n: middle, k: middle }, name: `own ${middle} A·B`, atLeast: 0.75 };
    return [
      ...squares.flatMap((n) => {
        const of = { m: n, n, k: n };
        const within = { of, name: "own A·B", atLeast: 0.9 };
        return [
          productCase(`${n}`, of, "A·B", undefined),
          productCase(`${n}`, of, "Aᵀ·B", within),
          productCase(`${n}`, of, "A·Bᵀ", within),
        ];
      }),
      productCase(`${batch}x${inputs}x${units} forward`, { m: batch, n: units, k: inputs }, "A·B", reference),
      productCase(`${batch}x${inputs}x${units} by weights`, { m: inputs, n: units, k: batch }, "Aᵀ·B", reference),
      productCase(`${batch}x${inputs}x${units} by input`, { m: batch, n: inputs, k: units }, "A·Bᵀ", reference),
    ];
  },
};

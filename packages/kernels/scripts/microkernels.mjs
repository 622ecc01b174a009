// Writes the gemm microkernels: assembly/generated/panels-f32.ts, whose k loop is unrolled in a form that V8 compiles well.
// Source: the rank-1 update form of BLIS's microkernel contract; the variants tried are in docs/benchmarks.md.
//
// Rolled, the loop over k is
//   for (p = 0; p < k; p++) for (i = MR - 1; i >= 0; i--) { acc[i][0] += a[p][i] * b[p][0..3]; acc[i][4] += a[p][i] * b[p][4..7]; }
// On x64, V8 (11.3 to 13.6) compiles the unrolled form to about 24 instructions a step instead of 34, because
//   - a step ends in an exit, so that the steps are blocks of their own and V8 cannot gather the loads of all of them first,
//     which would spill the accumulators;
//   - pointers are advanced before they are used: the sum of two i32 is known to be zero-extended, a loop variable is not;
//   - the loop ends in its condition: load32_splat folds no offset, and only so are base + 4, + 8 and + 12 computed outside;
//   - four rows are broadcast from the last to the first and multiplied from the first to the last, which keeps the pipes of
//     the multiplications and those of the additions equally busy; six leave no registers for that.
// @ts-check

import { listing } from "./listing.mjs";

/** @param {number} length */
const range = (length) => Array.from({ length }, (_, i) => i);

/** @typedef {{ rows: number, steps: number, packed: boolean }} Panel rows of a tile, steps of k a turn, whether A and B are packed */

/** @param {Panel} panel */
function documentation({ rows, packed }) {
  const operands = packed
    ? `\`a\` and \`b\` are packed as pack-f32.ts packs them: tiles of ${rows} rows, a panel of 8 columns`
    : "element (i, p) of A is at a + i * `rsa` + p * `csa`, row p of B at b + p * `stepB`";
  return `
/**
 * c (rows x 8, rows \`ldc\` apart) = the sum over k >= 1 steps of a's column times b's row, plus c where \`accumulate\`, plus
 * the 8 floats at \`bias\` if not 0, through relu where \`rectify\`. Strides are in bytes; ${operands}.
 */`;
}

/**
 * The source of one panel function: for each tile of rows, the loop over k and the write-back.
 * @param {Panel} panel
 */
function panelFunction({ rows, steps, packed }) {
  const all = range(rows);
  const stepA = rows * 4;
  const accumulators = all.flatMap((i) => [`acc${i}0`, `acc${i}4`]);
  const at = (/** @type {string} */ pointer, /** @type {number} */ offset) =>
    offset ? `${pointer}, ${offset}` : pointer;
  const down = [...all].reverse();
  /** @type {(i: number, u: number) => string} */
  const broadcast = (i, u) => `const x${i}x${u} = v128.load32_splat(${packed ? at("a", i * 4) : `a${i}`});`;
  /** @type {(i: number, u: number) => string[]} */
  const products = (i, u) => ["0", "4"].map((j) => `acc${i}${j} = multiplyAdd(x${i}x${u}, b${j}x${u}, acc${i}${j});`);
  const step = (/** @type {number} */ u) =>
    [
      ...(packed ? [`a += ${stepA};`] : ["panel += stepB;", ...all.map((i) => `a${i} += csa;`)]),
      `const b0x${u} = v128.load(${packed ? at("panel", u * 32) : "panel"});`,
      `const b4x${u} = v128.load(${packed ? at("panel", u * 32 + 16) : "panel, 16"});`,
      ...(rows > 4
        ? down.flatMap((i) => [broadcast(i, u), ...products(i, u)])
        : [...down.map((i) => broadcast(i, u)), ...all.flatMap((i) => products(i, u))]),
      ...(u < steps - 1 ? [`if (${packed ? "a" : "panel"} == end) break;`] : []),
    ].join("\n      ");
  const name = `${packed ? "packed" : "strided"}Panel${rows}x8`;
  const operands = packed
    ? ["a: usize", "b: usize"]
    : ["a: usize", "rsa: usize", "csa: usize", "b: usize", "stepB: usize"];
  const signature = [
    "k: u32",
    "rows: u32",
    ...operands,
    "accumulate: bool",
    "c: usize",
    "ldc: usize",
    "bias: usize",
    "rectify: bool",
  ];
  const columns = ["0", "4"];
  return `${documentation({ rows, steps, packed })}
${listing(`export function ${name}(`, signature, "): void {")}
  ${packed ? `const depth = k * ${stepA};\n  a -= ${stepA};` : "b -= stepB;\n  const end = b + k * stepB;\n  a -= csa;"}
  for (let left = <i32>rows; left > 0; left -= ${rows}, c += ${rows} * ldc) {
    ${accumulators.map((acc) => `let ${acc} = f32x4.splat(0);`).join("\n    ")}
    ${
      packed
        ? `const end = a + depth;\n    let panel = b - ${steps * 32};`
        : `let panel = b;\n    let a0 = a;\n    ${all
            .slice(1)
            .map((i) => `let a${i} = left > ${i} ? a${i - 1} + rsa : a${i - 1};`)
            .join("\n    ")}\n    a += ${rows} * rsa;`
    }
    do {
      ${packed ? `panel += ${steps * 32};\n      ` : ""}${range(steps).map(step).join("\n      ")}
    } while (${packed ? "a" : "panel"} != end);
    ${all
      .slice(1)
      .map(
        (i) => `const row${i} = left > ${i} ? ${i > 1 ? `row${i - 1}` : "c"} + ldc : ${i > 1 ? `row${i - 1}` : "c"};`,
      )
      .join("\n    ")}
    if (accumulate) {
      ${all.flatMap((i) => columns.map((j) => `acc${i}${j} = f32x4.add(acc${i}${j}, v128.load(${at(i ? `row${i}` : "c", Number(j) * 4)}));`)).join("\n      ")}
    }
    if (bias) {
      const bias0 = v128.load(bias);
      const bias4 = v128.load(bias, 16);
      ${all.flatMap((i) => columns.map((j) => `acc${i}${j} = f32x4.add(acc${i}${j}, bias${j});`)).join("\n      ")}
    }
    if (rectify) {
      ${accumulators.map((acc) => `${acc} = relu(${acc});`).join("\n      ")}
    }
    ${down
      .flatMap((i) => columns.map((j) => `v128.store(${i ? `row${i}` : "c"}, acc${i}${j}${j === "0" ? "" : ", 16"});`))
      .join("\n    ")}
  }
}
`;
}

/**
 * The module of the panel functions.
 * @param {readonly Panel[]} panels
 */
export function panelModule(panels) {
  return `// Generated by scripts/microkernels.mjs, which explains the form of the loops.
//
//            b: 8 columns, a step of k every 32 bytes where it is packed
//            b0 b0 b0 b0 b4 b4 b4 b4
//   a0  row  acc00 . . . acc04 . . .     accR0 holds row R, columns 0..3 of the tile; accR4 holds columns 4..7.
//   a1  row  acc10 . . . acc14 . . .     Where rows are missing, the pointers of their C repeat the last row's, and rows
//   ..                                   are stored from the last to the first, so that what is stored last is right.

import { relu } from "../elementwise/activations";
import { multiplyAdd } from "../gemm/multiply-add";
${panels.map(panelFunction).join("")}`;
}

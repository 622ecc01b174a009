// BatchMatMul and _FusedMatMul in all four layouts on our gemm; its epilogue adds the bias and applies the activation.
// Source: BatchMatMul and _FusedMatMul of tfjs-backend-cpu 4.22. Batch dimensions are broadcast as NumPy's matmul does.

import {
  type _FusedMatMulAttrs,
  type BatchMatMulAttrs,
  backend_util,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { FaninBackend } from "../backend.ts";
import { type Epilogue, epilogueOf, isRowBias } from "./activation.ts";
import { defineKernel, type Kernel } from "./kernel.ts";
import { broadcastStrides, stridesOf } from "./strides.ts";

const LINEAR: Epilogue = { activation: 0, alpha: 0 };

/** How batches of two operands are broadcast: steps in matrices. */
interface Batches {
  readonly outer: readonly number[];
  readonly stepsA: readonly number[];
  readonly stepsB: readonly number[];
}

/** Which matrices of both operands make the product number `i`. */
function placesOf(i: number, { outer, stepsA, stepsB }: Batches): [fromA: number, fromB: number] {
  const steps = stridesOf(outer);
  let [fromA, fromB] = [0, 0];
  for (let d = 0; d < outer.length; d++) {
    const position = Math.floor(i / (steps[d] as number)) % (outer[d] as number);
    fromA += position * (stepsA[d] as number);
    fromB += position * (stepsB[d] as number);
  }
  return [fromA, fromB];
}

/** Products of int32 matrices, which wrap; tfjs-backend-cpu sums them as floats. */
function multiplyIntegers(
  backend: FaninBackend,
  tensors: readonly [TensorInfo, TensorInfo, TensorInfo],
  batches: Batches,
  [m, n, k]: readonly [number, number, number],
  [rsa, csa, rsb, csb]: readonly [number, number, number, number],
): void {
  const [a, b, c] = tensors.map(({ dataId }) => backend.get(dataId).values as Int32Array) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let i = 0, at = 0; at < c.length; i++) {
    const [fromA, fromB] = placesOf(i, batches);
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          const [x, y] = [a[fromA * m * k + row * rsa + p * csa], b[fromB * k * n + p * rsb + column * csb]];
          sum = (sum + Math.imul(x as number, y as number)) | 0;
        }
        c[at++] = sum;
      }
    }
  }
}

function multiply(
  backend: FaninBackend,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: BatchMatMulAttrs,
  bias: TensorInfo | undefined,
  { activation, alpha }: Epilogue,
): TensorInfo | undefined {
  const areIntegers = a.dtype === "int32" && b.dtype === "int32" && !bias && activation === 0;
  if (!areIntegers && (a.dtype !== "float32" || b.dtype !== "float32")) return undefined;
  const rankA = a.shape.length;
  const rankB = b.shape.length;
  util.assert(
    rankA >= 2 && rankB >= 2,
    () => `${backend.op}: expected matrices, got the shapes [${a.shape}] and [${b.shape}]`,
  );
  const [rowsA, colsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, colsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [colsA, rowsA] : [rowsA, colsA];
  const [inner, n] = transposeB ? [colsB, rowsB] : [rowsB, colsB];
  if (k !== inner) {
    throw new Error(
      `${backend.op}: expected inner dimensions that are equal, got ${k} and ${inner} of shapes [${a.shape}] and [${b.shape}] with transposeA=${transposeA} and transposeB=${transposeB}`,
    );
  }
  const outerA = a.shape.slice(0, -2);
  const outerB = b.shape.slice(0, -2);
  const outer = rankA === 2 && rankB === 2 ? [] : backend_util.assertAndGetBroadcastShape(outerA, outerB);
  const batch = util.sizeFromShape(outer);
  const batchA = util.sizeFromShape(outerA);
  const batchB = util.sizeFromShape(outerB);
  const pa = backend.pointer(a);
  const pb = backend.pointer(b);
  const pbias = bias ? backend.pointer(bias) : 0;
  const [rsa, csa] = transposeA ? [1, colsA] : [colsA, 1];
  const [rsb, csb] = transposeB ? [1, colsB] : [colsB, 1];
  // Several matrices A on one B are one taller matrix.
  const [rows, products] = batchB === 1 && !transposeA ? [m * batch, 1] : [m, batch];
  const { kernels } = backend;
  const out = backend.make([...outer, m, n], a.dtype);
  if (batch * m * n === 0) return out;
  const stepsOf = (shape: number[]) => broadcastStrides(shape, outer);
  if (areIntegers) {
    const places = { outer, stepsA: stepsOf(outerA), stepsB: stepsOf(outerB) };
    multiplyIntegers(backend, [a, b, out], places, [m, n, k], [rsa, csa, rsb, csb] as [number, number, number, number]);
    return out;
  }
  const workspace = backend.workspace(kernels.gemm_workspace_f32(rows, n, k));
  const c = backend.pointer(out);
  const run = (count: number, fromA: number, fromB: number, to: number, stepA: number, stepB: number) =>
    kernels.gemm_batch_f32(
      count,
      stepA,
      stepB,
      m * n,
      rows,
      n,
      k,
      pa + 4 * fromA,
      rsa,
      csa,
      pb + 4 * fromB,
      rsb,
      csb,
      0,
      c + 4 * to,
      n,
      workspace,
      pbias,
      activation,
      alpha,
    );
  if (products === 1 || batchA === batchB || batchA === 1 || batchB === 1) {
    run(products, 0, 0, 0, batchA === 1 ? 0 : m * k, batchB === 1 ? 0 : k * n);
  } else {
    const places = { outer, stepsA: stepsOf(outerA), stepsB: stepsOf(outerB) };
    for (let i = 0; i < batch; i++) {
      const [fromA, fromB] = placesOf(i, places);
      run(1, fromA * m * k, fromB * k * n, i * m * n, 0, 0);
    }
  }
  return out;
}

const batchMatMul = defineKernel<{ a: TensorInfo; b: TensorInfo }, BatchMatMulAttrs>(
  "BatchMatMul",
  (backend, { a, b }, attrs) => multiply(backend, a, b, attrs, undefined, LINEAR),
);

interface FusedInputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly bias?: TensorInfo;
}

const fusedMatMul = defineKernel<FusedInputs, _FusedMatMulAttrs>("_FusedMatMul", (backend, { a, b, bias }, attrs) => {
  const epilogue = epilogueOf(attrs.activation, attrs.leakyreluAlpha);
  const columns = b.shape.at(attrs.transposeB ? -2 : -1) as number;
  if (!epilogue || (bias && !isRowBias(bias, columns))) return undefined;
  return multiply(backend, a, b, attrs, bias, epilogue);
});

export const matMul: readonly Kernel[] = [batchMatMul, fusedMatMul];

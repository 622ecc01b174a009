// Every kernel of the backend, ours and the fallbacks, on inputs whose results TensorFlow 2.21 gave.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { kernelSupport, register } from "../../src/tfjs.ts";
import { byKernel, difference, kernelCases, runCase, tensorOf } from "./kernel-cases.ts";

beforeAll(async () => {
  register();
  await tf.setBackend("fanin");
});

/** Kernels without a row, and what holds them to a value. */
const elsewhere: Readonly<Record<string, string>> = {
  AvgPool3DGrad: "gradients.test.ts, as the gradient of AvgPool3D",
  AvgPoolGrad: "gradients.test.ts, as the gradient of AvgPool",
  DepthwiseConv2dNativeBackpropFilter: "gradients.test.ts, as the gradient of DepthwiseConv2dNative",
  DepthwiseConv2dNativeBackpropInput: "gradients.test.ts, as the gradient of DepthwiseConv2dNative",
  Dilation2DBackpropFilter: "gradients.test.ts, as the gradient of Dilation2D",
  Dilation2DBackpropInput: "gradients.test.ts, as the gradient of Dilation2D",
  Draw: "needs a canvas",
  LRNGrad: "gradients.test.ts, as the gradient of LRN",
  MaxPool3DGrad: "gradients.test.ts, as the gradient of MaxPool3D",
  MaxPoolGrad: "gradients.test.ts, as the gradient of MaxPool",
  Multinomial: "draws at random",
  RaggedGather: "conformance.test.ts, with TensorFlow's values",
  RaggedTensorToTensor: "conformance.test.ts, with TensorFlow's values",
  ResizeBilinearGrad: "gradients.test.ts, as the gradient of ResizeBilinear",
  ResizeNearestNeighborGrad: "gradients.test.ts, as the gradient of ResizeNearestNeighbor",
  RotateWithOffset: "conformance.test.ts; TensorFlow has no such op",
};

/** tfjs-core's suite asserts sign(NaN) = 0. */
const asserted = new Set(["Sign special values"]);

const rows = byKernel(kernelCases);

it("has a row for every kernel of the backend", () => {
  const names = kernelSupport().map(({ kernelName }) => kernelName);
  expect(names.filter((name) => !rows.has(name) && !(name in elsewhere))).toEqual([]);
  expect(Object.keys(elsewhere).filter((name) => rows.has(name) || !names.includes(name))).toEqual([]);
});

describe("kernels", () => {
  it.each([...rows.keys()])("%s gives TensorFlow's values", (kernel) => {
    const wrong: string[] = [];
    for (const row of rows.get(kernel) ?? []) {
      if (!row.outputs || asserted.has(`${kernel} ${row.label}`)) continue;
      const outputs = runCase(row, Object.values(row.inputs).map(tensorOf));
      if (outputs.length !== row.outputs.length) wrong.push(`${row.label}: ${outputs.length} results`);
      for (const [i, want] of row.outputs.entries()) {
        const found = outputs[i] && difference(outputs[i], want);
        if (found) wrong.push(`${row.label}: result ${i}: ${found}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

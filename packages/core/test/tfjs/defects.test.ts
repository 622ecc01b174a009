// What tfjs-backend-wasm 4.22 gets wrong, and its users reported: the right values here.

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { register } from "../../src/tfjs.ts";

beforeAll(async () => {
  register();
  await tf.setBackend("fanin");
});

const values = (tensor: tf.Tensor) => [...tensor.dataSync()];
const count = (n: number) => Array.from({ length: n }, (_, i) => i);

describe("defects of tfjs-backend-wasm that are none here", () => {
  it("multiplies by a weight that was reshaped", () => {
    const w = tf.tensor2d(count(24), [4, 6]);
    expect(values(tf.matMul(tf.ones([1, 4]), w))).toEqual([36, 40, 44, 48, 52, 56]);
    expect(values(tf.matMul(tf.ones([1, 6]), tf.reshape(w, [6, 4])))).toEqual([60, 66, 72, 78]);
  });

  it.each([1, 3])("adds a bias once to every row, batch %i, K = 100", (batch) => {
    const a = tf.ones([batch, 2, 100]) as tf.Tensor3D;
    const b = tf.ones([batch, 100, 4]) as tf.Tensor3D;
    const bias = tf.tensor1d([1, 2, 3, 4]);
    const rows = values(tf.fused.matMul({ a, b, bias }));
    expect(rows).toEqual(count(2 * batch).flatMap(() => [101, 102, 103, 104]));
    const transposed = values(tf.fused.matMul({ a: tf.transpose(a, [0, 2, 1]), b, bias, transposeA: true }));
    expect(transposed).toEqual(rows);
  });

  it("sums a million tenths to a hundred thousand", () => {
    const tenths = tf.fill([1_000_000], 0.1);
    expect(values(tf.sum(tenths))).toEqual([100_000]);
    expect(values(tf.mean(tenths))).toEqual([Math.fround(0.1)]);
  });

  it("casts to bool as 0 and 1", () => {
    expect(values(tf.cast(tf.tensor1d([2.7, 0, -3, Number.NaN]), "bool"))).toEqual([1, 0, 1, 1]);
  });

  it("multiplies int32 matrices", () => {
    const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2], "int32"), tf.tensor2d([5, 6, 7, 8], [2, 2], "int32"));
    expect(product.dtype).toBe("int32");
    expect(values(product)).toEqual([19, 22, 43, 50]);
  });

  it("slices to the end, and rounds pool sizes as asked", () => {
    expect(values(tf.slice(tf.tensor1d([1, 2, 3]), [1], [-1]))).toEqual([2, 3]);
    expect(values(tf.slice(tf.tensor2d(count(6), [2, 3]), [0, 2], [2, 1]))).toEqual([2, 5]);
    const pooled = tf.maxPool(tf.tensor3d(count(9), [3, 3, 1]), 2, 2, 0, "ceil");
    expect([pooled.shape, values(pooled)]).toEqual([
      [2, 2, 1],
      [4, 5, 7, 8],
    ]);
  });

  it("compares strings", () => {
    expect(values(tf.equal(tf.tensor1d(["a", "b"]), tf.tensor1d(["a", "c"])))).toEqual([1, 0]);
  });

  it("convolves transposed in three dimensions", () => {
    const layer = layers.conv3dTranspose({ filters: 1, kernelSize: 2, kernelInitializer: "ones", useBias: false });
    const y = layer.apply(tf.ones([1, 2, 2, 2, 1])) as tf.Tensor;
    // Along one axis a window of two ones over two ones is 1 2 1.
    const line = [1, 2, 1];
    expect(values(y)).toEqual(line.flatMap((a) => line.flatMap((b) => line.map((c) => a * b * c))));
  });

  it("trains what the wasm backend has no kernels for", () => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.gather(x, tf.tensor1d([0, 2, 2], "int32"))));
    expect(values(gradient(tf.ones([3, 2])))).toEqual([1, 1, 0, 0, 2, 2]);
    const image = tf.ones([1, 3, 3, 1]) as tf.Tensor4D;
    const byFilter = tf.grad((w: tf.Tensor) => tf.sum(tf.conv2d(image, w as tf.Tensor4D, 1, "valid")));
    expect(values(byFilter(tf.ones([2, 2, 1, 1])))).toEqual([4, 4, 4, 4]);
  });

  it("shares memory between clones and reshapes", () => {
    const x = tf.zeros([1000, 100]);
    const before = (tf.memory() as unknown as { numBytesInUse: number }).numBytesInUse;
    const clones = [x.clone(), tf.reshape(x, [100, 1000]), tf.expandDims(x), tf.cast(x, "float32")];
    expect((tf.memory() as unknown as { numBytesInUse: number }).numBytesInUse).toBe(before);
    tf.dispose(clones);
    expect(values(tf.sum(x))).toEqual([0]);
  });

  it("gives matMul gradients in all four layouts", () => {
    const [m, k, n] = [3, 5, 4];
    const reference = (a: number[], b: number[], ta: boolean, tb: boolean) =>
      count(m * n).map((at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        const term = (p: number) =>
          (a[ta ? p * m + i : i * k + p] as number) * (b[tb ? j * k + p : p * n + j] as number);
        return count(k).reduce((sum, p) => sum + term(p), 0);
      });
    const [a, b] = [count(m * k).map(Math.sin), count(k * n).map(Math.cos)];
    for (const ta of [false, true]) {
      for (const tb of [false, true]) {
        const [x, y] = [tf.tensor2d(a, ta ? [k, m] : [m, k]), tf.tensor2d(b, tb ? [n, k] : [k, n])];
        const product = (p: tf.Tensor, q: tf.Tensor) => tf.matMul(p, q, ta, tb);
        const want = reference([...x.dataSync()], [...y.dataSync()], ta, tb);
        for (const [i, value] of values(product(x, y)).entries()) expect(value).toBeCloseTo(want[i] as number, 5);
        // A product is linear in each factor, so a difference quotient of any width is its gradient.
        const [dx, dy] = tf.grads((p, q) => tf.sum(tf.square(product(p, q))))([x, y]);
        for (const [factor, gradient] of [
          [x, dx],
          [y, dy],
        ] as const) {
          const flat = tf.oneHot(tf.scalar(3, "int32"), factor.size);
          const step = tf.cast(tf.reshape(flat, factor.shape), "float32");
          const at = (h: number) => {
            const moved = tf.add(factor, tf.mul(step, h));
            return values(tf.sum(tf.square(factor === x ? product(moved, y) : product(x, moved))))[0] as number;
          };
          expect(values(gradient as tf.Tensor)[3]).toBeCloseTo(at(0.5) - at(-0.5), 4);
        }
      }
    }
  });
});

describe("defects of tfjs-core and tfjs-backend-cpu that are none here", () => {
  it("stacks along a new last axis, as the nine Pack nodes of basic-pitch do", () => {
    const rows = [
      tf.tensor2d(count(6), [2, 3]),
      tf.tensor2d(
        count(6).map((i) => i + 10),
        [2, 3],
      ),
    ];
    const stacked = tf.stack(rows, -1);
    expect([stacked.shape, values(stacked)]).toEqual([
      [2, 3, 2],
      [0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15],
    ]);
    // The model's own shape: harmonics of 264 bins in 172 frames.
    const harmonics = Array.from({ length: 8 }, (_, h) => tf.fill([1, 172, 264], h));
    const stack = tf.stack(harmonics, -1);
    expect([stack.shape, values(tf.slice(stack, [0, 171, 263, 0], [1, 1, 1, 8]))]).toEqual([
      [1, 172, 264, 8],
      count(8),
    ]);
  });

  it("divides the gradient of a padded mean by the pixels that the window saw", () => {
    // tf.nn.avg_pool2d of TensorFlow 2.21, x = 0 ... 8, loss = sum of squares.
    const x = tf.reshape(tf.range(0, 9), [1, 3, 3, 1]);
    const gradient = tf.grad((v: tf.Tensor) => tf.sum(tf.square(tf.avgPool(v as tf.Tensor4D, 2, 1, "same"))))(x);
    expect(values(gradient)).toEqual([1, 2.5, 5, 3.5, 8, 14.5, 9, 19.5, 33]);
  });

  it("places windows that are not square where padding is a number", () => {
    const pooled = tf.avgPool(tf.ones([1, 4, 6, 1]) as tf.Tensor4D, [2, 3], [2, 3], 0);
    expect([pooled.shape, values(pooled)]).toEqual([
      [1, 2, 2, 1],
      [1, 1, 1, 1],
    ]);
  });

  it("reduces nothing to what TensorFlow does", () => {
    const nothing = tf.zeros([2, 0]);
    expect(values(tf.max(nothing, 1))).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(values(tf.min(nothing, -1))).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(values(tf.mean(nothing, 1))).toEqual([Number.NaN, Number.NaN]);
    expect(values(tf.prod(nothing, 1))).toEqual([1, 1]);
    expect(values(tf.all(tf.cast(nothing, "bool"), 1))).toEqual([1, 1]);
  });

  it("multiplies int32 modulo 2^32", () => {
    const product = tf.mul(tf.scalar(123456789, "int32"), tf.scalar(987654321, "int32"));
    expect(values(product)).toEqual([Math.imul(123456789, 987654321)]);
  });
});

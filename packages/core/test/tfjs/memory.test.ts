// Where tensors live and when their memory comes back: leaks, disposal, two backends, a heap that is used up.

import "@tensorflow/tfjs-backend-cpu";
import { networkKernelsBytes, streamKernelsBytes } from "@fanin/kernels";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeEach, describe, expect, it } from "vitest";
import { adam, type BackendMemory, FaninBackend, type RegisterOptions, register } from "../../src/tfjs.ts";

const MEBIBYTE = 2 ** 20;

beforeEach(async () => {
  register();
  await tf.setBackend("fanin");
});

const memory = () => tf.memory() as unknown as BackendMemory & tf.MemoryInfo;

/** A binary with the mark of the relaxed one, which the engine of an older Node does not compile. */
function markedAsRelaxed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const section = 24; // the last one: its kind, its length, the length of its name, "fanin", 16 digits of the version
  const marked = Uint8Array.of(...bytes, ...new TextEncoder().encode(" relaxed"));
  marked[bytes.length - section + 1] = section - 2 + " relaxed".length;
  return marked;
}

function state() {
  const { numTensors, numDataBuffers, numBytesInHeap, numBytesInUse } = memory();
  return { numTensors, numDataBuffers, numBytesInHeap, numBytesInUse, numDataIds: tf.backend().numDataIds() };
}

describe("memory", () => {
  it("does not leak in a thousand training steps", async () => {
    const network = sequential({
      layers: [
        layers.conv2d({ filters: 2, kernelSize: 2, activation: "relu", inputShape: [4, 4, 1] }),
        layers.maxPooling2d({ poolSize: 2, strides: 1 }),
        layers.flatten(),
        layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
    network.compile({ optimizer: adam(0.01), loss: "categoricalCrossentropy" });
    const x = tf.ones([2, 4, 4, 1]);
    const y = tf.oneHot(tf.tensor1d([0, 2], "int32"), 3);
    const steps = async (n: number) => {
      for (let i = 0; i < n; i++) await network.trainOnBatch(x, y);
      return state();
    };
    const before = await steps(5);
    expect(await steps(1000)).toEqual(before);
  });

  it("gives the memory of a disposed tensor back", () => {
    const before = memory().numBytesInUse;
    const x = tf.zeros([1000]);
    expect(memory().numBytesInUse).toBe(before + 4096);
    x.dispose();
    expect(memory()).toMatchObject({ numBytesInUse: before, numBytesFree: 4096, unreliable: false });
    expect(memory().fragmentation).toBeCloseTo(4096 / (before + 4096), 12);
  });

  it("names the op that uses a disposed tensor", () => {
    const [x, y] = [tf.ones([2]), tf.ones([2])];
    const { dataId } = x;
    x.dispose();
    expect(() => x.dataSync()).toThrow("Tensor is disposed");
    expect(() => tf.add(x, y)).toThrow("Add: a tensor that was disposed is used");
    expect(() => tf.cumsum(x)).toThrow(/Cumsum|Transpose/);
    expect(tf.backend().refCount(dataId)).toBe(0);
  });

  it("frees everything when the backend is disposed", async () => {
    const x = tf.ones([1000]);
    const backend = tf.backend() as unknown as FaninBackend;
    expect(backend).toBeInstanceOf(FaninBackend);
    backend.dispose();
    expect(backend.arena.use()).toMatchObject({ allocated: 0, free: 0, blocks: 0 });
    expect(backend.numDataIds()).toBe(0);
    expect(() => backend.readSync(x.dataId)).toThrow("a tensor is read whose backend was disposed");
    tf.removeBackend("fanin");
  });

  it("moves tensors between backends, complex ones too", async () => {
    register({ name: "second", deterministic: true });
    const x = tf.tensor1d([1, 2, 3]);
    const z = tf.complex([1, 2], [3, 4]);
    const text = tf.tensor1d(["a", "b"]);
    for (const name of ["second", "fanin", "second", "cpu", "fanin"]) {
      await tf.setBackend(name);
      expect([...tf.add(x, 1).dataSync()]).toEqual([2, 3, 4]);
      // tfjs-cpu cannot take over complex tensors.
      if (name !== "cpu") expect([...tf.imag(z).dataSync()]).toEqual([3, 4]);
      expect([...tf.concat([text, text]).dataSync()]).toEqual(["a", "b", "a", "b"]);
    }
    tf.removeBackend("second");
  });

  it("says which op the heap was too small for, and goes on", () => {
    register({ name: "small", memoryLimit: 4 * MEBIBYTE });
    tf.setBackend("small");
    const x = tf.zeros([300, 1024]);
    expect(() => tf.add(x, 1)).not.toThrow();
    expect(() => tf.tile(x, [4, 1])).toThrow(RangeError);
    expect(() => tf.tile(x, [4, 1])).toThrow(/^Tile: out of WebAssembly memory: 4915200 bytes asked for/);
    // A fallback's output, and a tensor of the user's.
    expect(() => tf.cumsum(tf.zeros([300, 1024]))).toThrow(/^(Cumsum|Fill): out of WebAssembly memory/);
    expect(() => tf.tensor1d(new Float32Array(MEBIBYTE))).toThrow(/^tensor: out of WebAssembly memory/);
    const before = tf.backend().numDataIds();
    expect(() => tf.topk(x, 1024)).toThrow(/^TopK: out of WebAssembly memory/);
    expect(tf.backend().numDataIds()).toBe(before);
    expect([...tf.add(tf.ones([100]), 1).dataSync()]).toEqual(new Array(100).fill(2));
    x.dispose();
    expect(() => tf.ones([250, 1024])).not.toThrow();
    tf.removeBackend("small");
  });

  it("survives growth in the middle of a fallback", () => {
    // Multinomial, TopK and others hold views of their inputs while they make outputs.
    const x = tf.tensor2d(
      Float32Array.from({ length: 200_000 }, (_, i) => Math.sin(i)),
      [2, 100_000],
    );
    const { values, indices } = tf.topk(x, 100_000);
    expect(values.dataSync()[0]).toBeGreaterThan(0.999);
    expect(indices.shape).toEqual([2, 100_000]);
    const row = [...x.dataSync().subarray(0, 100_000)];
    const total = row.reduce((sum, value) => sum + value, 0);
    expect(tf.cumsum(x, 1).dataSync()[99_999]).toBeCloseTo(total, 1);
  });

  it("refuses options that are none", () => {
    expect(() => register({ name: "my_backend" })).toThrow("without underscores");
    expect(() => register({ name: "cpu" })).toThrow(RangeError);
    expect(() => register({ memoryLimit: 1000 })).toThrow("memoryLimit: expected at least 1048576 bytes, got 1000");
    expect(() => register({ memoryLimit: "1" as never })).toThrow(TypeError);
  });

  it("takes a module that was compiled elsewhere", async () => {
    register({ name: "compiled", module: new WebAssembly.Module(networkKernelsBytes()) });
    await tf.setBackend("compiled");
    expect([...tf.square(tf.tensor1d([1, 2, 3])).dataSync()]).toEqual([1, 4, 9]);
    tf.removeBackend("compiled");
  });

  it.each<readonly [string, () => unknown, ErrorConstructor, RegExp]>([
    ["options that are none", () => null, TypeError, /^options: expected an object such as { module }, got null$/],
    [
      "a flag in words",
      () => ({ deterministic: "no" }),
      TypeError,
      /^deterministic: expected true or false, got "no"$/,
    ],
    ["bytes", () => ({ module: networkKernelsBytes() }), TypeError, /^module: .* got Uint8Array; compile it first/],
    [
      "kernels of streams",
      () => ({ module: new WebAssembly.Module(streamKernelsBytes()) }),
      RangeError,
      /^module: expected the kernels of kernels.wasm, got a module without conv2d_workspace_f32: it is the wrong file or of/,
    ],
    [
      "an older file",
      () => ({ module: new WebAssembly.Module(networkKernelsBytes().slice(0, -24)) }),
      RangeError,
      /^module: expected version "\w+" of the kernels, got a module without a version: it is the wrong file or of/,
    ],
    [
      "the relaxed file where results must be deterministic",
      () => ({ module: new WebAssembly.Module(markedAsRelaxed(networkKernelsBytes())), deterministic: true }),
      RangeError,
      /^module: expected deterministic kernels, got kernels-relaxed.wasm: compile kernels.wasm, or/,
    ],
  ])("refuses %s, and keeps the backend that is there", (_, options, kind, message) => {
    const x = tf.tensor1d([1, 2, 3]);
    const call = () => register(options() as RegisterOptions);
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
    expect([...tf.square(x).dataSync()]).toEqual([1, 4, 9]);
    x.dispose();
  });
});

describe("sizes that are none", () => {
  /** Runs `body`, which must throw `message`, and tells whether tensors made before and after are their own. */
  function refuses(body: () => unknown, message: RegExp | string): void {
    const before = tf.range(0, 5000);
    const { numDataBuffers } = tf.memory();
    expect(() => tf.tidy(body as () => tf.Tensor)).toThrow(message);
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
    const after = [tf.fill([300], 7), tf.fill([300], 8)];
    expect([...before.dataSync()]).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(after.map((tensor) => [...new Set(tensor.dataSync())])).toEqual([[7], [8]]);
    tf.dispose([before, ...after]);
  }
  const image = () => tf.ones([1, 4, 4, 1]) as tf.Tensor4D;
  const kernel = (name: string, inputs: object, attrs: object) =>
    tf.engine().runKernel(name, inputs as never, attrs as never);

  it.each<[string, () => unknown, RegExp]>([
    ["a stride of 0", () => tf.maxPool(image(), 2, 0, "valid"), /strides|stride/i],
    ["a stride of 0 at the kernel", () => kernel("MaxPool", { x: image() }, { filterSize: 2, strides: 0, pad: "valid" }), /^MaxPool: strides: expected an integer from 1/],
    ["a fractional stride", () => kernel("AvgPool", { x: image() }, { filterSize: 2, strides: [1, 0.5], pad: "valid" }), /^AvgPool: strides\[1\]/],
    ["a pad of NaN", () => tf.conv2d(image(), tf.ones([2, 2, 1, 1]), 1, Number.NaN), /^Conv2D: pad: expected an integer from 0/],
    ["a fractional pad", () => tf.conv2d(image(), tf.ones([2, 2, 1, 1]), 1, 0.5), /^Conv2D: pad: expected an integer/],
    ["a negative pad", () => tf.maxPool(image(), 2, 1, -1), /^MaxPool: pad/],
    ["a window larger than the image", () => tf.conv2d(image(), tf.ones([9, 9, 1, 1]), 1, "valid"), /^Conv2D: .*\[1,? ?-4/],
    ["a window larger than the image, pooled", () => tf.avgPool(image(), 7, 1, "valid"), /^AvgPool: /],
    ["negative paddings", () => tf.pad(tf.ones([4, 4]), [[-1, 0], [0, 0]]), /^PadV2: paddings\[0\]\[0\]/],
    ["fractional paddings", () => tf.pad(tf.ones([4, 4]), [[0.5, 0.5], [0, 0]]), /^PadV2: paddings\[0\]\[0\]/],
    ["a begin before the start", () => tf.slice(tf.ones([4, 4]), [-2, 0], [1, 1]), /^Slice: begin\[0\]/],
    ["a fractional size", () => tf.slice(tf.ones([4, 4]), [0, 0], [1.5, 1]), /^Slice: size\[0\]/],
    ["negative splits", () => tf.split(tf.ones([3]), [6, -3]), /^SplitV: numOrSizeSplits/],
    ["an infinite repetition", () => kernel("Tile", { x: image() }, { reps: [1, 1, 1, Number.POSITIVE_INFINITY] }), /^Tile: reps\[3\]/],
    ["a shape of fractions", () => kernel("Reshape", { x: tf.ones([4]) }, { shape: [0.5, 8] }), /^Reshape: .*0\.5/],
    ["terms of other shapes", () => kernel("AddN", [tf.ones([99]), tf.ones([1])], {}), /^AddN: 1: expected the shape \[99\], got \[1\]/],
    ["segments that are longer", () => kernel("UnsortedSegmentSum", { x: tf.ones([2]), segmentIds: tf.zeros([99], "int32") }, { numSegments: 3 }), /^UnsortedSegmentSum: segmentIds/],
    ["a gradient of another shape", () => kernel("MaxPoolGrad", { dy: tf.ones([1, 1, 1, 1]), input: image() }, { filterSize: 2, strides: 1, pad: "valid" }), /^MaxPoolGrad: dy: expected/],
    ["a filter of other channels", () => kernel("DepthwiseConv2dNativeBackpropFilter", { x: tf.ones([1, 4, 4, 9]), dy: tf.ones([1, 3, 3, 9]) }, { strides: 1, pad: "valid", dilations: 1, filterShape: [2, 2, 1, 1] }), /input channels/],
    ["a shape that its values have not", () => kernel("Relu", { x: { dataId: tf.ones([2]).dataId, shape: [4000], dtype: "float32" } }, {}), /^Relu: x: expected 2 values/],
    ["values that its shape has not", () => tf.backend().write(new Float32Array(3), [300], "float32"), /expected 300 values of float32, got 3/],
  ])("refuses %s by name", (_, body, message) => refuses(body, message)); // biome-ignore format: one row a case

  it("cuts the fraction of a slice's begin, as tfjs does", () => {
    const x = tf.reshape(tf.range(0, 12), [3, 4]);
    expect([...tf.slice(x, [1.5, 0.9], [1, 2]).dataSync()]).toEqual([4, 5]);
    expect([...tf.slice(tf.range(0, 5), 1.7).dataSync()]).toEqual([1, 2, 3, 4]);
  });

  it("splits with a rest before and after", () => {
    const x = tf.range(0, 5);
    for (const sizes of [[-1, 2], [3, -1]]) {
      expect(tf.split(x, sizes).map((part) => [...part.dataSync()])).toEqual([[0, 1, 2], [3, 4]]);
    } // biome-ignore format: rows
  });

  it("sizes that grow and shrink never exhaust a heap that is almost empty", () => {
    register({ name: "narrow", memoryLimit: 4 * MEBIBYTE });
    tf.setBackend("narrow");
    const fixed = memory().numBytesInUse;
    for (let round = 0; round < 1000; round++) {
      // Up to 12 tensors of 220 KB, by a factor that wanders.
      const side = 20 + Math.abs(Math.round(190 * Math.sin(round)));
      tf.tidy(() => {
        for (let i = 0; i < 12; i++) tf.zeros([side, Math.round(side * 1.2)]);
      });
    }
    expect(memory()).toMatchObject({ numBytesInUse: fixed });
    expect(memory().numBytesFree + fixed).toBeLessThanOrEqual(memory().numBytesInHeap);
    expect(() => tf.zeros([3, MEBIBYTE / 4]).dispose()).not.toThrow();
    tf.removeBackend("narrow");
  });

  it("gives scratch memory back when its kernel ends", () => {
    const x = tf.ones([64, 128, 64]);
    const before = memory().numBytesInUse;
    const sum = tf.sum(x, [0, 2]);
    expect(memory().numBytesInUse).toBe(before + 512);
    expect([...new Set(sum.dataSync())]).toEqual([4096]);
    sum.dispose();
    expect(memory().numBytesInUse).toBe(before);
  });
});

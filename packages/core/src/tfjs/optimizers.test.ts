// The fused optimizers against TensorFlow.js's own on its cpu backend, over a hundred steps from the same start.
// One file: the optimizers share their model, goldens and rows.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import "@tensorflow/tfjs-layers"; // its Node build is what registers the gradients
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { adam, adamw, momentum, rmsprop, sgd } from "./optimizers.ts";
import { register } from "./register.ts";

const STEPS = 100;

interface KerasCase {
  readonly name: string;
  readonly arguments: readonly (number | boolean)[];
  readonly steps: number;
  readonly weights: readonly number[];
}
const goldens = join(import.meta.dirname, "../../test/goldens/keras-optimizers.json");
const keras: { start: number[]; cases: KerasCase[] } = JSON.parse(readFileSync(goldens, "utf8"));

beforeAll(() => register({ deterministic: true }));

/** The values of two variables after every ten steps on a quadratic that both share, of sizes 15 and 7. */
function train(backend: string, makeOptimizer: () => tf.Optimizer): number[] {
  tf.setBackend(backend);
  const a = tf.variable(
    tf.tensor2d(
      Array.from({ length: 15 }, (_, i) => Math.sin(i)),
      [3, 5],
    ),
  );
  const b = tf.variable(tf.tensor1d(Array.from({ length: 7 }, (_, i) => Math.cos(i) / 2)));
  const target = tf.tensor1d(Array.from({ length: 7 }, (_, i) => i / 7));
  const optimizer = makeOptimizer();
  const trajectory: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    optimizer.minimize(() => {
      const loss = tf.add(tf.sum(tf.pow(tf.sub(a, 0.3), 4)), tf.sum(tf.squaredDifference(b, target)));
      return tf.add(loss, tf.mul(tf.sum(a), tf.sum(b))) as tf.Scalar;
    });
    if (step % 10 === 0) trajectory.push(...a.dataSync(), ...b.dataSync());
  }
  for (const disposable of [a, b, target, optimizer]) disposable.dispose();
  return trajectory;
}

/** The largest difference relative to 1 + |expected|. */
function largestDifference(got: readonly number[], want: readonly number[]): number {
  return Math.max(...want.map((value, i) => Math.abs((got[i] as number) - value) / (1 + Math.abs(value))));
}

describe("fused optimizers", () => {
  // A float32 has 24 bits; 100 steps of about ten roundings each, correlated, stay under 2^-24 * 1000 = 6e-5.
  const ROUNDING = 6e-5;
  const pairs: [string, () => tf.Optimizer, () => tf.Optimizer][] = [
    ["sgd", () => sgd(0.01), () => tf.train.sgd(0.01)],
    ["momentum", () => momentum(0.005, 0.9), () => tf.train.momentum(0.005, 0.9)],
    ["Nesterov's momentum", () => momentum(0.005, 0.9, true), () => tf.train.momentum(0.005, 0.9, true)],
    ["adam", () => adam(0.02), () => tf.train.adam(0.02)],
    ["adam with a large epsilon", () => adam(0.02, 0.8, 0.99, 0.1), () => tf.train.adam(0.02, 0.8, 0.99, 0.1)],
    ["rmsprop", () => rmsprop(0.005), () => tf.train.rmsprop(0.005)],
    ["rmsprop with momentum", () => rmsprop(0.002, 0.9, 0.5), () => tf.train.rmsprop(0.002, 0.9, 0.5)],
  ];
  it.each(pairs)("%s gives tfjs's results", (_, fused, official) => {
    expect(largestDifference(train("fanin", fused), train("cpu", official))).toBeLessThan(ROUNDING);
  });

  it.each(pairs)("%s runs on another backend", (_, fused, official) => {
    expect(train("cpu", fused)).toEqual(train("cpu", official));
  });

  it.each(keras.cases)(
    "$name $arguments gives Keras's weights after $steps steps",
    ({ name, arguments: given, steps, weights }) => {
      for (const backend of ["fanin", "cpu"]) {
        tf.setBackend(backend);
        const w = tf.variable(tf.tensor1d(keras.start));
        const [first, second, third, fourth, fifth] = given as [number, number, number, number, never];
        const optimizer =
          name === "adamw" ? adamw(first, second, third, fourth, fifth) : rmsprop(first, second, third, fourth, fifth);
        for (let step = 0; step < steps; step++)
          optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);
        expect(largestDifference([...w.dataSync()], weights), backend).toBeLessThan(2e-6);
        for (const disposable of [w, optimizer]) disposable.dispose();
      }
    },
  );

  it("adamw gives the formula's results in float64", () => {
    tf.setBackend("fanin");
    const [rate, decay, beta1, beta2, epsilon] = [0.01, 0.1, 0.9, 0.999, 1e-7];
    const start = [0.5, -1, 2, 0.25, -3];
    const w = tf.variable(tf.tensor1d(start));
    const optimizer = adamw(rate, decay, beta1, beta2, epsilon);
    const [m, v, x] = [start.map(() => 0), start.map(() => 0), [...start]];
    for (let t = 1; t <= STEPS; t++) {
      optimizer.minimize(() => tf.sum(tf.square(tf.sub(w, 1))) as tf.Scalar);
      for (const [i, value] of x.entries()) {
        const g = 2 * (value - 1);
        m[i] = beta1 * (m[i] as number) + (1 - beta1) * g;
        v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g;
        const alpha = (rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
        x[i] = value * (1 - rate * decay) - (alpha * (m[i] as number)) / (Math.sqrt(v[i] as number) + epsilon);
      }
    }
    expect(largestDifference([...w.dataSync()], x)).toBeLessThan(ROUNDING);
    expect(optimizer.getConfig()).toMatchObject({ learningRate: rate, weightDecay: decay });
  });

  it("leaves a clone of a variable as it was", () => {
    tf.setBackend("fanin");
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    const before = w.clone();
    adam(0.1).minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    expect([...before.dataSync()]).toEqual([1, 2, 3]);
    expect([...w.dataSync()].map((value) => value.toFixed(2))).toEqual(["0.90", "1.90", "2.90"]);
  });

  it("restores tfjs's own saved state", async () => {
    tf.setBackend("fanin");
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    const loss = () => tf.sum(tf.square(w)) as tf.Scalar;
    const first = adam(0.1);
    first.minimize(loss);
    const weights = await first.getWeights();
    expect(weights.map(({ name }) => name)).toEqual(["iter", `${w.name}/m`, `${w.name}/v`]);
    const second = adam(0.1);
    await second.setWeights(weights.map(({ name, tensor }) => ({ name, tensor: tensor.clone() })));
    expect(second.iterations).toBe(1);
    second.minimize(loss);
  });

  describe("state", () => {
    const makers: [string, () => tf.Optimizer, () => tf.Optimizer][] = [
      ["sgd", () => sgd(0.1), () => tf.train.sgd(0.1)],
      ["momentum", () => momentum(0.1, 0.9), () => tf.train.momentum(0.1, 0.9)],
      ["adam", () => adam(0.1), () => tf.train.adam(0.1)],
      ["adamw", () => adamw(0.1, 0.01), () => adamw(0.1, 0.01)],
      ["rmsprop", () => rmsprop(0.01, 0.9, 0.5), () => tf.train.rmsprop(0.01, 0.9, 0.5)],
      ["rmsprop centered", () => rmsprop(0.01, 0.9, 0.5, 1e-3, true), () => rmsprop(0.01, 0.9, 0.5, 1e-3, true)],
    ];
    const stepOf = (optimizer: tf.Optimizer, w: tf.Variable) =>
      optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);

    it.each(makers)("%s serves two lists of variables, each as if it were alone", (_, make, official) => {
      for (const backend of ["fanin", "cpu"]) {
        tf.setBackend(backend);
        const [small, big] = [tf.variable(tf.ones([1])), tf.variable(tf.ones([64]))];
        const others = Array.from({ length: 6 }, (_, i) => tf.fill([32], i + 1));
        const optimizer = make();
        // Adam counts its steps for all variables together, as Keras's does: so the steps of the other list come after.
        for (let k = 0; k < 3; k++) stepOf(optimizer, big);
        const bigAfter = [...big.dataSync()];
        for (let k = 0; k < 2; k++) stepOf(optimizer, small);
        stepOf(optimizer, big);
        const alone = official();
        const one = tf.variable(tf.ones([64]));
        for (let k = 0; k < 3; k++) stepOf(alone, one);
        expect(largestDifference(bigAfter, [...one.dataSync()])).toBeLessThan(ROUNDING);
        expect(new Set(big.dataSync()).size).toBe(1);
        expect(Number.isFinite(small.dataSync()[0])).toBe(true);
        for (const [i, tensor] of others.entries()) expect(new Set(tensor.dataSync())).toEqual(new Set([i + 1]));
        tf.dispose([small, big, one, ...others]);
        optimizer.dispose();
        alone.dispose();
      }
    });

    it("keeps momentum by variable: 1, 0.8, 0.44, 0.062 after another list", () => {
      tf.setBackend("fanin");
      const optimizer = momentum(0.1, 0.9);
      const [small, big] = [tf.variable(tf.ones([1])), tf.variable(tf.ones([64]))];
      stepOf(optimizer, small);
      for (let k = 0; k < 3; k++) stepOf(optimizer, big);
      expect([...new Set(big.dataSync())].map((value) => value.toFixed(6))).toEqual(["0.062000"]);
      expect(small.dataSync()[0]).toBeCloseTo(0.8, 6);
    });

    it("goes on with a layer that was frozen between two fits", () => {
      const run = (lists: readonly number[][]) => {
        tf.setBackend("fanin");
        const variables = [2, 3, 4].map((n) => tf.variable(tf.ones([n])));
        const optimizer = momentum(0.1, 0.9);
        for (const list of lists) {
          const chosen = list.map((i) => variables[i] as tf.Variable);
          const loss = () => tf.addN(chosen.map((w) => tf.sum(tf.square(w)))) as tf.Scalar;
          optimizer.minimize(loss, false, chosen);
        }
        return variables.map((w) => w.dataSync()[0]);
      };
      const [a, b, c] = run([[0, 1, 2], [1, 2], [2, 1], [0, 1, 2]]); // biome-ignore format: a row
      expect([b, c]).toEqual([run([[1], [1], [1], [1]])[1], run([[2], [2], [2], [2]])[2]]);
      expect(a).toBe(run([[0], [0]])[0]);
    });

    it.each(makers)("%s takes gradients as tfjs takes them, or gives tfjs's error", (_, make) => {
      tf.setBackend("fanin");
      const w = tf.variable(tf.ones([4]));
      const before = tf.variable(tf.ones([64]));
      const optimizer = make();
      const apply = (gradient: tf.Tensor) => optimizer.applyGradients([{ name: w.name, tensor: gradient }]);
      expect(() => apply(tf.ones([5]))).toThrow("Operands could not be broadcast together with shapes 5 and 4");
      expect(() => apply(tf.ones([64]))).toThrow(/broadcast together/);
      expect(() => apply(tf.ones([2, 4]))).toThrow("shape of the new value (2,4) and previous value (4) must match");
      expect(() => apply(tf.complex([1, 1, 1, 1], [1, 1, 1, 1]))).toThrow("dtype of the new value (complex64)");
      const gone = tf.ones([4]);
      gone.dispose();
      expect(() => apply(gone)).toThrow("a tensor that was disposed");
      expect(() => optimizer.applyGradients({ nobody: w } as never)).toThrow(/names of variables, got "nobody"/);
      const whole = tf.variable(tf.ones([2], "int32"));
      const integers = [{ name: whole.name, tensor: tf.ones([2]) }];
      expect(() => optimizer.applyGradients(integers)).toThrow("(float32) and previous value (int32) must match");
      expect([...w.dataSync(), ...before.dataSync()]).toEqual(new Array(68).fill(1));
      expect(optimizer.iterations).toBe(0);

      apply(tf.scalar(1));
      const first = [...w.dataSync()];
      expect(new Set(first).size).toBe(1);
      apply(tf.ones([4], "int32"));
      const reference = make();
      const x = tf.variable(tf.ones([4]));
      for (let k = 0; k < 2; k++) reference.applyGradients([{ name: x.name, tensor: tf.ones([4]) }]);
      expect([...w.dataSync()]).toEqual([...x.dataSync()]);
    });

    it.each(makers)("%s saves, restores and disposes without a leak", async (_, make) => {
      tf.setBackend("fanin");
      const [a, b] = [tf.variable(tf.tensor1d([1, 2, 3])), tf.variable(tf.tensor2d([[4], [5]]))];
      const loss = () => tf.add(tf.sum(tf.square(a)), tf.sum(tf.square(b))) as tf.Scalar;
      const before = tf.memory().numTensors;
      const optimizer = make();
      for (let k = 0; k < 3; k++) optimizer.minimize(loss, false, [a, b]);
      const [snapA, snapB] = [a.clone(), b.clone()];
      const saved = (await optimizer.getWeights()).map(({ name, tensor }) => ({ name, tensor: tensor.clone() }));
      optimizer.minimize(loss, false, [a, b]);
      const want = [...a.dataSync(), ...b.dataSync()];
      for (let times = 0; times < 2; times++) {
        a.assign(snapA as tf.Tensor1D);
        b.assign(snapB as tf.Tensor2D);
        await optimizer.setWeights(saved);
        expect(optimizer.iterations).toBe(3);
        const again = await optimizer.getWeights();
        expect(again.map(({ name }) => name)).toEqual(saved.map(({ name }) => name));
        again[0]?.tensor.dispose();
        optimizer.minimize(loss, false, [a, b]);
        expect([...a.dataSync(), ...b.dataSync()]).toEqual(want);
      }
      optimizer.dispose();
      tf.dispose([snapA, snapB, saved.map(({ tensor }) => tensor)]);
      // The number of steps that getWeights made, which its caller owns.
      expect(tf.memory().numTensors).toBe(before + 1);
    });

    it("frees the state of variables that were disposed", () => {
      tf.setBackend("fanin");
      const optimizer = adam(0.1);
      const step = () => {
        const w = tf.tidy(() => tf.variable(tf.ones([16])));
        stepOf(optimizer, w);
        w.dispose();
      };
      step();
      const before = tf.memory().numTensors;
      for (let k = 0; k < 20; k++) step();
      expect(tf.memory().numTensors).toBe(before);
    });

    it("restores by place what another session saved under other names, and by name what is left out", async () => {
      tf.setBackend("fanin");
      const state = (name: string, values: number[]) => ({ name, tensor: tf.tensor1d(values) });
      const iter = { name: "iter", tensor: tf.scalar(1, "int32") };
      const variables = [tf.variable(tf.zeros([2])), tf.variable(tf.zeros([3]))] as const;
      const step = (optimizer: tf.Optimizer, list: readonly tf.Variable[]) =>
        optimizer.applyGradients(list.map(({ name, shape }) => ({ name, tensor: tf.zeros(shape) })));
      const foreign = momentum(1, 0.5);
      await foreign.setWeights([iter, state("x/momentum", [1, 2]), state("y/momentum", [3, 4, 5])]);
      step(foreign, variables);
      expect(variables.map((w) => [...w.dataSync()])).toEqual([
        [-0.5, -1],
        [-1.5, -2, -2.5],
      ]);
      const own = momentum(1, 0.5);
      await own.setWeights([
        iter,
        ...variables.map(({ name, size }) => state(`${name}/momentum`, new Array(size).fill(8))),
      ]);
      step(own, [variables[1]]);
      expect([...variables[1].dataSync()]).toEqual([-5.5, -6, -6.5]);
      expect([...variables[0].dataSync()]).toEqual([-0.5, -1]);
      const other = momentum(1, 0.5);
      await other.setWeights([iter, state("x/momentum", [1, 2, 3, 4])]);
      expect(() => step(other, variables)).toThrow(
        /^weights: expected state of .* \[2\], .* \[3\], got x\/momentum \[4\]$/,
      );
    });

    it("refuses weights of wrong kinds, shapes and numbers by name", async () => {
      tf.setBackend("fanin");
      const iter = { name: "iter", tensor: tf.scalar(1, "int32") };
      const floats = (name: string, n: number) => ({ name, tensor: tf.ones([n]) });
      const optimizer = adam(0.1);
      const cases: [unknown, string][] = [
        [[], 'weights: expected a list that begins with "iter"'],
        [[{ name: "iter" }], "weights[0]: expected a name and a tensor"],
        [[{ name: "iter", tensor: tf.tensor1d([1, 2]) }], "iter: expected the number of steps, got 2 values"],
        [[{ name: "iter", tensor: tf.scalar(-1) }], "iter: expected the number of steps, an integer >= 0, got -1"],
        [[{ name: "iter", tensor: tf.scalar(0.5) }], "got 0.5"],
        [[{ name: "iter", tensor: tf.scalar("one") }], "1 values of string"],
        [[iter, floats("w/m", 3)], "expected 2 a variable after the number of steps, got 1"],
        [[iter, floats("w/m", 3), floats("w/v", 4)], "w/v: expected the shape [3], got [4]"],
        [[iter, floats("w/m", 3), { name: "w/v", tensor: tf.ones([3], "int32") }], "w/v: expected a tensor of float32"],
      ];
      for (const [weights, message] of cases)
        await expect(optimizer.setWeights(weights as never)).rejects.toThrow(message);
      expect(optimizer.iterations).toBe(0);
      const w = tf.variable(tf.ones([64]));
      await optimizer.setWeights([iter, floats(`${w.name}/m`, 1), floats(`${w.name}/v`, 1)]);
      expect(() => stepOf(optimizer, w)).toThrow(/\/m: expected the shape \[64\] of the variable .*, got \[1\]/);
      expect(new Set(w.dataSync())).toEqual(new Set([1]));
    });

    it("changes the momentum of the steps to come", () => {
      tf.setBackend("fanin");
      const optimizer = momentum(0.1, 0.9);
      const w = tf.variable(tf.scalar(1));
      stepOf(optimizer, w);
      optimizer.setMomentum(0);
      stepOf(optimizer, w);
      expect(w.dataSync()[0]).toBeCloseTo(0.64, 6);
      expect(optimizer.getConfig()).toMatchObject({ momentum: 0 });
    });
  });

  it("refuses rates that are none", () => {
    expect(() => sgd(-1)).toThrow("learningRate: expected a number >= 0, got -1");
    expect(() => adam("fast" as never)).toThrow(TypeError);
    expect(() => momentum(0.1, 1)).toThrow("momentum: expected a number in [0, 1), got 1");
    expect(() => adamw(0.1, Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});

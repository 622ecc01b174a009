import { constant, glorotUniform, heNormal, randomUniform, zeros } from "@fanin/core";
import { getRuntime } from "@fanin/core/runtime";
import { describe, expect, it } from "vitest";
import { type ActivationName, activations } from "./activations.ts";
import { DenseNetwork } from "./dense-network.ts";
import { type OptimizerName, optimizers } from "./optimizers.ts";

const ROWS = 6;
const layers = [5, 7, 4, 3];

/** Inputs and labels in kernel memory. */
function batch(): { x: number; labels: number; values: Float32Array; classes: Uint32Array } {
  const { arena } = getRuntime();
  const values = randomUniform({ minval: -1, maxval: 1, seed: 5 })([ROWS, 5]).data;
  const classes = Uint32Array.from({ length: ROWS }, (_, r) => r % 3);
  const x = arena.alloc(values.byteLength);
  const labels = arena.alloc(classes.byteLength);
  arena.f32(x, values.length).set(values);
  arena.u32(labels, ROWS).set(classes);
  return { x, labels, values, classes };
}

function network(activation: ActivationName, optimizer: OptimizerName, learningRate: number): DenseNetwork {
  const made = new DenseNetwork({ layers, activation, optimizer, learningRate, capacity: ROWS });
  made.initialize([heNormal({ seed: 1 }), glorotUniform({ seed: 2 }), glorotUniform({ seed: 3 })]);
  return made;
}

/** Biases away from zero: at zero, a unit with only dead inputs is at the kink of relu. */
function bias(made: DenseNetwork): DenseNetwork {
  for (const l of [0, 1, 2])
    made.bias(l).set(randomUniform({ minval: 0.05, maxval: 0.3, seed: l })([made.bias(l).length]).data);
  return made;
}

describe.each(Object.keys(activations) as ActivationName[])("a network with %s", (activation) => {
  it("descends along the finite-difference gradient of its loss", () => {
    const { x, labels } = batch();
    const rate = 1e-3;
    const stepped = bias(network(activation, "sgd", rate));
    const start = stepped.parameters();
    stepped.train(x, labels, ROWS);
    const gradient = stepped.parameters().map((after, i) => ((start[i] ?? 0) - after) / rate);

    const probe = bias(network(activation, "sgd", rate));
    const step = 2 ** -11;
    const parts = layers.slice(1).flatMap((_, l) => [() => probe.kernel(l), () => probe.bias(l)]);
    let index = 0;
    for (const part of parts) {
      for (let i = 0; i < part().length; i++, index++) {
        const original = part()[i] ?? 0;
        const loss = (value: number) => {
          part()[i] = value;
          return probe.evaluate(x, labels, ROWS).loss / ROWS;
        };
        const slope = (loss(original + step) - loss(original - step)) / (2 * step);
        part()[i] = original;
        // Float32 losses, 1e-7 apart, over a step of 5e-4.
        expect(Math.abs(slope - (gradient[index] ?? 0)), `parameter ${index}`).toBeLessThan(1e-3);
      }
    }
  });
});

describe.each(Object.keys(optimizers) as OptimizerName[])("training with %s", (optimizer) => {
  it("memorises six examples", () => {
    const { x, labels } = batch();
    const made = network("tanh", optimizer, optimizer === "sgd" || optimizer === "momentum" ? 0.3 : 0.02);
    const first = made.evaluate(x, labels, ROWS).loss;
    for (let step = 0; step < 300; step++) made.train(x, labels, ROWS);
    const last = made.evaluate(x, labels, ROWS);
    expect(last.loss).toBeLessThan(first / 20);
    expect(last.correct).toBe(ROWS);
  });

  it("restarts after initialize", () => {
    const { x, labels } = batch();
    const made = network("relu", optimizer, 0.01);
    const losses = () => Array.from({ length: 5 }, () => made.train(x, labels, ROWS).loss);
    const first = losses();
    made.initialize([heNormal({ seed: 1 }), glorotUniform({ seed: 2 }), glorotUniform({ seed: 3 })]);
    expect(losses()).toEqual(first);
  });
});

describe("DenseNetwork", () => {
  it("gives ln(classes) and learns its output bias only from zeros", () => {
    const { x, labels } = batch();
    const made = network("relu", "sgd", 0.1);
    made.initialize([zeros(), zeros(), zeros()]);
    expect(made.evaluate(x, labels, ROWS).loss / ROWS).toBeCloseTo(Math.log(3), 6);
    for (let step = 0; step < 10; step++) made.train(x, labels, ROWS);
    expect([made.kernel(0), made.kernel(1), made.kernel(2)].flatMap((w) => [...w]).every((w) => w === 0)).toBe(true);
  });

  it("keeps equal units equal", () => {
    const { x, labels } = batch();
    const made = network("tanh", "adam", 0.01);
    made.initialize([constant({ value: 0.1 }), constant({ value: 0.1 }), glorotUniform({ seed: 3 })]);
    for (let step = 0; step < 20; step++) made.train(x, labels, ROWS);
    const kernel = made.kernel(0);
    for (let i = 0; i < kernel.length; i += 7) {
      const row = [...kernel.subarray(i, i + 7)];
      for (const value of row) expect(Math.abs(value - (row[0] ?? 0))).toBeLessThan(1e-5);
    }
  });

  it("frees all its memory", () => {
    const { arena } = getRuntime();
    const before = arena.use().allocated;
    network("relu", "adam", 0.1).dispose();
    expect(arena.use().allocated).toBe(before);
  });

  it("refuses an unknown layer", () => {
    expect(() => network("relu", "sgd", 0.1).kernel(3)).toThrow("layer: expected 0 to 2, got 3");
  });
});

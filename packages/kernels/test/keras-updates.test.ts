// The kernels of RMSprop and Adam against the weights that Keras reaches: goldens/keras-updates.py wrote the file.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { kernels, memory } from "./harness.ts";

interface Case {
  readonly optimizer: "rmsprop" | "adam";
  readonly arguments: Readonly<Record<string, number>> & { readonly centered?: boolean };
  readonly gradients: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL("./goldens/keras-updates.json", import.meta.url), "utf8")) as {
  start: number[];
  cases: Case[];
};
const n = golden.start.length;

/** Arrays of n floats in the kernels' memory, and where they are. */
const base = Math.ceil(kernels.heap_base() / 16) * 16;
const [w = 0, first = 0, second = 0, mean = 0, g = 0] = [0, 1, 2, 3, 4].map((i) => base + 64 * i);
const floatsAt = (pointer: number) => new Float32Array(memory.buffer, pointer, n);

function step({ optimizer, arguments: options }: Case, t: number): void {
  const { learning_rate: rate = 0, epsilon = 0, rho = 0, momentum = 0, beta_1: b1 = 0, beta_2: b2 = 0 } = options;
  if (optimizer === "adam") {
    const alpha = (rate * Math.sqrt(1 - b2 ** t)) / (1 - b1 ** t);
    kernels.adam_f32(w, first, second, g, n, alpha, 1 - b1, 1 - b2, epsilon);
  } else if (momentum > 0) {
    kernels.rmsprop_momentum_f32(
      ...([w, second, first, g, n, rate, rho, 1 - rho, momentum, epsilon, options.centered ? mean : 0] as const),
    );
  } else {
    kernels.rmsprop_f32(w, second, g, n, rate, rho, 1 - rho, epsilon);
  }
}

const describeOptions = (options: Case["arguments"]) => JSON.stringify(options).replaceAll('"', "");

describe("updates of Keras", () => {
  it("has RMSprop in its four forms and Adam, each with gradients that are small against epsilon", () => {
    expect(golden.cases.filter(({ optimizer }) => optimizer === "rmsprop")).toHaveLength(10);
    expect(golden.cases.filter(({ optimizer }) => optimizer === "adam")).toHaveLength(6);
  });

  it.each(
    golden.cases.map((test, row) => ({ row, test, name: `${test.optimizer} ${describeOptions(test.arguments)}` })),
  )("row $row: $name", ({ test }) => {
    for (const pointer of [first, second, mean]) floatsAt(pointer).fill(0);
    floatsAt(w).set(golden.start);
    test.gradients.forEach((gradient, i) => {
      floatsAt(g).set(gradient);
      step(test, i + 1);
    });
    // A few roundings a step; without epsilon, or with it in another place, the rows differ by more than 1e-3.
    floatsAt(w).forEach((got, i) => {
      const want = test.weights[i] as number;
      expect(Math.abs(got - want), `weight ${i}: ${got}, Keras ${want}`).toBeLessThan(1e-6 * (1 + Math.abs(want)));
    });
  });
});

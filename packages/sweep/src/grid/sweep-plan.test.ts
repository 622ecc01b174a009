// Addresses of runs and their dependencies; the depth scales of a sweep.

import { proceduralDataset } from "@fanin/lab/data";
import { expect, it } from "vitest";
import { sweepPlan, takeExamples } from "./sweep-plan.ts";
import { depthScale } from "./sweep-result.ts";
import { sweepSpec } from "./sweep-spec.ts";

const dataset = proceduralDataset({ train: 20, test: 10 });
const fields = { initializers: ["he_normal", "zeros"], depths: [1, 2], widths: [4, 8], seeds: [0, 1], batch: 4 };
const ids = async (more: object, version?: string): Promise<string[]> =>
  (await sweepPlan(sweepSpec({ ...fields, ...more }), dataset, version)).runs.map(({ id }) => id);

it("gives a run the same address in every sweep that contains it", async () => {
  const all = await ids({});
  expect(new Set(all).size).toBe(2 * 2 * 2 * 2);
  for (const id of all) expect(id).toMatch(/^[0-9a-f]{64}$/);
  const some = await ids({ initializers: ["zeros"], depths: [2], seeds: [1], reference: "zeros", target: 0.5 });
  expect(some.length).toBe(2);
  expect(some.every((id) => all.includes(id))).toBe(true);
});

it.each([
  ["epochs", { epochs: 6 }],
  ["batch", { batch: 8 }],
  ["the activation", { activations: ["tanh"] }],
  ["the optimizer", { optimizers: ["sgd"] }],
  ["the learning rate", { learningRates: [0.5] }],
  ["the output layer", { outputInitializer: "zeros" }],
  ["the stream", { stream: "keras/jax" }],
  ["the validation set", { validationSplit: 0.1 }],
  ["seeds", { seeds: [2, 3] }],
])("gives other addresses for other %s", async (_, more) => {
  const all = await ids({});
  for (const id of await ids(more)) expect(all).not.toContain(id);
});

it("gives other addresses for other data and another version", async () => {
  const all = await ids({});
  for (const id of await ids({}, "0.0.1")) expect(all).not.toContain(id);
  const fewer = takeExamples(dataset, { train: 10, test: null });
  const { runs } = await sweepPlan(sweepSpec(fields), fewer);
  for (const { id } of runs) expect(all).not.toContain(id);
  expect(() => takeExamples(dataset, { train: 21, test: null })).toThrow(
    /^examples\.train: expected up to 20, .*got 21$/,
  );
});

it("has the depth scales of theory", () => {
  expect(depthScale("glorot_normal", "relu", 64)).toMatchObject({ kind: "finite", depthScale: 1 / Math.LN2 });
  expect(depthScale("he_normal", "relu", 64)).toMatchObject({ kind: "infinite", depthScale: null });
  expect(depthScale("zeros", "relu", 64)).toMatchObject({ kind: "finite", depthScale: 0 });
  expect(depthScale("ones", "relu", 64)).toMatchObject({ kind: "no theory", depthScale: null });
  // Without a stable size, as the gradient grows: chi1 = 4 for a variance of 8.
  const chaotic = depthScale("variance_scaling(scale=8, mode='fan_in', distribution='untruncated_normal')", "relu", 64);
  expect(chaotic.depthScale).toBeCloseTo(1 / Math.log(4), 8);
});

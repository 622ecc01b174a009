// The goldens of whole models: Keras 3.15.1 after set_random_seed, on four backends, bit for bit; recurrent kernels, whose
// QR is each backend's own, within 2e-6. model-goldens-*.json were written by running Keras itself.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type KerasWeight, kerasWeights, type StreamName } from "../src/keras-model.ts";

interface GoldenWeight {
  readonly path: string;
  readonly shape: number[];
  readonly sha256: string;
  readonly head: number[];
  /** The first values, where the weight is orthogonal. */
  readonly values?: number[];
  readonly orthogonal?: boolean;
}

interface GoldenModel {
  readonly model: string;
  readonly seed: number;
  /** Only the first of a model's seeds has it. */
  readonly config: { readonly config: { readonly name: string } } | null;
  readonly weights: GoldenWeight[];
}

const BACKENDS = ["tensorflow", "jax", "numpy", "torch"];
const MODELS = 10;
const WEIGHTS = 128;
const ORTHOGONAL = 8;
/** What goldens.json allows Orthogonal at these sizes. */
const TOLERANCE = 2e-6;
/** Of an orthogonal weight the goldens have so many values; the rest must be orthogonal to them. */
const KEPT = 64;

const sha256 = ({ data }: KerasWeight): string => createHash("sha256").update(data).digest("hex");

/** The largest entry of |W W^T - I| for a weight with no more rows than columns. */
function distanceFromOrthogonal({ data, shape: [rows = 0, columns = 0] }: KerasWeight): number {
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      let product = i === j ? -1 : 0;
      for (let k = 0; k < columns; k++) product += Number(data[i * columns + k]) * Number(data[j * columns + k]);
      largest = Math.max(largest, Math.abs(product));
    }
  }
  return largest;
}

/** The path without the name of a Sequential. */
function inModel(path: string, modelName: string): string {
  return path.startsWith(`${modelName}/`) ? path.slice(modelName.length + 1) : path;
}

/** The same without the number that Keras gives the second layer of a class, as the second seed's layers have it. */
function bare(path: string): string {
  return path
    .split("/")
    .map((part) => part.replace(/_\d+$/, ""))
    .join("/");
}

describe.each(BACKENDS)("keras/%s", (backend) => {
  const text = readFileSync(new URL(`./goldens/model-goldens-${backend}.json`, import.meta.url), "utf8");
  const { models } = JSON.parse(text) as { models: GoldenModel[] };
  const configOf = (name: string) => {
    const config = models.find(({ model, config }) => model === name && config)?.config;
    if (!config) throw new Error(`no config of ${name}`);
    return config;
  };

  it(`is tested on ${MODELS} models with ${WEIGHTS} weights`, () => {
    const weights = models.flatMap((model) => model.weights);
    expect(models.length).toBe(MODELS);
    expect(weights.length).toBe(WEIGHTS);
    expect(weights.filter(({ orthogonal }) => orthogonal).length).toBe(ORTHOGONAL);
  });

  it.each(models)("$model of seed $seed", ({ model, seed, weights }) => {
    const config = configOf(model);
    const made = kerasWeights(config, { seed, stream: `keras/${backend}` as StreamName });
    const modelName = config.config.name;
    expect(made.map(({ name }) => bare(name))).toEqual(weights.map(({ path }) => bare(inModel(path, modelName))));
    expect(made.map(({ shape }) => shape)).toEqual(weights.map(({ shape }) => shape));
    for (const [i, golden] of weights.entries()) {
      const weight = made[i] as KerasWeight;
      if (golden.orthogonal) {
        const errors = golden.values?.map((value, j) => Math.abs(value - Number(weight.data[j] ?? Number.NaN))) ?? [];
        expect(errors.length).toBe(Math.min(weight.data.length, KEPT));
        expect(errors.filter((error) => !(error <= TOLERANCE))).toEqual([]);
        expect(distanceFromOrthogonal(weight)).toBeLessThan(TOLERANCE);
      } else {
        expect([...weight.data.subarray(0, golden.head.length)]).toEqual(golden.head);
        expect(`${weight.name} ${sha256(weight)}`).toBe(`${weight.name} ${golden.sha256}`);
      }
    }
  });

  it("names the weights as Keras does", () => {
    const first = models.filter(({ config }) => config !== null);
    for (const { model, seed, weights } of first) {
      const config = configOf(model);
      const names = kerasWeights(config, { seed }).map(({ name }) => name);
      expect(names).toEqual(weights.map(({ path }) => inModel(path, config.config.name)));
    }
  });
});

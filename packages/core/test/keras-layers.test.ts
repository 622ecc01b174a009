// Every family of layers against Keras 3.15.1 on NumPy: the same weights from the JSON as it is, and from the JSON without
// the shapes that Keras records in it, which are then inferred. goldens/keras-layers.py wrote the goldens.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { KerasModelError, kerasLayerNames, kerasWeights } from "../src/keras-model.ts";

interface GoldenWeight {
  readonly path: string;
  readonly shape: number[];
  readonly dtype: string;
  readonly sha256?: string;
  /** All values of a recurrent kernel. */
  readonly orthogonal?: number[];
}

const { seed, cases } = JSON.parse(readFileSync(new URL("./goldens/keras-layers.json", import.meta.url), "utf8")) as {
  seed: number;
  cases: Record<string, { config: unknown; weights: GoldenWeight[] }>;
};

const CASES = 24;
const WEIGHTS = 291;
/** What goldens.json allows Orthogonal at these sizes. */
const TOLERANCE = 2e-6;
/** Models that the goldens' script reads back from their JSON; the others are as code makes them. */
const READ_BACK = ["shared_in_turn", "functional_in_sequential", "poolings"];
/** Operations of keras.ops, whose shapes are not inferred. */
const NOT_INFERRED = ["merging"];

/** A copy of the JSON without `keys`, at any depth. */
function without(keys: readonly string[], json: unknown): unknown {
  if (Array.isArray(json)) return json.map((entry) => without(keys, entry));
  if (typeof json !== "object" || json === null) return json;
  const isTensor = "class_name" in json && json.class_name === "__keras_tensor__";
  const dropped = isTensor ? [...keys, "shape"] : keys;
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => (dropped.includes(key) ? [] : [[key, without(keys, value)]])),
  );
}

/** Weights as text, so that a difference shows which: bits by hash, recurrent kernels only by shape. */
function described(weights: readonly { shape: readonly number[]; dtype: string; hash: string }[]): string[] {
  return weights.map(({ shape, dtype, hash }) => `${dtype} [${shape}] ${hash}`);
}

function expectWeights(name: string, config: unknown, golden: readonly GoldenWeight[]): void {
  const order = READ_BACK.includes(name) ? "json" : "code";
  const made = kerasWeights(config, { seed, stream: "keras/numpy", order });
  const hashes = made.map(({ data, shape, dtype }, i) => ({
    shape,
    dtype,
    hash: golden[i]?.orthogonal ? "orthogonal" : createHash("sha256").update(data).digest("hex"),
  }));
  expect(described(hashes)).toEqual(
    described(golden.map(({ shape, dtype, sha256 = "orthogonal" }) => ({ shape, dtype, hash: sha256 }))),
  );
  for (const [i, { orthogonal = [] }] of golden.entries()) {
    const errors = orthogonal.map((value, j) => Math.abs(value - Number(made[i]?.data[j] ?? Number.NaN)));
    expect(errors.filter((error) => !(error <= TOLERANCE))).toEqual([]);
  }
}

/** The class names in a JSON, at any depth. */
function classNames(json: unknown): string[] {
  if (Array.isArray(json)) return json.flatMap(classNames);
  if (typeof json !== "object" || json === null) return [];
  const own = "class_name" in json && typeof json.class_name === "string" ? [json.class_name] : [];
  return [...own, ...Object.values(json).flatMap(classNames)];
}

const MUTATIONS = 2000;

/** Every place in a JSON where something stands. */
function placesIn(json: unknown): { parent: Record<string, unknown>; key: string }[] {
  if (typeof json !== "object" || json === null) return [];
  const parent = json as Record<string, unknown>;
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...placesIn(parent[key])]);
}

describe("layers of Keras", () => {
  it(`are tested in ${CASES} models with ${WEIGHTS} weights`, () => {
    expect(Object.keys(cases).length).toBe(CASES);
    expect(Object.values(cases).flatMap(({ weights }) => weights).length).toBe(WEIGHTS);
  });

  it.each(Object.entries(cases))("%s", (name, { config, weights }) => {
    expectWeights(name, config, weights);
    expectWeights(name, JSON.stringify(config), weights);
  });

  const inferred = Object.entries(cases).filter(([name]) => !NOT_INFERRED.includes(name));

  it.each(inferred)("%s, shapes inferred", (name, { config, weights }) => {
    const keys = name === "built_without_input" ? [] : ["build_config", "build_input_shape"];
    expectWeights(name, without(keys, config), weights);
  });

  it("are all there: every class that is supported is in a golden", () => {
    const models: unknown = JSON.parse(
      readFileSync(new URL("./goldens/model-goldens-tensorflow.json", import.meta.url), "utf8"),
    );
    // Model is what older versions of Keras call a Functional; keras-weights.test.ts has one.
    const construction: unknown = JSON.parse(
      readFileSync(new URL("./goldens/keras-construction-numpy.json", import.meta.url), "utf8"),
    );
    const seen = new Set(["Model", ...[cases, models, construction].flatMap(classNames)]);
    expect(kerasLayerNames().filter((name) => !seen.has(name))).toEqual([]);
  });

  it("are read or refused by name, whatever stands in their JSON", () => {
    const junk = [null, -1, 0, 1.5, 999, "x", "", [], {}, [null], [[]], true, [1, 2, 3], 2 ** 53, "a\u001b"];
    const texts = Object.values(cases).map(({ config }) => JSON.stringify(config));
    let state = 1;
    const below = (count: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * count);
    };
    let refused = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const config: unknown = JSON.parse(texts[i % texts.length] ?? "");
      const places = placesIn(config);
      const place = places[below(places.length)];
      if (place) place.parent[place.key] = junk[below(junk.length)];
      try {
        kerasWeights(config, { seed });
      } catch (error) {
        if (!(error instanceof KerasModelError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(MUTATIONS / 5);
  });
});

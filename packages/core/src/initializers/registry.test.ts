// get, serialize, deserialize, clone: Keras's names, its JSON key by key, and its errors.

import type { Tensor } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { makeDefaultSeed, setRandomSeed } from "../random/default-seed.ts";
import { SeedGenerator } from "../random/seed-generator.ts";
import { constant } from "./constant.ts";
import { identity } from "./identity.ts";
import { randomNormal } from "./random.ts";
import { clone, deserialize, get, initializerNames } from "./registry.ts";
import { serialize } from "./serialize.ts";
import { heNormal } from "./variance-scaling.ts";

describe("the names", () => {
  const names: [string, string[]][] = [
    ["Initializer", ["initializer"]],
    ["Constant", ["constant"]],
    ["Identity", ["identity", "IdentityInitializer"]],
    ["Ones", ["ones", "one"]],
    ["Zeros", ["zeros", "zero"]],
    ["STFT", ["stft", "STFTInitializer"]],
    ["GlorotUniform", ["glorot_uniform"]],
    ["GlorotNormal", ["glorot_normal"]],
    ["HeNormal", ["he_normal"]],
    ["HeUniform", ["he_uniform"]],
    ["LecunNormal", ["lecun_normal"]],
    ["LecunUniform", ["lecun_uniform"]],
    ["RandomNormal", ["random_normal", "normal"]],
    ["RandomUniform", ["random_uniform", "uniform"]],
    ["TruncatedNormal", ["truncated_normal"]],
    ["VarianceScaling", ["variance_scaling"]],
  ];

  it.each(names)("%s is also %j", (className, aliases) => {
    for (const name of [className, ...aliases]) expect(get(name).className).toBe(className);
  });

  it.each(names)("%s has no others", (className, aliases) => {
    const all = initializerNames().filter((name) => get(name).className === className);
    expect(all.sort()).toEqual([className, ...aliases].sort());
  });

  it.each(["He_Normal", "xavier", "random_orthogonal", "s_t_f_t", ""])("%j is none", (name) => {
    expect(() => get(name)).toThrow(RangeError);
    expect(() => get(name)).toThrow(/^Could not interpret initializer identifier: /);
  });

  it("suggest the nearest", () => {
    expect(() => get("he_norml")).toThrow(/did you mean "he_normal"/);
  });
});

describe("the config of each class", () => {
  it.each([
    ["Zeros", "{}"],
    ["Ones", "{}"],
    ["Initializer", "{}"],
    ["Constant", '{"value":0}'],
    ["Identity", '{"gain":1}'],
    ["STFT", '{"side":"real","window":"hann","periodic":false,"scaling":"density"}'],
    ["RandomNormal", '{"seed":null,"mean":0,"stddev":0.05}'],
    ["TruncatedNormal", '{"seed":null,"mean":0,"stddev":0.05}'],
    ["RandomUniform", '{"seed":null,"minval":-0.05,"maxval":0.05}'],
    [
      "VarianceScaling",
      '{"seed":null,"scale":1,"mode":"fan_in","distribution":"truncated_normal","input_axes":null,"output_axes":null}',
    ],
    ["GlorotUniform", '{"seed":null,"input_axes":null,"output_axes":null}'],
    ["HeNormal", '{"seed":null,"input_axes":null,"output_axes":null}'],
  ])("%s is %s, in this order, and comes back", (name, config) => {
    const serialized = serialize(get(name));
    expect(JSON.stringify(serialized)).toBe(
      `{"module":"keras.initializers","class_name":"${name}","config":${config},"registered_name":null}`,
    );
    expect(serialize(deserialize(JSON.parse(JSON.stringify(serialized))))).toEqual(serialized);
  });

  it("has an array as Keras writes arrays", () => {
    const tensor = { shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
    expect(constant({ value: tensor }).getConfig()).toEqual({
      value: { class_name: "__tensor__", config: { value: [1, 2], dtype: "float32" } },
    });
    expect([...clone(constant({ value: tensor }))([2, 2]).data]).toEqual([1, 2, 1, 2]);
  });
});

describe("the base class", () => {
  it("has no values", () => {
    expect(() => get("initializer")([1])).toThrow("Initializer subclasses must implement the `__call__()` method.");
  });
});

describe("get", () => {
  it("returns null, initializers and other functions as they are", () => {
    const own = (shape: readonly number[]) => ({ shape, dtype: "float32", data: new Float32Array(1) }) as const;
    const initializer = heNormal({ seed: 1 });
    expect(get(null)).toBeNull();
    expect(get(initializer)).toBe(initializer);
    expect(get(own)).toBe(own);
  });

  it("makes an initializer of a factory, on the stream that is asked for", () => {
    const initializer = get(heNormal, { stream: "keras/numpy" });
    expect([initializer.className, initializer.stream]).toEqual(["HeNormal", "keras/numpy"]);
    expect(get("zeros", { stream: "keras/numpy" }).stream).toBeNull();
  });

  it.each([
    [
      "lists",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["a tensor", { shape: [2, 2], dtype: "float64", data: Float64Array.of(1, 2, 3, 4) }],
  ] as const)("makes a function of %s that checks the shape and casts", (_what, array) => {
    const copy = get(array as Tensor<"float64">);
    expect(copy([2, 2])).toEqual({ shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) });
    expect(copy([2, 2], { dtype: "float16" }).data).toEqual(Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400));
    expect(copy([2, 2]).data).not.toBe(copy([2, 2]).data);
    expect(() => copy([4])).toThrow(
      new RangeError("Expected `shape` to be [2,2] for direct tensor as initializer. Received shape=[4]"),
    );
  });

  it.each([[1], [true], [undefined]])("refuses %j", (identifier) => {
    expect(() => get(identifier as unknown)).toThrow(TypeError);
    expect(() => get(identifier as unknown)).toThrow(/^Could not interpret initializer identifier: /);
  });
});

describe("deserialize", () => {
  it("takes lists, and nothing but class name and config into account", () => {
    const wrong = { module: "builtins", class_name: "HeNormal", config: { seed: 1 }, registered_name: "x>y" };
    const [first, second] = deserialize([wrong, { class_name: "ones" }]);
    expect(first?.getConfig()).toEqual(heNormal({ seed: 1 }).getConfig());
    expect(second?.className).toBe("Ones");
  });

  it.each([
    [{ config: {} }, TypeError, /^Unknown `config` as a `dict`, config=/],
    [{ class_name: "Nothing", config: {} }, RangeError, /^Could not interpret initializer identifier: "Nothing"/],
    [{ module: null, class_name: "Ones", config: {} }, TypeError, /^Cannot deserialize object of type `Ones`/],
    [
      { class_name: "HeNormal", config: { sed: 1 } },
      TypeError,
      /could not be deserialized properly.*did you mean "seed"/,
    ],
    [{ class_name: "HeNormal", config: { stream: "keras/numpy" } }, TypeError, /could not be deserialized properly/],
    [{ class_name: "HeNormal", config: [] }, TypeError, /^config: expected an object/],
    [{ class_name: "Constant", config: {} }, TypeError, /expected the key "value"/],
    [
      { class_name: "HeNormal", config: { seed: { class_name: "X" } } },
      TypeError,
      /^seed: expected an integer, null or/,
    ],
    [7, TypeError, /^identifier: expected an object/],
  ])("refuses %j", (serialized, Kind, message) => {
    expect(() => deserialize(serialized)).toThrow(Kind);
    expect(() => deserialize(serialized)).toThrow(message);
  });

  it("serialize refuses what is no initializer", () => {
    expect(() => serialize((() => 1) as never)).toThrow(TypeError);
  });
});

describe("clone", () => {
  it("keeps config and stream", () => {
    const initializer = randomNormal({ seed: 3, stddev: 2, stream: "keras/numpy" });
    expect(clone(initializer)([5])).toEqual(initializer([5]));
    expect(clone(initializer).stream).toBe("keras/numpy");
    expect([...clone(identity({ gain: 3 }))([1, 1]).data]).toEqual([3]);
  });

  it("draws a new seed where none was given", () => {
    setRandomSeed(1);
    const initializer = randomNormal();
    const copy = clone(initializer);
    expect(copy.getConfig()).toEqual(initializer.getConfig());
    expect(copy([5])).not.toEqual(initializer([5]));
    setRandomSeed(1);
    makeDefaultSeed();
    expect(copy([5])).toEqual(randomNormal({ seed: makeDefaultSeed() })([5]));
  });

  it("creates a SeedGenerator again from its initial seed", () => {
    const seed = new SeedGenerator({ seed: 7, name: "abc" });
    const initializer = randomNormal({ seed });
    const first = initializer([5]);
    expect(serialize(initializer).config["seed"]).toEqual({
      module: "keras.random",
      class_name: "SeedGenerator",
      config: { seed: 7, name: "abc" },
      registered_name: null,
    });
    expect(initializer([5])).not.toEqual(first);
    expect(clone(initializer)([5])).toEqual(first);
    expect(seed.next()).toEqual([7n, 2n]);
  });
});

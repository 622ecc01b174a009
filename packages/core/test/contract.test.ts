// What every initializer promises, whichever it is: shapes, seeds, configs, slices and clear errors.

import { type Shape, sizeOf } from "@fanin/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as core from "../src/index.ts";
import {
  deserialize,
  extensions,
  get,
  type Initializer,
  type InitializerFactory,
  kerasInitializers,
  orthogonal,
  SeedGenerator,
  serialize,
} from "../src/index.ts";

interface Contract {
  /** A shape that the class accepts. */
  readonly shape: Shape;
  /** A shape that it accepts and that has no elements. */
  readonly empty: Shape;
  /** Whether it accepts a scalar's. */
  readonly scalar: boolean;
  /** Options that are not the defaults, as the config's round trip needs them. */
  readonly options: object;
}

const matrix = { shape: [6, 7], empty: [0, 3], scalar: false, options: {} };
const kernel = { shape: [3, 3, 4, 8], empty: [3, 0, 4, 8], scalar: false, options: {} };
const any = { shape: [6, 7], empty: [4, 0], scalar: true, options: {} };

/** One row a class. */
const contracts: Readonly<Record<string, Contract>> = {
  RandomNormal: { ...any, options: { mean: 1, stddev: 0.5 } },
  RandomUniform: { ...any, options: { minval: -1, maxval: 0.5 } },
  TruncatedNormal: { ...any, options: { mean: 1, stddev: 0.5 } },
  Zeros: any,
  Ones: any,
  GlorotNormal: { ...any, options: { inputAxes: [0], outputAxes: [1] } },
  GlorotUniform: { ...any, options: { inputAxes: [0], outputAxes: [1] } },
  HeNormal: any,
  HeUniform: any,
  LecunNormal: any,
  LecunUniform: any,
  Identity: { ...matrix, options: { gain: 2 } },
  Orthogonal: { ...matrix, options: { gain: 1.5 } },
  STFT: {
    shape: [8, 1, 5],
    empty: [8, 1, 0],
    scalar: false,
    options: { side: "imag", window: "hamming", periodic: true },
  },
  Constant: { ...any, options: { value: 0.3 } },
  VarianceScaling: { ...any, options: { scale: 2, mode: "fan_out", distribution: "uniform" } },
  KaimingUniform: { ...any, options: { a: 0.1, mode: "fan_out", nonlinearity: "leaky_relu" } },
  KaimingNormal: { ...any, options: { a: 0.1, mode: "fan_out", nonlinearity: "relu" } },
  XavierUniform: { ...any, options: { gain: 2 } },
  XavierNormal: { ...any, options: { gain: 2 } },
  Eye: matrix,
  Dirac: { ...kernel, options: { groups: 2 } },
  SparseNormal: { ...matrix, options: { connections: 3, stddev: 2 } },
  DeltaOrthogonal: { ...kernel, options: { gain: 0.5 } },
  SirenUniform: { ...any, options: { first: true, omega0: 10 } },
  Icnr: { ...kernel, options: { scale: 2, initializer: orthogonal({ seed: 5 }), order: "pixel_shuffle" } },
  ZerO: kernel,
  ConvolutionAware: { ...kernel, options: { epsStd: 0.1 } },
  MuNormal: { ...any, options: { stddev: 0.1, baseShape: [3, 7], readout: "folded" } },
  ScaledResidual: { ...any, options: { stddev: 0.1, numLayers: 3 } },
  Fixup: { ...any, options: { branches: 4, layers: 3, position: "inner" } },
};

const all: readonly InitializerFactory<never>[] = [...kerasInitializers, ...extensions];
const factories = all as readonly InitializerFactory<object>[];
const rows = factories.map((factory) => ({
  name: factory.className,
  factory,
  contract: contracts[factory.className] ?? any,
}));

const bits = (data: Float32Array) => [...new Uint32Array(data.buffer, data.byteOffset, data.length)];
const seeded = (factory: InitializerFactory<object>, seed: number | SeedGenerator) => factory({ seed });
const isRandom = ({ factory }: { factory: InitializerFactory<object> }) => factory.optionNames.includes("seed");

const seed = 17;
const make = (factory: InitializerFactory<object>, options: object = {}): Initializer =>
  factory(factory.optionNames.includes("seed") ? { seed, ...options } : options);

describe("the table of contracts", () => {
  it("has a row for every class, and none for others", () => {
    expect(Object.keys(contracts).sort()).toEqual(factories.map(({ className }) => className).sort());
  });

  it("has the factories that the package exports: none is only exported, none only listed", () => {
    const isFactory = (value: unknown): value is InitializerFactory<object> =>
      typeof value === "function" && "className" in value && "optionNames" in value;
    const exported = Object.values(core).filter(isFactory);
    const names = (list: readonly InitializerFactory<object>[]) => list.map(({ className }) => className).sort();
    expect(names(exported)).toEqual(names(factories));
  });

  it("has no two classes of one name or alias", () => {
    const names = factories.flatMap(({ className, aliases }) => [className, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(rows)("$name", ({ name, factory, contract }) => {
  const { shape, empty, scalar, options } = contract;

  it("fills the shape with finite float32 values, the same on every call", () => {
    const init = make(factory);
    const tensor = init(shape);
    expect(tensor.shape).toEqual(shape);
    expect(tensor.dtype).toBe("float32");
    expect(tensor.data).toBeInstanceOf(Float32Array);
    expect(tensor.data.length).toBe(sizeOf(shape));
    expect(tensor.data.every(Number.isFinite)).toBe(true);
    expect(bits(init(shape).data)).toEqual(bits(tensor.data));
    expect(() => init(shape, { dtype: "complex64" as "float32" })).toThrow(/dtype: expected one of/);
  });

  it("takes shapes without elements, and a scalar's where it can", () => {
    expect(make(factory)(empty).data.length).toBe(0);
    if (scalar) expect(make(factory)([]).data.length).toBe(1);
    else expect(() => make(factory)([])).toThrow(RangeError);
  });

  it("has a distribution wherever it has values", () => {
    for (const each of scalar ? [shape, empty, []] : [shape, empty]) {
      const { mean, variance, support } = make(factory).distribution(each);
      expect(Number.isFinite(mean) && variance >= 0 && support[0] <= mean && mean <= support[1]).toBe(true);
    }
  });

  it("refuses what is not a shape", () => {
    const init = make(factory);
    expect(() => init([-1, 2])).toThrow(/shape: expected dimensions of 0 or more/);
    expect(() => init([1.5, 2])).toThrow(RangeError);
    expect(() => init("2x3" as unknown as Shape)).toThrow(TypeError);
    expect(() => init.distribution([-1, 2])).toThrow(RangeError);
  });

  it("comes back from JSON with its config and its values", () => {
    const init = make(factory, options);
    const again = deserialize(JSON.parse(JSON.stringify(serialize(init))));
    expect(again.className).toBe(name);
    expect(again.getConfig()).toEqual(init.getConfig());
    expect(bits(again(shape).data)).toEqual(bits(init(shape).data));
    for (const option of Object.keys(options)) {
      expect(init.getConfig()).toHaveProperty(option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    }
  });

  it("is found by its names and by itself", () => {
    for (const identifier of [
      name,
      ...factory.aliases,
      factory,
      { class_name: name, config: make(factory).getConfig() },
    ]) {
      expect(get(identifier).className).toBe(name);
    }
    const init = make(factory);
    expect(get(init)).toBe(init);
  });

  it("refuses an option that it does not have, and suggests the one that was meant", () => {
    const [known] = factory.optionNames;
    const misspelt = `${known ?? "sed"}x`;
    const message = known ? `did you mean "${known}"` : "expected no options";
    expect(() => factory({ [misspelt]: 1 })).toThrow(TypeError);
    expect(() => factory({ [misspelt]: 1 })).toThrow(message);
    expect(() => deserialize({ class_name: name, config: { [misspelt]: 1 } })).toThrow(/unknown config key/);
  });

  it("gives the same values in slices as whole, wherever they are cut", () => {
    const init = make(factory, options);
    const whole = init(shape).data;
    const size = whole.length;
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: size }), { maxLength: 6 }), (inner) => {
        const cuts = [0, ...inner, size].sort((a, b) => a - b);
        const parts = cuts.slice(1).flatMap((end, i) => {
          const offset = cuts[i] ?? 0;
          return bits(init.fill(new Float32Array(end - offset).fill(9), shape, { offset }));
        });
        expect(parts).toEqual(bits(whole));
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  it("refuses slices beyond the end, and what is not a Float32Array", () => {
    const init = make(factory);
    const size = sizeOf(shape);
    expect(() => init.fill(new Float32Array(2), shape, { offset: size - 1 })).toThrow(
      /out: expected at most 1 elements/,
    );
    expect(() => init.fill(new Float32Array(0), shape, { offset: -1 })).toThrow(/offset: expected an integer/);
    expect(() => init.fill([1] as unknown as Float32Array, shape)).toThrow(TypeError);
  });
});

describe.each(rows.filter(isRandom))("$name, random", ({ factory, contract: { shape } }) => {
  it("honours seed 0 and every other: same seed same bits, other seed other bits", () => {
    const drawn = [0, 1, 2 ** 31].map((each) => bits(seeded(factory, each)(shape).data));
    expect(bits(seeded(factory, 0)(shape).data)).toEqual(drawn[0]);
    expect(seeded(factory, 0).getConfig()["seed"]).toBe(0);
    expect(drawn[1]).not.toEqual(drawn[0]);
    expect(drawn[2]).not.toEqual(drawn[0]);
    expect(drawn[2]).not.toEqual(drawn[1]);
  });

  it("without a seed draws one, keeps to it, and differs from the next", () => {
    const init = factory({});
    expect(init.getConfig()["seed"]).toBe(null);
    expect(bits(init(shape).data)).toEqual(bits(init(shape).data));
    expect(bits(factory({})(shape).data)).not.toEqual(bits(init(shape).data));
  });

  it("moves on with a SeedGenerator, which survives JSON as a fresh one", () => {
    const init = seeded(factory, new SeedGenerator({ seed: 3 }));
    const first = bits(init(shape).data);
    expect(bits(init(shape).data)).not.toEqual(first);
    const again = deserialize(JSON.parse(JSON.stringify(serialize(init))));
    expect(bits(again(shape).data)).toEqual(first);
  });

  it("refuses a seed that is not an integer, and an unknown stream", () => {
    expect(() => factory({ seed: 1.5 })).toThrow(/`seed` argument should be .*seed=1.5/);
    expect(() => factory({ seed: "0" })).toThrow(TypeError);
    expect(() => factory({ stream: "keras/tensorflw" })).toThrow(/stream: .*did you mean "keras\/tensorflow"/);
  });
});

/** A shape of 2^40 elements or more that the class accepts; nothing of that size is ever made. */
function hugeShape({ shape }: Contract): Shape {
  return [...shape.slice(0, -2), 2 ** 20, 2 ** 20];
}

describe.each(rows.filter(isRandom))("$name, with random access or without", ({ name, factory, contract }) => {
  it.each(["keras/tensorflow", "keras/jax", "keras/torch", "keras/numpy"] as const)("on %s", (stream) => {
    const init = factory({ seed: 3, stream } as object);
    const isCounter = stream === "keras/tensorflow" || stream === "keras/jax";
    const needsWholeTensor = ["Orthogonal", "SparseNormal", "DeltaOrthogonal", "Icnr", "ConvolutionAware"].includes(
      name,
    );
    expect(init.randomAccess).toBe(isCounter && !needsWholeTensor);
    // What is not would have to make the whole tensor here.
    if (init.randomAccess) {
      expect(init.fill(new Float32Array(8), hugeShape(contract), { offset: 2 ** 39 }).every(Number.isFinite)).toBe(
        true,
      );
    }
    // Only checked: nothing is computed for a slice without elements.
    expect(init.fill(new Float32Array(0), hugeShape(contract)).length).toBe(0);
    expect(() => init.fill(new Float64Array(0), [2, 3], { dtype: "float32" })).toThrow(TypeError);
    if (needsWholeTensor) expect(() => init.fill(new Float32Array(0), [3])).toThrow(RangeError);
  });
});

describe("initializers whose values depend on one another", () => {
  it.each(["Orthogonal", "ConvolutionAware", "SparseNormal", "Icnr"])(
    "%s of a large shape is the same in slices",
    (name) => {
      const shape = [3, 3, 24, 64];
      const init = get({ class_name: name, config: { seed } });
      const whole = init(shape).data;
      const part = init.fill(new Float32Array(1000), shape, { offset: 5000 });
      expect(bits(part)).toEqual(bits(whole.slice(5000, 6000)));
    },
  );
});

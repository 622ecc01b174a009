// recommend against the papers' numbers, and its snippets against the libraries they are for.

import { publishedGains } from "../src/papers/gains.ts";
import "@tensorflow/tfjs-backend-cpu";
// What the package @tensorflow/tfjs adds to its parts; orthogonal needs it.
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import * as core from "@fanin/core";
import * as jax from "@fanin/core/jax";
import * as torch from "@fanin/core/torch";
import * as tfCore from "@tensorflow/tfjs-core";
import * as tfLayers from "@tensorflow/tfjs-layers";
import { describe, expect, it } from "vitest";
import { type Recommendation, type RecommendOptions, recommend } from "../src/recommend/recommend.ts";
import { vggGradient } from "../src/recommend/vgg-b.ts";
import { activationFunctions, type MeanFieldActivation } from "../src/signal/activation-functions.ts";
import { cpuTime } from "./cpu-time.ts";

const activations = Object.keys(activationFunctions) as MeanFieldActivation[];
/** Every choice there is, at a width at which tfjs's orthogonal does not take seconds. */
const WIDTH = 48;
const cases: readonly RecommendOptions[] = [
  ...activations.map((activation) => ({ activation, width: WIDTH })),
  { activation: "relu", depth: 60, width: WIDTH },
  { activation: "tanh", depth: 30, width: WIDTH },
  ...activations.map((activation) => ({ activation, depth: 20, width: WIDTH, residual: true })),
];
const named = cases.map((options) => ({ options, name: Object.values(options).join(" "), result: recommend(options) }));

const camelCase = (name: string): string =>
  name.replace(/_$/, "").replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const scaledVariance = (values: ArrayLike<number>): number =>
  (WIDTH * Array.from(values).reduce((sum, value) => sum + value * value, 0)) / values.length;

/** Five standard deviations of the mean of n squares, whose relative variance is below 2/n for all distributions used. */
const TOLERANCE = 5 * Math.sqrt(2 / WIDTH ** 2);

/** Runs a snippet whose import names a module that is given, and returns what `name` then is. */
function execute(code: string, modules: Readonly<Record<string, object>>, name: string): unknown {
  const [, names = "", specifier = ""] = /^import (.+) from "(.+)";\n/.exec(code) ?? [];
  const binding = names.replace(/^\* as /, "");
  return new Function("module", `const ${binding} = module;\n${code.replace(/^.*\n/, "")}\nreturn ${name};`)(
    modules[specifier],
  );
}

describe("the code of a recommendation", () => {
  it.each(named)("runs with @fanin/core and has the recommended variance: $name", ({ result }) => {
    const { shape, data } = execute(result.code.fanin, { "@fanin/core": core }, "kernel") as core.Tensor;
    expect(shape).toEqual([WIDTH, WIDTH]);
    expect(Math.abs(scaledVariance(data) / result.gain ** 2 - 1)).toBeLessThan(TOLERANCE);
  });

  it.each(named)("runs with tfjs 4 and has the recommended variance: $name", ({ result }) => {
    const tf = { ...tfCore, ...tfLayers };
    const layer = execute(result.code.tfjs, { "@tensorflow/tfjs": tf }, "layer") as ReturnType<
      typeof tfLayers.layers.dense
    >;
    layer.build([null, WIDTH]);
    const kernel = layer.getWeights()[0]?.dataSync() ?? [];
    expect(kernel).toHaveLength(WIDTH ** 2);
    expect(Math.abs(scaledVariance(kernel) / result.gain ** 2 - 1)).toBeLessThan(TOLERANCE);
  });

  it.each(named)("names what Keras, PyTorch and JAX have: $name", ({ result: { code } }) => {
    const [, kerasClass = ""] = /keras\.initializers\.(\w+)\(/.exec(code.keras) ?? [];
    expect(core.initializerNames()).toContain(kerasClass);
    const [, torchName = ""] = /torch\.nn\.init\.(\w+_)\(layer\.weight/.exec(code.torch) ?? [];
    expect(torch).toHaveProperty(camelCase(torchName));
    const [, jaxName = ""] = /jax\.nn\.initializers\.(\w+)\(/.exec(code.jax) ?? [];
    expect(jax).toHaveProperty(camelCase(jaxName));
  });

  it("would be caught if its variance were wrong", () => {
    const wrong = 'import { lecunNormal } from "@fanin/core";\nconst kernel = lecunNormal({ seed: 0 })([48, 48]);';
    const { data } = execute(wrong, { "@fanin/core": core }, "kernel") as core.Tensor;
    expect(Math.abs(scaledVariance(data) / 2 - 1)).toBeGreaterThan(TOLERANCE);
  });
});

describe("recommend", () => {
  const of = (activation: MeanFieldActivation, more: Partial<RecommendOptions> = {}): Recommendation =>
    recommend({ activation, ...more });

  it("answers as the papers do", () => {
    expect(of("relu", { depth: 30, width: 256 }).initializer).toBe("he_normal");
    expect(of("relu", { depth: 30, width: 32 }).initializer).toBe("orthogonal(gain=1.414)");
    expect(of("tanh", { depth: 3 }).initializer).toBe("glorot_uniform");
    expect(of("tanh", { depth: 60 }).initializer).toBe("orthogonal");
    expect(of("selu").initializer).toBe("lecun_normal");
    expect(of("sin").initializer).toBe("siren_uniform");
    expect(of("relu", { depth: 20, residual: true }).initializer).toContain("zeros for the last kernel");
  });

  // the papers' table T2, by 64-point Gauss quadrature; its four decimals are the tolerance.
  it.each(publishedGains)("has T2's gain and gradient factor of %s", (activation, gain, chi1) => {
    const result = of(activation);
    expect(result.forwardGain).toBeCloseTo(gain, 3);
    expect(Math.abs(result.chi1 - chi1)).toBeLessThanOrEqual(6e-4);
  });

  it("says how deep: six correlation lengths, the gradient, or the width", () => {
    expect(of("sigmoid")).toMatchObject({ limitedBy: "correlation", maxDepth: 2 });
    expect(of("gelu", { width: 4096 }).limitedBy).toBe("gradient");
    expect(of("relu", { width: 100 })).toMatchObject({ limitedBy: "width", maxDepth: 80 });
    expect(of("tanh", { depth: 50 })).toMatchObject({ limitedBy: null, maxDepth: null });
    expect(of("sigmoid", { depth: 10 }).notes.join(" ")).toContain("more than the 2");
    expect(of("sigmoid", { norm: "batch" }).maxDepth).toBeNull();
  });

  it("is less sure where the net is deep for its width", () => {
    const confidences = [4096, 256, 64, 40].map((width) => of("leaky_relu", { depth: 39, width: width }).confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
    expect(of("silu", { depth: 200, width: 512 }).confidence).toBeLessThan(0.1);
  });

  it("gives a reason of two sentences, and tells that Adam hides", () => {
    for (const { result } of named) {
      expect(result.reason.match(/[.](?= [A-ZUβ±]|$)/g)?.length, result.reason).toBe(2);
    }
    expect(of("relu", { depth: 30, width: 512, optimizer: "adam" }).notes.join()).toContain("Adam");
    expect(of("relu", { depth: 30, width: 512, optimizer: "sgd" }).notes.join()).toContain("SGD");
  });

  it("computes VGG-B as He et al. did: 1/(5.9 · 4.2² · 2.9² · 2.1⁴) = 1/(1.7e4)", () => {
    const { layers, factor, diminishedBy } = vggGradient(0.01);
    expect(diminishedBy).toBeCloseTo(5.9 * 4.2 ** 2 * 2.9 ** 2 * 2.1 ** 4, 6);
    expect((1 / factor).toPrecision(2)).toBe("1.7e+4");
    expect([...new Set(layers.map(({ stddev }) => stddev.toFixed(3)))]).toEqual(["0.059", "0.042", "0.029", "0.021"]);
    expect(of("relu", { net: "vgg-b", weightsStddev: 0.02 }).vgg?.weightsStddev).toBe(0.02);
    expect(of("relu").vgg).toBeNull();
  });

  it("knows hard_silu, and the second names that Keras has", () => {
    // By the trapezoidal rule on 2.4 million points in NumPy, to the digits of the published gains.
    expect(of("hard_silu").gain).toBeCloseTo(1.7367, 4);
    expect(of("hard_silu").chi1).toBeCloseTo(1.0813, 4);
    const [swish, hardSwish] = ["swish", "hard_swish"] as unknown as ["silu", "hard_silu"];
    expect(of(swish)).toEqual(of("silu"));
    expect(of(hardSwish)).toEqual(of("hard_silu"));
    expect(of("hard_silu").code.tfjs).toContain("tfjs has no hard_silu by name");
  });

  it("takes under 50 ms, the slowest activation included", () => {
    for (const activation of activations) {
      expect(
        cpuTime(() => of(activation, { depth: 30, width: 256 })),
        activation,
      ).toBeLessThan(50);
    }
  });

  it.each([
    [{ activation: "rleu" }, 'did you mean "relu"?'],
    [{ activation: "relu", depth: 0 }, "depth: expected an integer from 1"],
    [{ activation: "relu", width: 0 }, "width: expected an integer from 1"],
    [{ activation: "relu", norm: "group" }, "norm: expected one of none, batch, layer"],
    [{ activation: "relu", residual: "yes" }, "residual: expected true or false"],
    [{ activation: "relu", optimizer: "lion" }, "optimizer: expected one of"],
    [{ activation: "relu", net: "vgg" }, "net: expected one of vgg-b"],
    [{ activation: "relu", net: "vgg-b", weightsStddev: 0 }, "weightsStddev: expected a positive number, got 0"],
    [null, "options: expected an object, got null"],
  ])("refuses %j", (options, message) => {
    expect(() => recommend(options as RecommendOptions)).toThrow(message);
  });
});

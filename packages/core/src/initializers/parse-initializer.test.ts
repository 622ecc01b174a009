import { describe, expect, it } from "vitest";
import { splitList } from "./parse-initializer.ts";
import { get, parseInitializer } from "./registry.ts";

describe("splitList", () => {
  it("splits at commas outside of parentheses, brackets and quotes", () => {
    expect(splitList("zeros, random_normal(mean=0,stddev=1),f(a=[1,2],b='x,y'),he_normal")).toEqual([
      "zeros",
      "random_normal(mean=0,stddev=1)",
      "f(a=[1,2],b='x,y')",
      "he_normal",
    ]);
  });
});

describe("parseInitializer", () => {
  it.each([
    ["he_normal", { class_name: "he_normal", config: {} }],
    ["HeNormal()", { class_name: "HeNormal", config: {} }],
    ["random_normal(mean=-.5, stddev=1e-2)", { class_name: "random_normal", config: { mean: -0.5, stddev: 0.01 } }],
    [
      "variance_scaling(mode='fan_out', input_axes=[0, 1], seed=None)",
      { class_name: "variance_scaling", config: { mode: "fan_out", input_axes: [0, 1], seed: null } },
    ],
    ["constant(0.5)", { class_name: "constant", config: { value: 0.5 } }],
    ["RandomNormal(0, 2, 7)", { class_name: "RandomNormal", config: { mean: 0, stddev: 2, seed: 7 } }],
    [
      "variance_scaling(2.0, 'fan_in', distribution='uniform')",
      { class_name: "variance_scaling", config: { scale: 2, mode: "fan_in", distribution: "uniform" } },
    ],
  ])("reads %s", (text, identifier) => {
    expect(parseInitializer(text)).toEqual(identifier);
  });

  it.each([
    ["", "expected a name"],
    ["he normal", "expected a name"],
    ["f(1)", '"f"'],
    ["zeros(1)", "zeros takes no arguments, got more in"],
    ["constant(1, 2)", "constant takes at most 1 (value), got more in"],
    ["random_normal(stddev=1, 0)", "expected key=value after key=value"],
    ["random_normal(0, mean=1)", "mean is given twice"],
    ["random_normal(,1)", "expected a value or key=value"],
    ["f(a=)", "expected a value or key=value"],
    ["f(a=1,a=2)", "given twice"],
    ["f(a=fan_in)", "quoted string"],
    ["f(a=1", "expected a name"],
    ["f(a=[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]])", "expected a number, a quoted string or a list"],
  ])("refuses %j", (text, message) => {
    expect(() => parseInitializer(text)).toThrow(message);
  });

  it("gives positional arguments the keys of parametersOf", () => {
    const parametersOf = (name: string): string[] => (name === "trunc_normal" ? ["mean", "std", "a", "b"] : []);
    expect(parseInitializer("trunc_normal(0, 0.02, b=3)", parametersOf).config).toEqual({ mean: 0, std: 0.02, b: 3 });
  });

  it("accepts space around every part and refuses text longer than any initializer", () => {
    expect(parseInitializer("  f  ( a = 1 ,b= 'x' ) ")).toEqual({ class_name: "f", config: { a: 1, b: "x" } });
    const long = `f(a=${"1".repeat(10_000)})`;
    expect(() => parseInitializer(long)).toThrow("expected at most 10000 characters, got 10005");
  });

  it.each(["random_normal(stddev=1)", "RandomNormal(0, 1)", " random_normal( mean = 0, stddev = 1 )"])(
    "is what get reads of %j",
    (text) => {
      expect(get(text).getConfig()).toEqual({ mean: 0, stddev: 1, seed: null });
      expect(get(text, { stream: "keras/jax" }).stream).toBe("keras/jax");
    },
  );

  it("makes get refuse a call of an unknown name, and arguments that the class does not have", () => {
    expect(() => get("random_norml(stddev=1)")).toThrow(/did you mean "random_normal"/);
    expect(() => get("random_normal(std=1)")).toThrow(/unknown config key "std"/);
  });
});

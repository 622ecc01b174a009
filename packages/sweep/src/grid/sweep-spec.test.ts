// Specs: defaults, and errors with the place of the mistake and the nearest word.

import { describe, expect, it } from "vitest";
import { readSweepSpec } from "./read-sweep-spec.ts";
import { sweepSpec } from "./sweep-spec.ts";

describe("a spec", () => {
  it("has the defaults of compare and keeps given values", () => {
    const spec = sweepSpec({ initializers: ["he_normal", "zeros"], seeds: 3 }, 5);
    expect(spec).toEqual({
      data: "procedural",
      examples: { train: null, test: null },
      initializers: ["he_normal", "zeros"],
      depths: [1],
      widths: [128],
      activations: ["relu"],
      optimizers: ["adam"],
      learningRates: null,
      seeds: [5, 6, 7],
      epochs: 5,
      batch: 64,
      validationSplit: 0.2,
      outputInitializer: "glorot_uniform",
      stream: "keras/tensorflow",
      reference: "he_normal",
      target: null,
    });
    expect(sweepSpec(spec)).toEqual(spec);
  });

  it("is the same in JSON and in YAML", async () => {
    const yaml =
      "initializers:\n  - he_normal # and a comment\n  - random_normal(stddev=0.05)\nlearningRates: [1.0e-2, 0.1]\n";
    const json = '{"learningRates":[0.01,0.1],"initializers":["he_normal","random_normal(stddev=0.05)"]}';
    expect(await readSweepSpec(yaml, "a.yml")).toEqual(await readSweepSpec(json, "a.json"));
  });

  it.each([
    ["learningrates: [1]\ninitializers: [zeros]", "learningrates: expected one of data, examples,"],
    ["learningrates: [1]\ninitializers: [zeros]", 'did you mean "learningRates"?'],
    [
      "initializers: [zeros, he_normall]",
      'initializers[1]: Could not interpret initializer identifier: "he_normall"; did you mean "he_normal"?',
    ],
    ["initializers: [zeros]\nactivations: [tanh, rleu]", "activations[1]: expected one of elu, gelu"],
    ["initializers: [zeros]\nactivations: [tanh, rleu]", 'did you mean "relu"?'],
    [
      "initializers: [zeros]\nexamples: {trian: 3}",
      'examples.trian: expected one of train, test; did you mean "train"?',
    ],
    ["initializers: [zeros]\ndepths: [1, 2.5]", "depths[1]: expected an integer from 1 to 10000, got 2.5"],
    ["initializers: [zeros]\nwidths: [8, 8]", "widths[1]: 8 is in widths[0] already"],
    ["initializers: [zeros]\nlearningRates: []", "learningRates: expected at least one, got none"],
    ["initializers: [zeros]\nreference: ones", "reference: expected one of zeros, got"],
    ["initializers: zeros", "initializers: expected a list, got"],
    ["initializers: [zeros", "expected YAML: "],
    ["initializers: [zeros]\nseeds: 100000\ndepths: [1, 2]", "the spec: expected up to 100000 runs, got 200000"],
    ["initializers: [zeros]\ninitializers: [ones]", "Map keys must be unique"],
    ["- zeros", "the spec: expected an object, got"],
  ])("is refused with the place of the mistake: %s", async (text, message) => {
    const error = await readSweepSpec(text, "wrong.yaml").catch((reason: Error) => reason);
    expect(error).toMatchObject({ name: "MalformedFileError" });
    expect(String(error)).toContain("wrong.yaml: ");
    expect(String(error)).toContain(message);
  });

  it.each([
    ["nested keys", "? ".repeat(600), "expected nesting of at most 50, got more at line 1, column 1"],
    ["nested lists", "[".repeat(100_000), "expected nesting of at most 50"],
    ["nested maps, a line each", Array.from({ length: 400 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), "at line 5"],
    ["many tokens", "- 1\n".repeat(80_000), "expected at most 200000 tokens"],
    ["long text", `a: ${"x".repeat(2 ** 22)}`, "expected at most 4194304 characters, got 4194307"],
    [
      "aliases of aliases",
      "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]",
      "Excessive alias count",
    ],
    ["an unclosed quote", 'initializers: [zeros]\ndata: "x', 'Missing closing "quote at line 2, column'],
  ])("is refused before it is composed: %s", async (_, text, message) => {
    const error = await readSweepSpec(text, "wrong.yaml").catch((reason: Error) => reason);
    expect(String(error)).toContain(message);
  });

  it.each([
    [
      "values",
      `{"seeds": [${"{},".repeat(500_000)}0]}`,
      "expected JSON of at most 500000 values, got more (E_JSON_VALUES)",
    ],
    [
      "seeds",
      `{"initializers": ["zeros"], "seeds": [${"1,".repeat(100_000)}1]}`,
      "seeds: expected at most 100000, got 100001",
    ],
    ["nesting", "[".repeat(300), "expected JSON nested at most 200 deep, got more (E_JSON_DEPTH)"],
  ])("in JSON is bounded in %s", async (_, text, message) => {
    const error = await readSweepSpec(text, "wrong.json").catch((reason: Error) => reason);
    expect(String(error)).toContain(`wrong.json: ${message}`);
  });
});

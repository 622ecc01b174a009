// Every public name has a docstring, every function and class an example that typechecks, runs and says the truth.

import { describe, expect, it } from "vitest";
import { run, typeErrors } from "./example.ts";
import { docstringExamples, publicNames } from "./public-names.ts";

const names = publicNames();
const examples = docstringExamples(names);

describe("the docstrings of public names", () => {
  it("are there: one sentence at least", () => {
    const missing = names.filter(({ documentation }) => !/\w+\W+\w+/.test(documentation));
    expect(missing.map(({ entry, name }) => `${entry} ${name}`)).toEqual([]);
  });

  it("have an example where there is something to call", () => {
    const missing = names.filter(({ callable, examples }) => callable && examples.length === 0);
    expect(missing.map(({ entry, name }) => `${entry} ${name}`)).toEqual([]);
  });

  it("have examples that typecheck as they stand", () => {
    expect(typeErrors(examples)).toEqual([]);
  });

  it.each(examples.map((example, index) => ({ ...example, index })))("$place runs", async ({ place, code, index }) => {
    await run({ place, code }, index);
  });
});

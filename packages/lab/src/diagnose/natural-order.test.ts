// Names in natural order, and files in their own order if they have one.

import { describe, expect, it } from "vitest";
import { listed, naturalOrder } from "./natural-order.ts";

describe("naturalOrder", () => {
  it.each([
    [
      ["net.1", "net.11", "net.2"],
      ["net.1", "net.2", "net.11"],
    ],
    [
      ["h.10.ln", "h.9.mlp", "h.9.attn"],
      ["h.9.attn", "h.9.mlp", "h.10.ln"],
    ],
    [
      ["b", "a10", "a9", "a"],
      ["a", "a9", "a10", "b"],
    ],
    [
      ["x007", "x7", "x10"],
      ["x007", "x7", "x10"],
    ],
    [
      ["n99999999999999999999", "n100000000000000000000"],
      ["n99999999999999999999", "n100000000000000000000"],
    ],
    [
      ["dense_1/kernel", "dense/kernel"],
      ["dense/kernel", "dense_1/kernel"],
    ],
  ])("sorts %j", (names, sorted) => {
    expect(names.toSorted(naturalOrder)).toEqual(sorted);
    expect(names.toReversed().sort(naturalOrder)).toEqual(sorted);
  });
});

describe("listed", () => {
  const tensors = (...names: string[]) =>
    names.map((each) => ({ name: each.slice(1), dtype: each.startsWith("i") ? "int64" : "float32" }));
  const names = (...given: string[]) => listed(tensors(...given)).map(({ name }) => name);

  it("sorts a file that safetensors sorted by dtype and then by name", () => {
    expect(names("i10.steps", "i2.steps", "f10.weight", "f2.weight")).toEqual([
      "2.steps",
      "2.weight",
      "10.steps",
      "10.weight",
    ]);
  });

  it("keeps the order of a model", () => {
    expect(names("fdense/kernel", "fdense/bias", "fconv/kernel")).toEqual([
      "dense/kernel",
      "dense/bias",
      "conv/kernel",
    ]);
  });
});

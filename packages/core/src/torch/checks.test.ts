// What bad input gets in @fanin/core/torch: an error that names the argument, before anything is drawn.

import { describe, expect, it } from "vitest";
import * as torch from "../torch.ts";

const never = (value: unknown) => value as never;

const rows: readonly (readonly [string, () => unknown, ErrorConstructor, string])[] = [
  ["an empty range", () => torch.uniform([1], { a: 1, b: 0 }), RangeError, "a: expected at most b = 0"],
  [
    "an infinite bound",
    () => torch.uniform([1], { b: Number.POSITIVE_INFINITY }),
    RangeError,
    "b: expected a value within",
  ],
  [
    "a range wider than float32",
    () => torch.uniform([1], { a: -3e38, b: 3e38 }),
    RangeError,
    "b: expected b - a within",
  ],
  ["a negative std", () => torch.normal([20], { std: -1 }), RangeError, "std: normal expects std >= 0, got -1"],
  ["NaN as std", () => torch.normal([20], { std: Number.NaN }), RangeError, "std: expected a number, got NaN"],
  [
    "std 0 for a cut normal",
    () => torch.truncNormal([3], { std: 0 }),
    RangeError,
    "std: expected a number other than 0",
  ],
  ["cuts the wrong way round", () => torch.truncNormal([3], { a: 2, b: -2 }), RangeError, "a: expected at most b = -2"],
  ["an unknown option", () => torch.normal([1], never({ stdev: 1 })), TypeError, 'unknown option "stdev"'],
  ["options that are none", () => torch.normal([1], never(3)), TypeError, "normal: expected an object of options"],
  [
    "a generator that is none",
    () => torch.normal([1], { generator: never({}) }),
    TypeError,
    "generator: expected a Generator",
  ],
  ["no value", () => torch.constant([1], never({})), TypeError, "val: expected a number, got undefined"],
  ["no sparsity", () => torch.sparse([2, 2], never({})), TypeError, "sparsity: expected a number, got undefined"],
  ["a negative sparsity", () => torch.sparse([2, 2], { sparsity: -0.1 }), RangeError, "sparsity: expected 0 or more"],
  ["fans that are both 0", () => torch.xavierUniform([0, 0]), RangeError, "shape: expected a fan above 0, got [0,0]"],
  ["a negative gain", () => torch.xavierUniform([2, 2], { gain: -1 }), RangeError, "a: expected at most b"],
  [
    "an unknown mode",
    () => torch.kaimingNormal([2, 2], { mode: never("fan_avg") }),
    RangeError,
    'Mode "fan_avg" not supported',
  ],
  [
    "an unknown nonlinearity",
    () => torch.kaimingNormal([2, 2], { nonlinearity: never("rleu") }),
    RangeError,
    'Unsupported nonlinearity "rleu"; did you mean "relu"?',
  ],
  ["a slope that is no number", () => torch.calculateGain("leaky_relu", never(true)), TypeError, "not a valid number"],
  ["no groups", () => torch.dirac([2, 2, 2], { groups: 0 }), RangeError, "groups: expected an integer of 1 or more"],
  ["a shape that is none", () => torch.zeros(never("2x3")), TypeError, "shape: expected an array of integers"],
  [
    "a seed beyond 64 bits",
    () => torch.manualSeed(2n ** 64n),
    RangeError,
    "seed: expected an integer from -2^63 to 2^64 - 1",
  ],
  ["a fraction as seed", () => torch.manualSeed(0.5), RangeError, "seed: expected an integer, got 0.5"],
  ["half a feature", () => torch.linear(2.5, 2), RangeError, "inFeatures: expected an integer of 0 or more"],
  [
    "a bias that is no flag",
    () => torch.linear(2, 2, { bias: never(0) }),
    TypeError,
    "bias: expected true or false, got 0",
  ],
  [
    "groups that divide nothing",
    () => torch.conv2d(3, 4, 3, { groups: 2 }),
    RangeError,
    "inChannels: must be divisible",
  ],
  [
    "a kernel of other axes",
    () => torch.conv2d(3, 4, [3]),
    RangeError,
    "kernelSize: expected a number or 2 of them, got [3]",
  ],
  [
    "a padding row beyond",
    () => torch.embedding(3, 2, { paddingIdx: 3 }),
    RangeError,
    "paddingIdx: expected an integer",
  ],
  ["no hidden units", () => torch.gru(2, 0), RangeError, "hiddenSize: expected an integer of 1 or more"],
  [
    "a projection as large",
    () => torch.lstm(2, 3, { projSize: 3 }),
    RangeError,
    "projSize: expected an integer from 0 to 2",
  ],
  ["a projection of a GRU", () => torch.gru(2, 3, never({ projSize: 1 })), TypeError, 'unknown option "projSize"'],
  [
    "heads that do not divide",
    () => torch.multiheadAttention(5, 2),
    RangeError,
    "numHeads: embedDim must be divisible",
  ],
];

describe("@fanin/core/torch", () => {
  it.each(rows)("refuses %s and draws nothing", (_name, call, kind, message) => {
    torch.manualSeed(1);
    expect(call).toThrow(message);
    expect(call).toThrow(kind);
    expect([...torch.uniform([2]).data]).toEqual([...torch.uniform([2], { generator: seeded(1) }).data]);
  });

  it("keeps the seed as torch reports it", () => {
    expect(new torch.Generator().initialSeed()).toBe(67280421310721);
    expect(torch.manualSeed(5).initialSeed()).toBe(5);
    expect(torch.initialSeed()).toBe(5);
    expect(torch.manualSeed(-1).initialSeed()).toBe(2n ** 64n - 1n);
  });

  it("leaves the global generator alone where another one is given", () => {
    torch.manualSeed(1);
    const generator = seeded(2);
    torch.normal([100], { generator });
    torch.lstm(3, 4, { generator });
    torch.multiheadAttention(4, 2, { generator });
    torch.embedding(4, 2, { generator });
    expect([...torch.uniform([2]).data]).toEqual([...torch.uniform([2], { generator: seeded(1) }).data]);
  });

  it("keeps the spare normal of a short tensor until the next seed", () => {
    torch.manualSeed(0);
    const [first] = torch.normal([1]).data;
    const [second] = torch.normal([1]).data;
    torch.manualSeed(0);
    expect([...torch.normal([2]).data]).toEqual([first, second]);
    torch.normal([1]);
    torch.manualSeed(0);
    expect(torch.normal([1]).data[0]).toBe(first);
  });

  it("makes every shape empty that has a 0 in it, drawing nothing", () => {
    torch.manualSeed(1);
    const makers: readonly ((shape: number[]) => torch.Tensor)[] = [
      torch.uniform,
      torch.normal,
      torch.truncNormal,
      torch.kaimingUniform,
      torch.orthogonal,
    ];
    for (const make of makers) expect(make([0, 3]).data.length).toBe(0);
    expect(torch.orthogonal([3, 0]).shape).toEqual([3, 0]);
    expect(torch.dirac([0, 2, 2]).data.length).toBe(0);
    expect([...torch.uniform([2]).data]).toEqual([...torch.uniform([2], { generator: seeded(1) }).data]);
  });
});

function seeded(seed: number): torch.Generator {
  return new torch.Generator().manualSeed(seed);
}

// torch.nn.init.orthogonal_ in float64: values of PyTorch 2.13.0 after torch.manual_seed(7).

import { describe, expect, it } from "vitest";
import { Generator } from "./generator.ts";
import { orthogonal } from "./orthogonal.ts";

const cases: readonly (readonly [shape: number[], gain: number, values: number[]])[] = [
  [
    [3, 5],
    1,
    [
      -0.06183068020007387, 0.3311258486572693, 0.39880503583457155, -0.4693661436377176, 0.7121675406367824,
      -0.4412720283387099, -0.03708248021086433, 0.7296752834372622, -0.11805478891754528, -0.5074849103388561,
      0.04120927633794401, -0.2739992848973385, 0.41563663703820986, 0.7666063839026163, 0.4034687417022191,
    ],
  ],
  [
    [5, 3],
    0.3,
    [
      -0.02139096061373926, 0.11630161122054478, 0.14480334849308293, -0.16238205142639095, 0.15601762663243537,
      -0.12565958276661804, -0.051821628080784235, 0.16752843495252884, 0.016443782911683653, -0.2451297228324945,
      -0.14425821177670067, 0.08460168986405929, 0.020010847700676505, 0.05706336149257355, 0.21404162118571507,
    ],
  ],
  [
    [2, 2, 3],
    1.7,
    [
      -0.09835783789828324, 0.5267421034472831, 0.6344035184589315, -0.746649380557936, 1.1328883863433232,
      -0.5995659050910966, -0.28304256573174136, 0.8291985695854148, -0.37642591610340526, -1.1092926002111754,
      -0.5997395584587365, 0.6248220202614947,
    ],
  ],
];

describe("orthogonal in float64", () => {
  it.each(cases)("draws %j with gain %f as PyTorch does", (shape, gain, values) => {
    const { data } = orthogonal(shape, { gain, dtype: "float64", generator: new Generator().manualSeed(7) });
    expect(data).toBeInstanceOf(Float64Array);
    for (const [i, value] of values.entries()) expect(Math.abs((data[i] as number) - value)).toBeLessThan(1e-14);
  });

  it.each(["float16", "bfloat16"])("refuses %s, which PyTorch does not factorize", (dtype) => {
    const options = { dtype: dtype as "float64" };
    expect(() => orthogonal([3, 3], options)).toThrow(/^dtype: expected one of float32, float64, got /);
  });
});

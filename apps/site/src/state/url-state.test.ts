// The hash of a link: parsing, clamping, error reports, canonical form.

import { describe, expect, it } from "vitest";
import { defaultState, hashFromState, stateFromHash } from "./url-state.ts";

describe("the hash of the page", () => {
  it("is empty for the default state", () => {
    expect(hashFromState(defaultState)).toBe("");
    expect(stateFromHash("")).toEqual({ state: defaultState, problems: [] });
  });

  // Published links must keep their meaning: add rows here, never change them.
  it.each([
    ["#v=1&view=race&act=tanh", { view: "race", act: "tanh" }],
    [
      "#v=1&net=784,64x3,10&init=glorot_uniform,he_normal",
      { net: [784, 64, 64, 64, 10], init: ["glorot_uniform", "he_normal"] },
    ],
    ["#v=1&init=random_normal(stddev=1),zeros&seed=7", { init: ["random_normal(stddev=1)", "zeros"], seed: 7 }],
    [
      "#v=1&stream=keras/jax&draw=he_uniform&shape=3x3x8x16",
      { stream: "keras/jax", draw: "he_uniform", shape: [3, 3, 8, 16] },
    ],
    ["#v=1&act=gelu&bias=0.1&input=2.5", { act: "gelu", bias: 0.1, input: 2.5 }],
    ["#v=1&view=phase&act=tanh&sw=2.25&sb=0.1", { view: "phase", act: "tanh", sw: 2.25, sb: 0.1 }],
  ])("reads and writes %s", (hash, expected) => {
    const { state, problems } = stateFromHash(hash);
    expect(problems).toEqual([]);
    expect(state).toEqual({ ...defaultState, ...expected });
    expect(hashFromState(state)).toBe(hash);
  });

  it("clamps numbers to their ranges", () => {
    const { state, problems } = stateFromHash("#v=1&seed=99999999999&bias=-3&epochs=2.6&lr=1e9&net=784,99999x500,10");
    expect(problems).toEqual([]);
    expect(state).toMatchObject({ seed: 2 ** 32 - 1, bias: 0, epochs: 3, lr: 10 });
    expect(state.net).toHaveLength(102);
    expect(state.net.at(1)).toBe(1024);
    expect(state.net.at(-1)).toBe(10);
  });

  it("reports unknown keys and keeps the rest", () => {
    const { state, problems } = stateFromHash(
      "#v=9&colour=red&act=swish&seed=12&net=a,b&shape=0x3&init=<script>&draw=%E0%A4",
    );
    expect(state).toEqual({ ...defaultState, seed: 12 });
    expect(problems).toHaveLength(7);
    expect(problems[1]).toContain("colour");
  });

  it("stays below 2,000 characters at its fullest", () => {
    const init = Array.from(
      { length: 6 },
      (_, i) => `variance_scaling(scale=${i},mode="fan_out",distribution="uniform")`,
    );
    const net = Array.from({ length: 102 }, (_, i) => 900 + i);
    const hash = hashFromState({ ...defaultState, view: "race", init, net, seed: 4294967295, lr: 0.123456789 });
    expect(hash.length).toBeLessThan(2000);
    expect(stateFromHash(hash)).toEqual({
      state: { ...defaultState, view: "race", init, net, seed: 4294967295, lr: 0.123456789 },
      problems: [],
    });
  });
});

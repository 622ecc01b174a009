// Known answers: Philox4x32-10 and Threefry2x32-20 at the three inputs of Random123 (zeros, ones, pi) and stages of the streams on
// them, MT19937 at the seeds of its authors' program and of PyTorch.

import { describe, expect, it } from "vitest";
import { kernels, memory } from "./harness.ts";
import { mt19937_seed, mt19937_u32 } from "./reference/mt19937.ts";
import { philoxBlock, sincosf } from "./reference/philox.ts";
import { erfInv, threefryPair } from "./reference/threefry.ts";

const rows = [
  {
    name: "zeros",
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    name: "all ones",
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    name: "pi",
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
  {
    name: "the key schedule of seed [42, 0]",
    counter: [42, 0, 0, 0],
    key: [0x3ec8f720, 0x02461e29],
    words: [0x89e74cef, 0x53939b05, 0x8e9181c6, 0xb2ca7bfa],
  },
  {
    name: "block 0 of seed [42, 0]",
    counter: [0, 0, 0x8e9181c6, 0xb2ca7bfa],
    key: [0x89e74cef, 0x53939b05],
    words: [0x48a426c5, 0x3cbfcc20, 0x715b9425, 0x9e0295fb],
  },
];

describe("philox4x32", () => {
  it.each(rows)("gives the known answer for $name", ({ counter, key, words }) => {
    const out = Math.ceil(kernels.heap_base() / 16) * 16;
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
    const [k0 = 0, k1 = 0] = key;
    kernels.philox_seed(out + 64, c1, c2, c3, k0, k1);
    kernels.philox4x32_u32(out, 4, out + 64, c0);
    expect([...new Uint32Array(memory.buffer, out, 4)]).toEqual(words);
    expect(philoxBlock(counter, key)).toEqual(words);
  });
});

describe("the reference sincosf", () => {
  it("is within one ULP of float64", () => {
    for (let v = 0; v < 6.2831855; v += 0.000731) {
      const x = Math.fround(v);
      const [s, c] = sincosf(x);
      expect(Math.abs(s - Math.sin(x))).toBeLessThan(6.1e-8);
      expect(Math.abs(c - Math.cos(x))).toBeLessThan(6.1e-8);
    }
  });

  // The kernel rounds x 2/pi to the nearest integer instead, by adding 2^52 + 2^51.
  it("takes the nearest quarter turn off each of the 2^23 angles that there are", () => {
    let different = 0;
    for (let word = 0; word < 2 ** 23; word++) {
      const angle = Math.fround(2 * Math.PI * (word / 2 ** 23));
      const n = (Math.trunc(angle * 0x145f306dc9c883 * 2 ** -29) + 0x800000) >> 24;
      if (angle * 0x145f306dc9c883 * 2 ** -53 + 6755399441055744 !== 6755399441055744 + n) different++;
    }
    expect(different).toBe(0);
  });
});

const threefryRows = [
  { name: "zeros", counter: [0, 0], key: [0, 0], words: [0x6b200159, 0x99ba4efe] },
  {
    name: "all ones",
    counter: [0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x1cb996fc, 0xbb002be7],
  },
  {
    name: "pi",
    counter: [0x243f6a88, 0x85a308d3],
    key: [0x13198a2e, 0x03707344],
    words: [0xc4923a9c, 0x483df7a0],
  },
];

describe("threefry2x32", () => {
  it.each(threefryRows)("gives the known answer for $name", ({ counter, key, words }) => {
    const out = Math.ceil(kernels.heap_base() / 16) * 16;
    const pairs = new Uint32Array(memory.buffer, out, 32);
    const [x0 = 0, x1 = 0] = counter;
    const [k0 = 0, k1 = 0] = key;
    pairs.fill(x0, 0, 16);
    pairs.fill(x1, 16);
    kernels.threefry_seed(out + 128, k0, k1);
    kernels.threefry2x32_u32(out, out + 64, 1, out + 128);
    expect([...pairs]).toEqual([...Array(16).fill(words[0]), ...Array(16).fill(words[1])]);
    expect(threefryPair(counter, key)).toEqual(words);
  });

  it("gives the bits, uniforms and normals of JAX for the key [42, 0]", () => {
    const out = Math.ceil(kernels.heap_base() / 16) * 16;
    const words = () => [...new Uint32Array(memory.buffer, out, 4)];
    const workspace = out + 64;
    kernels.threefry_seed(workspace, 42, 0);
    kernels.threefry_bits_u32(out, 1, workspace, 0, 0);
    expect(words()).toEqual([0x911532a1, 0x10c7cdb8, 0x61b54987, 0xb6433e01]);
    kernels.threefry_uniform_f32(out, 1, workspace, 0, 0, 1, 0);
    expect(words()).toEqual([0x3f111532, 0x3d863e60, 0x3ec36a90, 0x3f36433e]);
    kernels.threefry_normal_f32(out, 1, workspace, 0, 0, 1, 0);
    expect(words()).toEqual([0x3e2c1669, 0xbfc140c2, 0xbe9a28a7, 0x3f0f2329]);
  });
});

describe("the reference erfInv", () => {
  it("is the inverse of erf, in float32's precision", () => {
    // erf of 0.25, 0.5, 1, 2, 3 to 16 digits, from tables; the slope of erf_inv grows as exp(x^2), so y's rounding does too.
    const rows = [
      [0.25, 0.2763263901682369],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [2, 0.9953222650189527],
      [3, 0.9999779095030014],
    ];
    for (const [x = 0, y = 0] of rows) {
      const slope = (Math.sqrt(Math.PI) / 2) * Math.exp(x * x);
      expect(Math.abs(erfInv(Math.fround(y)) - x)).toBeLessThan(2 ** -24 * slope + 4e-7 * x);
    }
    expect([0, 1, -1].map(erfInv)).toEqual([0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });
});

describe("mt19937", () => {
  it.each([
    { seed: 42, skipped: 0, words: [1608637542, 3421126067, 4083286876, 787846414] },
    { seed: 5489, skipped: 0, words: [3499211612, 581869302, 3890346734, 3586334585] },
    { seed: 5489, skipped: 9999, words: [4123659995] }, // the value that the C++ standard prescribes
  ])("gives the known words of seed $seed after $skipped", ({ seed, skipped, words }) => {
    const state = Math.ceil(kernels.heap_base() / 16) * 16;
    const out = state + 628 * 4;
    kernels.mt19937_seed(state, seed);
    kernels.mt19937_skip(state, skipped);
    kernels.mt19937_u32(state, out, words.length);
    expect([...new Uint32Array(memory.buffer, out, words.length)]).toEqual(words);

    const slow = new Uint32Array(628);
    const drawn = new Uint32Array(skipped + words.length);
    mt19937_seed(slow, seed);
    mt19937_u32(slow, drawn, drawn.length);
    expect([...drawn.slice(skipped)]).toEqual(words);
  });
});

// The paper's claim: after the upsampling, all sub-pixels of a block are equal.

import { describe, expect, it } from "vitest";
import { dense, normals } from "../../test/signal.ts";
import { icnr } from "./icnr.ts";
import { orthogonal } from "./orthogonal.ts";
import { deserialize } from "./registry.ts";
import { serialize } from "./serialize.ts";
import { heNormal } from "./variance-scaling.ts";

const SHAPE = [3, 3, 2, 12]; // 12 outputs: 3 channels of 2 x 2 sub-pixels

/** Where the upsampling finds channel c of sub-pixel s. */
const readers = {
  depth_to_space: (c: number, s: number) => s * 3 + c,
  pixel_shuffle: (c: number, s: number) => c * 4 + s,
};

/** The outputs of one position of the convolution, and those of one block after upsampling: [channel][sub-pixel]. */
function block(kernel: Float32Array, read: (c: number, s: number) => number): number[][] {
  const outputs = dense(normals(18, 2), kernel, 18, 12);
  return [0, 1, 2].map((c) => [0, 1, 2, 3].map((s) => outputs[read(c, s)] ?? 0));
}

describe.each(["depth_to_space", "pixel_shuffle"] as const)("icnr, %s", (order) => {
  it("makes the sub-pixels of a block equal and channels different", () => {
    const channels = block(icnr({ order, seed: 4 })(SHAPE).data, readers[order]);
    for (const subPixels of channels) expect(new Set(subPixels).size).toBe(1);
    expect(new Set(channels.map(([first]) => first)).size).toBe(3);
    const plain = block(heNormal({ seed: 4 })(SHAPE).data, readers[order]);
    for (const subPixels of plain) expect(new Set(subPixels).size).toBe(4);
  });

  it("repeats what its inner initializer draws", () => {
    const inner = orthogonal({ seed: 7 });
    const small = inner([3, 3, 2, 3]).data;
    const { data } = icnr({ order, initializer: inner })(SHAPE);
    for (let row = 0; row < 18; row++) {
      for (let c = 0; c < 3; c++) expect(data[row * 12 + readers[order](c, 3)]).toBe(small[row * 3 + c]);
    }
  });
});

describe("icnr", () => {
  it("draws He normal of the small kernel's shape from its seed", () => {
    const { data } = icnr({ seed: 4 })(SHAPE);
    const small = heNormal({ seed: 4 })([3, 3, 2, 3]).data;
    expect(data.slice(0, 12)).toEqual(Float32Array.from({ length: 12 }, (_, k) => small[k % 3] ?? 0));
    expect(icnr().distribution(SHAPE).variance).toBe(heNormal().distribution([3, 3, 2, 3]).variance);
  });

  it("survives JSON with its inner initializer", () => {
    const init = icnr({ scale: 2, initializer: orthogonal({ gain: 2, seed: 3 }), order: "pixel_shuffle", seed: 1 });
    const text = JSON.stringify(serialize(init));
    expect(JSON.parse(text).config.initializer.class_name).toBe("Orthogonal");
    const again = deserialize(JSON.parse(text));
    expect(again.getConfig()).toEqual(init.getConfig());
    expect(again(SHAPE).data).toEqual(init(SHAPE).data);
  });

  it("refuses outputs that the block does not divide, and what is not an initializer", () => {
    expect(() => icnr({ scale: 3 })(SHAPE)).toThrow(/outputs divisible by 9 \(scale 3\), got \[3,3,2,12\]/);
    expect(() => icnr({ initializer: "he_normal" as unknown as null })).toThrow(/initializer: expected an initializer/);
  });
});

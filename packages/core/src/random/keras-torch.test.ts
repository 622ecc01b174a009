// The rules of seeds of keras/torch, its element types, and the sequence it draws from. Its goldens are in test/goldens.test.ts.

import { elementTypes } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { randomNormal, randomUniform, SeedGenerator } from "../index.ts";
import { Mt19937 } from "./mt19937.ts";

const stream = "keras/torch";

function hexOf(data: Float32Array): string[] {
  return Array.from(new Uint32Array(data.buffer), (word) => word.toString(16).padStart(8, "0"));
}

describe("seeds on keras/torch", () => {
  it("of a SeedGenerator are int32, as Keras's on PyTorch is", () => {
    const draw = (seed: number) => randomUniform({ seed: new SeedGenerator({ seed }), stream })([2]);
    expect(() => draw(2 ** 31)).toThrow("seed: expected an int32 for a SeedGenerator on this stream, got 2147483648");
    expect(draw(2 ** 31 - 1).data.length).toBe(2);
  });

  it("count modulo 2^32, and the draw is added to the seed", () => {
    const values = (seed: number | bigint | SeedGenerator) => hexOf(randomUniform({ seed, stream })([4]).data);
    expect(values(-1)).toEqual(values(4294967295));
    expect(values(2n ** 80n + 5n)).toEqual(values(5));
    const generator = new SeedGenerator({ seed: 7 });
    generator.next();
    expect(values(generator)).toEqual(values(8));
  });
});

describe("float64 on keras/torch", () => {
  it("draws fewer than sixteen normals as pairs, as float32 does", () => {
    const initializer = randomNormal({ seed: 42, stream });
    const doubles = initializer([5], { dtype: "float64" }).data;
    expect([...Float32Array.from(doubles)]).toEqual([...initializer([5]).data]);
  });
});

describe("16 bits on keras/torch", () => {
  it.each([
    ["bfloat16", 208],
    ["float16", 23],
  ] as const)("take the low end where a fraction of %s rounds to 1", (dtype, count) => {
    // torch.rand(100352, dtype=dtype, generator=torch.Generator().manual_seed(0)) has so many zeros.
    const data = randomUniform({ minval: 0, maxval: 1, seed: 0, stream })([784, 128], { dtype }).data;
    expect(data.filter((bits) => bits === 0).length).toBe(count);
    expect(data.filter((bits) => bits === elementTypes[dtype].encode(1)).length).toBe(0);
  });
});

describe("normals on keras/torch", () => {
  it("refuse a negative standard deviation, as torch does", () => {
    expect(() => randomNormal({ stddev: -1, seed: 0, stream })([20])).toThrow("stddev: expected 0 or more");
  });
});

describe("Mt19937", () => {
  it("gives the words of seed 42", () => {
    expect([...new Mt19937(42).words(4)]).toEqual([1608637542, 3421126067, 4083286876, 787846414]);
  });

  it("keeps the spare normal of a pair until it is seeded again", () => {
    const whole = new Mt19937(5).normals(7);
    const parts = new Mt19937(5);
    expect([...parts.normals(3), ...parts.normals(0), ...parts.normals(4)]).toEqual([...whole]);
    parts.seed(5);
    expect([...parts.normals(2)]).toEqual([...whole.slice(0, 2)]);
  });

  it("passes over more words than one call of a kernel can", () => {
    const skipped = new Mt19937(1);
    skipped.skip(100000);
    expect(skipped.words(1)[0]).toBe(new Mt19937(1).words(100001)[100000]);
  });
});

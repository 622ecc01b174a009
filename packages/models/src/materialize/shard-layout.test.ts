import { describe, expect, it } from "vitest";
import { readWeightsSpec } from "./read-spec.ts";
import { expectWholeFits, layoutOf, planShards, SEGMENT_BYTES } from "./shard-layout.ts";
import { elementBytes } from "./tensor-plan.ts";

const tensor = (name: string, count: number, more: object = {}) => ({
  name,
  shape: [count],
  initializer: "zeros",
  ...more,
});
const planOf = (...tensors: object[]) => readWeightsSpec(JSON.stringify({ tensors }));

describe("planShards", () => {
  it("fills files in order and starts a new one if the next tensor does not fit", () => {
    const plan = planOf(tensor("a", 10), tensor("b", 15), tensor("c", 1), tensor("d", 25), tensor("e", 0));
    const shards = planShards(plan, 100);
    expect(shards.map(({ file, tensors }) => [file, tensors])).toEqual([
      ["model-00001-of-00003.safetensors", [0, 1]],
      ["model-00002-of-00003.safetensors", [2]],
      ["model-00003-of-00003.safetensors", [3, 4]],
    ]);
    expect(shards[0]?.bytes).toBe(layoutOf(plan, shards[0] as (typeof shards)[number]).bytes);
  });

  it("refuses a tensor that no file can hold, and names a sufficient size", () => {
    const plan = planOf(tensor("small", 1e6), tensor("large", 3e9), tensor("larger", 4e9 + 1));
    expect(() => planShards(plan, 2e9)).toThrow(
      'tensor "large" takes 12 GB, more than a shard of 2 GB; --shard-size 17GB holds every tensor',
    );
    expect(planShards(plan, 17e9).length).toBe(2);
  });
});

describe("layoutOf", () => {
  it("covers every byte of a file once, in segments of a bounded size", () => {
    const plan = planOf(
      tensor("half", 3_000_001, { dtype: "bfloat16" }),
      tensor("odd", 7, { dtype: "float16" }),
      tensor("wide", 1_500_000, { dtype: "float64" }),
      tensor("none", 0),
      tensor("normal", 2_000_003, { initializer: "random_normal" }),
      { name: "whole", shape: [3000, 1000], initializer: "orthogonal" },
      tensor("last", 5),
    );
    const [shard] = planShards(plan, 1e9);
    if (!shard) throw new Error("expected a shard");
    const { header, segments, bytes } = layoutOf(plan, shard);
    let end = 0;
    const covered = new Map<number, number>();
    for (const { start, bytes: length, runs } of segments) {
      expect(start).toBe(end);
      end += length;
      let inside = runs.length === 0 ? header.length : 0;
      for (const { tensor: index, offset, length: count, at } of runs) {
        const unit = elementBytes[plan.tensors[index]?.dtype ?? "float32"];
        expect([at, at % unit]).toEqual([inside, 0]);
        expect(offset).toBe(covered.get(index) ?? 0);
        covered.set(index, offset + count);
        inside += count * unit;
      }
      expect(inside).toBe(length);
      const isWhole = runs.length === 1 && plan.tensors[runs[0]?.tensor ?? 0]?.name === "whole";
      expect(length <= SEGMENT_BYTES || isWhole).toBe(true);
    }
    expect([end, bytes]).toEqual([shard.bytes, shard.bytes]);
    expect([...covered].sort(([a], [b]) => a - b).map(([, count]) => count)).toEqual([
      3_000_001, 7, 1_500_000, 2_000_003, 3_000_000, 5,
    ]);
  });
});

it("refuses large tensors without random access, with alternatives", () => {
  const orthogonal = planOf({ name: "q", shape: [100, 100], initializer: "orthogonal" });
  expect(() => expectWholeFits(orthogonal, 39_999)).toThrow(
    'tensor "q" takes 40 kB, and Orthogonal on keras/tensorflow cannot fill it in slices; use an initializer that draws each',
  );
  expect(() => expectWholeFits(orthogonal, 40_000)).not.toThrow();
  const torch = planOf({ name: "t", shape: [100, 100], initializer: "he_normal", stream: "keras/torch" });
  expect(() => expectWholeFits(torch, 1000)).toThrow(
    "use keras/tensorflow or keras/jax, whose elements depend only on their",
  );
  expect(() => expectWholeFits(planOf(tensor("z", 1e6, { stream: "keras/torch" })), 1)).not.toThrow();
});

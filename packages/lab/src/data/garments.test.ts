import { describe, expect, it } from "vitest";
import { fashionClasses } from "./dataset.ts";
import { isShown, outlinesOf, type Part, type Pose } from "./garments/garment.ts";
import { garments } from "./garments.ts";

describe("garments", () => {
  it("match the classes in number", () => {
    expect(garments.length).toBe(fashionClasses.length);
  });

  it.each(garments.map((garment, label) => ({ name: fashionClasses[label], garment })))(
    "$name uses exactly the morphs and features that it declares",
    ({ garment }) => {
      const morphs = garment.parts.flatMap(({ corners }) => corners.flatMap(([, , moved]) => Object.keys(moved ?? {})));
      const features = garment.parts.flatMap((part) => [...(part.with ?? []), ...(part.without ?? [])]);
      expect([...new Set(morphs)].sort()).toEqual([...garment.morphs].sort());
      expect([...new Set(features)].sort()).toEqual(Object.keys(garment.features).sort());
    },
  );
});

describe("a part", () => {
  const pose: Pose = { morphs: { long: 0.5 }, features: { belt: true, hood: false } };
  const part: Part = {
    tone: 1,
    corners: [
      [1, 2],
      [3, 4, { long: [2, -4] }],
    ],
  };

  it("moves its corners by its morphs", () => {
    expect(outlinesOf(part, pose)).toEqual([[1, 2, 4, 2]]);
  });

  it("is completed by its mirror image or painted twice", () => {
    expect(outlinesOf({ ...part, mirror: "outline" }, pose)).toEqual([[1, 2, 4, 2, -4, 2, -1, 2]]);
    expect(outlinesOf({ ...part, mirror: "pair" }, pose)).toEqual([
      [1, 2, 4, 2],
      [-4, 2, -1, 2],
    ]);
  });

  it.each<[Partial<Part>, boolean]>([
    [{}, true],
    [{ with: ["belt"] }, true],
    [{ with: ["hood"] }, false],
    [{ with: ["belt", "hood"] }, false],
    [{ without: ["hood"] }, true],
    [{ without: ["belt"] }, false],
    [{ without: ["hood", "belt"] }, false],
    [{ with: ["belt"], without: ["hood"] }, true],
  ])("with %j is shown: %s", (condition, shown) => {
    expect(isShown({ ...part, ...condition }, pose)).toBe(shown);
  });
});

import { describe, expect, it } from "vitest";
import { papers } from "../papers/index.ts";
import { codes } from "./codes.ts";
import { findTopics, topics } from "./topics.ts";

describe("topics", () => {
  it("name existing codes and tables", () => {
    for (const { codes: named, commands } of Object.values(topics)) {
      for (const code of named) expect(Object.keys(codes)).toContain(code);
      const tables = commands.flatMap((command) => command.match(/\bT\d+\b/g) ?? []);
      for (const table of tables) expect(Object.keys(papers)).toContain(table);
    }
  });

  it.each([
    ["all zeros", ["symmetry"]],
    ["Vanishing gradients", ["vanishing"]],
    ["xavier vs he", ["xavier-or-he"]],
    ["saturation", ["saturation"]],
    ["which activation?", ["choice"]],
    ["exploding", ["exploding"]],
    ["or", []],
    ["theory", []],
  ])("are found by %s", (words, names) => {
    expect(findTopics(words.split(" "))).toEqual(names);
  });
});

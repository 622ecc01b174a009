import { expect, it } from "vitest";
import { differences, readPrograms } from "./torch-programs.ts";

it("draws what PyTorch draws in random programs", () => {
  const programs = readPrograms(process.env["FANIN_LONG"] ? 2000 : 300);
  expect(programs.flatMap(differences).slice(0, 3)).toEqual([]);
}, 600_000);

// Random programs of torch.nn.init against what PyTorch itself gave: every bit.

import { expect, it } from "vitest";
import { differences, readPrograms } from "./torch-programs.ts";

const isLong = Boolean(process.env["FANIN_LONG"]);

it("draws what PyTorch draws in random programs of every type", () => {
  expect(readPrograms(isLong ? 2000 : 300).flatMap((program) => differences(program).slice(0, 1))).toEqual([]);
}, 600_000);

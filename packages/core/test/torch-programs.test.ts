// Random programs of torch.nn.init against what PyTorch itself gave: every bit but where docs/seeds.md lists a difference.

import { expect, it } from "vitest";
import { differences, readPrograms } from "./torch-programs.ts";

const isLong = Boolean(process.env["FANIN_LONG"]);

it("draws what PyTorch draws in random programs of every type", () => {
  const found = readPrograms(isLong ? 2000 : 300).flatMap((program) => differences(program).slice(0, 1)) as {
    readonly call: readonly [fn: string, shape: unknown, dtype: string];
  }[];
  // Where [a, b] holds less than 0.3 of the normal, a candidate in 16 bits is accepted that PyTorch rejects, or the other way
  // round: in 4 of the 2,000 programs, as docs/seeds.md says.
  const known = found.filter(({ call: [fn, , dtype] }) => fn === "trunc_normal_" && /16$/.test(dtype));
  expect(found.filter((difference) => !known.includes(difference))).toEqual([]);
  expect(known).toHaveLength(isLong ? 4 : 1);
}, 600_000);

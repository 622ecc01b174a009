// The peak of the core for independent multiplications and additions; matrix products are shown in per cent of it.
// @ts-check

import { GFLOPS } from "../compare.mjs";
import { peaks } from "../peak.mjs";

/** @type {import("../compare.mjs").Suite} */
export const peak = {
  name: "peak",
  title: "peak of the core: multiplications and additions of 128-bit vectors, plain and fused",
  rate: GFLOPS,
  cases: () => [
    {
      name: "independent chains",
      prepare: async () => peaks().map((contender) => ({ ...contender, own: true })),
    },
  ],
};

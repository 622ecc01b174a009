// The trouser: two legs; sometimes a belt, creases, or worn knees.

import { defineGarment, type Garment } from "./garment.ts";

export const trouser: Garment = defineGarment({
  morphs: ["leg", "hip", "gap", "short"],
  features: { belt: 0.45, crease: 0.35, knees: 0.2 },
  parts: [
    {
      mirror: "outline",
      tone: 1,
      corners: [
        [4.4, -12.6, { hip: [0.8, 0] }],
        [5.2, -7, { hip: [1, 0] }],
        [4.8, 12.4, { leg: [2.6, 0], short: [0, -1.5] }],
        [1.8, 12.4, { leg: [-0.5, 0], gap: [1.2, 0], short: [0, -1.5] }],
        [1.2, -1, { gap: [0.8, 0] }],
        [0.4, -5, { gap: [0.2, -1] }],
      ],
    },
    {
      with: ["belt"],
      mirror: "outline",
      tone: "detail",
      corners: [
        [4.4, -12.6, { hip: [0.8, 0] }],
        [4.6, -10.9, { hip: [0.8, 0] }],
      ],
    },
    {
      with: ["crease"],
      mirror: "pair",
      tone: 0.75,
      line: 0.8,
      corners: [
        [2.9, -8],
        [3.2, 11, { leg: [1, 0], short: [0, -1.5] }],
      ],
    },
    {
      with: ["knees"],
      mirror: "pair",
      tone: "detail",
      round: 1,
      corners: [
        [1.6, 0],
        [4.2, 0],
        [4.2, 4],
        [1.6, 4],
      ],
    },
  ],
});

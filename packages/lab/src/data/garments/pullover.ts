// The pullover: long sleeves and no opening; sometimes a ribbed hem, a roll neck, a hood, a zip or a collar.

import { defineGarment, type Garment } from "./garment.ts";

export const pullover: Garment = defineGarment({
  morphs: ["neck", "sleeve", "wide", "arm"],
  features: { turtle: 0.2, hood: 0.12, print: 0.22, rib: 0.6, zip: 0.16, collar: 0.12 },
  parts: [
    {
      mirror: "pair",
      tone: 0.9,
      corners: [
        [4.6, -11.6],
        [7.6, -10.4, { wide: [0.6, 0] }],
        [9.6, -6, { wide: [0.7, 0], arm: [0.4, 0] }],
        [12, 9.6, { sleeve: [0.2, 1.6], arm: [0.8, -0.4] }],
        [8.8, 10.2, { sleeve: [0.2, 1.6], arm: [0.6, -0.4] }],
        [6.4, -3],
      ],
    },
    {
      with: ["hood"],
      mirror: "outline",
      tone: 0.75,
      round: 1,
      corners: [
        [2, -13.4],
        [4.8, -11.6],
        [3.4, -7.4],
        [1, -6],
      ],
    },
    {
      mirror: "outline",
      tone: 1,
      corners: [
        [1.2, -11, { neck: [0.6, 2] }],
        [3.2, -12],
        [5.4, -11.2],
        [6.8, -6, { wide: [0.6, 0] }],
        [6.5, 10.8, { wide: [1, 0] }],
      ],
    },
    {
      with: ["turtle"],
      mirror: "outline",
      tone: 0.85,
      corners: [
        [2.7, -13.6],
        [3.2, -11],
        [1, -10],
      ],
    },
    { with: ["rib"], mirror: "outline", tone: 0.75, line: 1.2, corners: [[6.5, 10.2, { wide: [1, 0] }]] },
    {
      with: ["rib"],
      mirror: "outline",
      tone: 0.7,
      line: 0.8,
      corners: [
        [3.4, -11.7],
        [1.3, -10.4, { neck: [0.6, 2] }],
      ],
    },
    {
      with: ["print"],
      mirror: "outline",
      tone: "detail",
      corners: [
        [4, -5],
        [4, -1.5],
      ],
    },
    {
      with: ["zip"],
      tone: 0.5,
      line: 1,
      corners: [
        [0, -10.6],
        [0, -3.5, { neck: [0, 12] }],
      ],
    },
    {
      with: ["collar"],
      mirror: "pair",
      tone: 1.2,
      corners: [
        [0.4, -10],
        [1.8, -13.2],
        [3.8, -12],
        [2.8, -8.6],
      ],
    },
  ],
});

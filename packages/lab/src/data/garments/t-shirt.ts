// The T-shirt: short sleeves, a round neck; sometimes a print, a pocket, or the collar of a polo shirt.

import { defineGarment, type Garment } from "./garment.ts";

export const tShirt: Garment = defineGarment({
  morphs: ["neck", "sleeve", "wide", "flare"],
  features: { print: 0.3, band: 0.5, pocket: 0.12, placket: 0.14, collar: 0.12 },
  parts: [
    {
      mirror: "outline",
      tone: 1,
      corners: [
        [1.2, -10.8, { neck: [0.4, 2.2] }],
        [3.2, -12.2],
        [6.4, -11],
        [8, -9.6],
        [11.4, -4.2, { sleeve: [0.6, 5], wide: [0.4, 0] }],
        [8.4, -2.6, { sleeve: [0.4, 5.4], wide: [0.6, 0] }],
        [6.3, -6, { wide: [0.9, 0] }],
        [6.2, 11.8, { flare: [1.4, 0], wide: [0.9, 0] }],
      ],
    },
    {
      with: ["band"],
      mirror: "outline",
      tone: "detail",
      line: 0.9,
      corners: [
        [3.2, -12],
        [1.2, -10.4, { neck: [0.4, 2.2] }],
      ],
    },
    {
      with: ["print"],
      tone: "detail",
      mirror: "outline",
      round: 1,
      corners: [
        [3.4, -6.5],
        [3.6, -0.5],
      ],
    },
    {
      with: ["pocket"],
      tone: "detail",
      corners: [
        [1.4, -6],
        [4.4, -6],
        [4.4, -3],
        [1.4, -3],
      ],
    },
    {
      with: ["placket"],
      tone: 0.72,
      line: 1.2,
      corners: [
        [0, -9.6, { neck: [0, 1.4] }],
        [0, -4],
      ],
    },
    {
      with: ["collar"],
      mirror: "pair",
      tone: 1.2,
      corners: [
        [0.4, -9.6],
        [1.8, -13],
        [3.8, -11.8],
        [2.8, -8.6],
      ],
    },
  ],
});

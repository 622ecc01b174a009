// The shirt: usually a collar and a row of buttons; long or short sleeves. The hardest class to recognise.

import { defineGarment, type Garment } from "./garment.ts";

export const shirt: Garment = defineGarment({
  morphs: ["sleeve", "wide", "tail", "arm", "neck"],
  features: { long: 0.62, collar: 0.74, placket: 0.7, buttons: 0.7, pocket: 0.35, cuffs: 0.5 },
  parts: [
    {
      with: ["long"],
      mirror: "pair",
      tone: 0.92,
      corners: [
        [4.8, -11.4],
        [7.6, -10, { wide: [0.5, 0] }],
        [9.4, -5, { arm: [0.7, 0] }],
        [11.4, 8.4, { sleeve: [0.2, 2.6], arm: [1, -0.6] }],
        [8.9, 9, { sleeve: [0.2, 2.6], arm: [0.7, -0.6] }],
        [6.4, -3],
      ],
    },
    {
      with: ["long", "cuffs"],
      mirror: "pair",
      tone: "detail",
      line: 1,
      corners: [
        [8.9, 8, { sleeve: [0.2, 2.6], arm: [0.7, -0.6] }],
        [11.2, 7.4, { sleeve: [0.2, 2.6], arm: [1, -0.6] }],
      ],
    },
    {
      without: ["long"],
      mirror: "pair",
      tone: 0.95,
      corners: [
        [4.8, -11.4],
        [8, -9.8],
        [11.4, -3.6, { sleeve: [0.4, 5] }],
        [8.4, -2, { sleeve: [0.4, 5.4] }],
        [6, -5],
      ],
    },
    {
      mirror: "outline",
      tone: 1,
      corners: [
        [0.6, -10.6, { neck: [0.2, 1.4] }],
        [2.8, -12.2],
        [5.6, -11.2],
        [6.6, -6, { wide: [0.7, 0] }],
        [6.3, 10.4, { wide: [1.2, 0] }],
        [2.4, 11.4, { tail: [0, 1.2] }],
      ],
    },
    {
      with: ["placket"],
      tone: 0.72,
      line: 1.3,
      corners: [
        [0, -9.6, { neck: [0, 1.4] }],
        [0, 11.6, { tail: [0, 1.2] }],
      ],
    },
    {
      with: ["collar"],
      mirror: "pair",
      tone: 1.25,
      corners: [
        [0.3, -9.8],
        [1.6, -13.2],
        [3.6, -12],
        [2.8, -8.2],
      ],
    },
    {
      with: ["collar"],
      mirror: "pair",
      tone: 0.5,
      line: 0.7,
      corners: [
        [0.3, -9.6],
        [2.8, -8.2],
        [3.7, -11.8],
      ],
    },
    {
      with: ["buttons"],
      tone: "detail",
      line: 1.1,
      corners: [
        [0, -6.2],
        [0, -5.1],
      ],
    },
    {
      with: ["buttons"],
      tone: "detail",
      line: 1.1,
      corners: [
        [0, -2.7],
        [0, -1.6],
      ],
    },
    {
      with: ["buttons"],
      tone: "detail",
      line: 1.1,
      corners: [
        [0, 0.8],
        [0, 1.9],
      ],
    },
    {
      with: ["buttons"],
      tone: "detail",
      line: 1.1,
      corners: [
        [0, 4.3],
        [0, 5.4],
      ],
    },
    {
      with: ["buttons"],
      tone: "detail",
      line: 1.1,
      corners: [
        [0, 7.8],
        [0, 8.9],
      ],
    },
    {
      with: ["pocket"],
      tone: 0.75,
      corners: [
        [2, -5.6],
        [5, -5.6],
        [5, -2.4],
        [2, -2.4],
      ],
    },
  ],
});

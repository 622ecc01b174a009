// The sneaker, toe to the left: a low shoe on a sole of another tone, rarely as high as a boot.

import { defineGarment, type Garment } from "./garment.ts";

export const sneaker: Garment = defineGarment({
  morphs: ["toe", "high", "sole", "tongue"],
  features: { stripe: 0.5, laces: 0.75, paleSole: 0.55, cap: 0.3 },
  parts: [
    {
      tone: 1,
      round: 1,
      corners: [
        [-12.8, 5.6],
        [-12.6, 3.2, { toe: [0.6, -0.8] }],
        [-9, 1.2, { toe: [0, -0.8] }],
        [-4, -0.6, { high: [0.6, -1] }],
        [0.4, -4, { tongue: [0.6, -1.2], high: [0, -3.4] }],
        [3.4, -4.2, { tongue: [0, -1], high: [0, -4] }],
        [4.4, -2.6, { high: [0, -4.6] }],
        [8.6, -2.4, { high: [0, -5] }],
        [11.4, -4.2, { high: [-0.4, -4.4] }],
        [12.2, 0],
        [12.6, 5.6],
      ],
    },
    {
      with: ["cap"],
      tone: "detail",
      round: 1,
      corners: [
        [-12.6, 5.4],
        [-12, 2.8],
        [-8.4, 1.4],
        [-7.6, 5.4],
      ],
    },
    {
      with: ["stripe"],
      tone: "detail",
      line: 1.3,
      round: 1,
      corners: [
        [-3, 3.8],
        [2, 3],
        [7, -0.4],
        [10, -1.4],
      ],
    },
    {
      with: ["laces"],
      tone: "detail",
      line: 0.8,
      corners: [
        [-6, -0.6],
        [-4, 1.6],
      ],
    },
    {
      with: ["laces"],
      tone: "detail",
      line: 0.8,
      corners: [
        [-3.8, -1.6, { high: [0, -0.8] }],
        [-1.8, 0.6],
      ],
    },
    {
      with: ["laces"],
      tone: "detail",
      line: 0.8,
      corners: [
        [-1.6, -2.8, { high: [0, -2] }],
        [0.4, -0.6, { high: [0, -1] }],
      ],
    },
    {
      with: ["paleSole"],
      tone: 1.35,
      corners: [
        [-12.8, 4.8],
        [12.8, 4.8],
        [12.4, 7, { sole: [0, 1.2] }],
        [-12, 7, { sole: [0, 1] }],
      ],
    },
    {
      without: ["paleSole"],
      tone: 0.5,
      corners: [
        [-12.8, 4.8],
        [12.8, 4.8],
        [12.4, 7, { sole: [0, 1.2] }],
        [-12, 7, { sole: [0, 1] }],
      ],
    },
  ],
});

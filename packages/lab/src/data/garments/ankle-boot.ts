// The ankle boot, toe to the left: a shaft, a sole, usually a heel. A low one resembles a sneaker.

import { defineGarment, type Garment } from "./garment.ts";

export const ankleBoot: Garment = defineGarment({
  morphs: ["low", "toe", "heel", "shaft"],
  features: { heel: 0.6, laces: 0.35, elastic: 0.35, cuff: 0.3, paleSole: 0.15 },
  parts: [
    {
      with: ["heel"],
      tone: 0.6,
      corners: [
        [5.6, 7],
        [11.8, 6.4],
        [11.2, 11, { heel: [0, 1.4] }],
        [7.4, 11, { heel: [1, 1.4] }],
      ],
    },
    {
      tone: 1,
      round: 1,
      corners: [
        [-12.8, 9],
        [-12.6, 6.2, { toe: [0.8, -1] }],
        [-9, 3.4, { toe: [0, -0.6] }],
        [-4.4, 1.6],
        [-0.8, -3, { low: [0, 1] }],
        [-0.4, -12, { low: [-0.4, 7.4], shaft: [-1.2, 0] }],
        [0.4, -12.2, { low: [-0.4, 7.4], shaft: [-1.2, 0] }],
        [9.8, -12.2, { low: [0.6, 7.2], shaft: [0.8, 0] }],
        [10.6, -11.6, { low: [0.6, 7.2], shaft: [0.8, 0] }],
        [10.4, -3],
        [12.2, 3],
        [12, 9],
      ],
    },
    {
      with: ["elastic"],
      tone: 0.5,
      corners: [
        [3.6, -11, { low: [0, 7.2] }],
        [6.4, -11, { low: [0, 7.2] }],
        [5.6, -1.6, { low: [0, 1] }],
        [4.4, -1.6, { low: [0, 1] }],
      ],
    },
    {
      with: ["laces"],
      tone: "detail",
      line: 0.9,
      corners: [
        [-3.4, 0.2],
        [-0.6, 2.2],
      ],
    },
    {
      with: ["laces"],
      tone: "detail",
      line: 0.9,
      corners: [
        [-1.4, -2.4],
        [1.6, -0.8],
      ],
    },
    {
      with: ["laces"],
      tone: "detail",
      line: 0.9,
      corners: [
        [-0.8, -5.4, { low: [0, 1.6] }],
        [2.4, -4.6, { low: [0, 1.6] }],
      ],
    },
    {
      with: ["cuff"],
      tone: "detail",
      corners: [
        [-0.6, -12, { low: [-0.4, 7.4], shaft: [-1.2, 0] }],
        [10.6, -12, { low: [0.6, 7.2], shaft: [0.8, 0] }],
        [10.4, -9, { low: [0.6, 6.4], shaft: [0.6, 0] }],
        [-0.6, -9, { low: [-0.4, 6.4], shaft: [-1, 0] }],
      ],
    },
    {
      with: ["paleSole"],
      tone: 1.35,
      corners: [
        [-12.8, 8],
        [12, 8],
        [11.8, 9.8],
        [-12, 9.8],
      ],
    },
    {
      without: ["paleSole"],
      tone: 0.5,
      corners: [
        [-12.8, 8],
        [12, 8],
        [11.8, 9.8],
        [-12, 9.8],
      ],
    },
  ],
});

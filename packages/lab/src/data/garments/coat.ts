// The coat: long sleeves and usually an open front with lapels and buttons.

import { defineGarment, type Garment } from "./garment.ts";

export const coat: Garment = defineGarment({
  morphs: ["lapel", "sleeve", "wide", "length", "open"],
  features: { opening: 0.82, buttons: 0.6, double: 0.3, lapels: 0.7, pockets: 0.45, belt: 0.15, collar: 0.7 },
  parts: [
    {
      mirror: "pair",
      tone: 0.85,
      corners: [
        [4.8, -11.6],
        [7.8, -10.2, { wide: [0.6, 0] }],
        [10, -5, { wide: [0.6, 0] }],
        [12.2, 8.6, { sleeve: [0.2, 2.4], wide: [0.5, 0] }],
        [8.9, 9.4, { sleeve: [0.2, 2.4], wide: [0.4, 0] }],
        [6.8, -3],
      ],
    },
    {
      mirror: "outline",
      tone: 1,
      corners: [
        [0.6, -10.6],
        [2.8, -12.2],
        [5.6, -11.2],
        [7, -5, { wide: [0.6, 0] }],
        [7.2, 11.4, { wide: [1.4, 0], length: [0, 1.8] }],
        [0.5, 11.4, { length: [0, 1.8] }],
      ],
    },
    {
      with: ["lapels"],
      mirror: "pair",
      tone: 0.65,
      round: 0,
      corners: [
        [0.4, -3, { lapel: [0, 3] }],
        [2.2, -11.8],
        [4.4, -9.5],
        [3, -7.5],
      ],
    },
    {
      with: ["collar"],
      mirror: "pair",
      tone: 1.2,
      corners: [
        [0.4, -11],
        [2.4, -13.2],
        [4.2, -11.4],
        [2.4, -9.6],
      ],
    },
    {
      with: ["opening"],
      tone: 0.3,
      line: 1,
      corners: [
        [0, -9, { lapel: [0, 2] }],
        [0, 13.2],
      ],
    },
    {
      with: ["opening"],
      tone: 0.1,
      corners: [
        [0, 0],
        [0.5, 13.5, { open: [1.6, 0] }],
        [-0.5, 13.5, { open: [-1.6, 0] }],
      ],
    },
    {
      with: ["buttons"],
      tone: "detail",
      line: 1.5,
      corners: [
        [1.8, -4],
        [1.8, -2.6],
      ],
    },
    {
      with: ["buttons"],
      tone: "detail",
      line: 1.5,
      corners: [
        [1.8, 0],
        [1.8, 1.4],
      ],
    },
    {
      with: ["buttons"],
      tone: "detail",
      line: 1.5,
      corners: [
        [1.8, 4],
        [1.8, 5.4],
      ],
    },
    {
      with: ["double"],
      mirror: "pair",
      tone: "detail",
      line: 1.5,
      corners: [
        [2.6, -2],
        [2.6, -0.6],
      ],
    },
    {
      with: ["double"],
      mirror: "pair",
      tone: "detail",
      line: 1.5,
      corners: [
        [2.6, 3],
        [2.6, 4.4],
      ],
    },
    {
      with: ["pockets"],
      mirror: "pair",
      tone: 0.55,
      line: 1,
      corners: [
        [3, 6],
        [6.2, 5.4],
      ],
    },
    { with: ["belt"], mirror: "outline", tone: 0.6, line: 1.6, corners: [[7, 1.6]] },
  ],
});

// The bag: a body with a handle, a shoulder strap, both, or neither.

import { defineGarment, type Garment } from "./garment.ts";

export const bag: Garment = defineGarment({
  morphs: ["top", "bottom", "width", "handle", "taper"],
  features: { handle: 0.6, shoulder: 0.35, flap: 0.45, clasp: 0.5, seam: 0.4, tag: 0.12 },
  parts: [
    {
      with: ["handle"],
      mirror: "outline",
      tone: 0.85,
      line: 1.5,
      round: 2,
      corners: [
        [5.6, -1],
        [5, -9, { handle: [0.8, 2.6] }],
        [3, -10.6, { handle: [0.6, 2.4] }],
      ],
    },
    {
      with: ["shoulder"],
      mirror: "outline",
      tone: 0.75,
      line: 1,
      round: 1,
      corners: [
        [8.6, -1, { width: [1.6, 0] }],
        [1.2, -13, { handle: [1, 1] }],
      ],
    },
    {
      mirror: "outline",
      tone: 1,
      corners: [
        [8.6, -4, { top: [0, 4.4], width: [2.2, 0], taper: [-1.6, 0] }],
        [9.4, -3, { top: [0, 4.4], width: [2.2, 0], taper: [-1.6, 0] }],
        [10.4, 8, { bottom: [0, 3], width: [2.2, 0] }],
        [9.6, 9, { bottom: [0, 3], width: [2.2, 0] }],
      ],
    },
    {
      with: ["flap"],
      mirror: "outline",
      tone: 0.68,
      corners: [
        [8.8, -3.6, { top: [0, 4.4], width: [2.2, 0], taper: [-1.6, 0] }],
        [9, 0, { top: [0, 3], width: [1.8, 0], taper: [-1.4, 0] }],
        [1.4, 4.4],
      ],
    },
    {
      with: ["clasp"],
      mirror: "outline",
      tone: "detail",
      corners: [
        [1.4, 2.4],
        [1.4, 5.2],
      ],
    },
    {
      with: ["seam"],
      mirror: "pair",
      tone: 0.65,
      line: 0.9,
      corners: [
        [5.4, -1, { top: [0, 3] }],
        [5.8, 8.4],
      ],
    },
    {
      with: ["tag"],
      tone: 0.55,
      line: 1,
      corners: [
        [-11.6, 1],
        [-13.4, 9],
      ],
    },
  ],
});

// The shape of each class of the procedural data set: one line per class, in the order of fashionClasses.

import { ankleBoot } from "./garments/ankle-boot.ts";
import { bag } from "./garments/bag.ts";
import { coat } from "./garments/coat.ts";
import { dress } from "./garments/dress.ts";
import type { Garment } from "./garments/garment.ts";
import { pullover } from "./garments/pullover.ts";
import { sandal } from "./garments/sandal.ts";
import { shirt } from "./garments/shirt.ts";
import { sneaker } from "./garments/sneaker.ts";
import { tShirt } from "./garments/t-shirt.ts";
import { trouser } from "./garments/trouser.ts";

/** The shape of each class, by label. */
export const garments: readonly Garment[] = [
  tShirt,
  trouser,
  pullover,
  dress,
  coat,
  sandal,
  shirt,
  sneaker,
  bag,
  ankleBoot,
];

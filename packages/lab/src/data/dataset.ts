// A classification data set of images, as bytes.

/** Images in rows of `height * width` bytes, 0 black to 255 white, each with a label from 0 to `classes.length - 1`. */
export interface Examples {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** Training and test examples, and the names of the classes. */
export interface Dataset {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly classes: readonly string[];
  readonly train: Examples;
  readonly test: Examples;
}

/** The classes of Fashion-MNIST and of the procedural data set. */
export const fashionClasses: readonly string[] = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

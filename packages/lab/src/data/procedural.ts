// A data set that needs no download: the ten classes of Fashion-MNIST, drawn from a seed.
// Every pixel depends only on the seed and the example's position, by arithmetic that every engine rounds alike.

import { type Initializer, permutation, randomUniform } from "@fanin/core";
import { expectInteger } from "@fanin/tensor/arguments";
import { Canvas, cutCorners } from "./canvas.ts";
import { chooseCloth } from "./cloths.ts";
import { type Dataset, type Examples, fashionClasses } from "./dataset.ts";
import { type Garment, isShown, outlinesOf, type Pose } from "./garments/garment.ts";
import { garments } from "./garments.ts";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CENTRE = SIDE / 2;
const MAX_EXAMPLES = 1_000_000; // examples in one part; a larger number is a typing mistake
const SHAPE_DRAWS = 64; // draws for everything but the grain; the coat, which has the most names, takes 32
const DRAWS = SHAPE_DRAWS + PIXELS; // draws per example
const PARTS = 2; // training and test examples take turns in the stream

/** Options of {@link proceduralDataset}. */
export interface ProceduralOptions {
  /** Defaults to 0. */
  readonly seed?: number | undefined;
  /** The number of training examples. Defaults to 4,000. */
  readonly train?: number | undefined;
  /** The number of test examples. Defaults to 1,000. */
  readonly test?: number | undefined;
}

/** Reads the draws of one example in order. */
class Draws {
  readonly #values: Float32Array;
  #position = 0;

  constructor(values: Float32Array) {
    this.#values = values;
  }

  /** The next draw, in [0, 1). */
  next(): number {
    return this.#values[this.#position++] ?? 0;
  }

  /** The next draw, scaled to [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** The draw at `index`, independent of earlier reads. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }
}

/** Maps the garment's corners to the canvas. */
type Placement = (outline: readonly number[]) => number[];

function drawPlacement(draws: Draws): Placement {
  const [left, top] = [CENTRE + draws.between(-2.1, 2.1), CENTRE + draws.between(-1.8, 1.8)];
  const [width, height] = [draws.between(0.78, 1.1), draws.between(0.8, 1.08)];
  const [slant, roll] = [draws.between(-0.14, 0.14), draws.between(-0.1, 0.1)];
  return (outline) =>
    outline.map((value, i) =>
      i % 2 === 0
        ? left + width * (value + slant * (outline[i + 1] ?? 0))
        : top + height * (value + roll * (outline[i - 1] ?? 0)),
    );
}

function drawPose(garment: Garment, draws: Draws): Pose {
  const morphs = Object.fromEntries(garment.morphs.map((name) => [name, draws.next()]));
  const features = Object.fromEntries(
    Object.entries(garment.features).map(([name, chance]) => [name, draws.next() < chance]),
  );
  return { morphs, features };
}

/** Paints the garment, each part over the earlier ones. */
function paintGarment(canvas: Canvas, garment: Garment, pose: Pose, place: Placement, detail: number): void {
  for (const part of garment.parts) {
    if (!isShown(part, pose)) continue;
    const tone = part.tone === "detail" ? detail : part.tone;
    for (const outline of outlinesOf(part, pose)) {
      const placed = cutCorners(place(outline), part.round ?? 0, part.line === undefined);
      if (part.line === undefined) canvas.polygon(placed, tone);
      else canvas.line(placed, part.line, tone);
    }
  }
}

/** In one of eight examples, a black shape hides a part of the garment. */
function paintOcclusion(canvas: Canvas, draws: Draws): void {
  const hidden = draws.next() < 0.125;
  const [left, top] = [draws.between(4, 18), draws.between(4, 18)];
  const [right, bottom] = [left + draws.between(3, 8), top + draws.between(3, 8)];
  if (hidden) canvas.polygon([left, top, right, top, right, bottom, left, bottom], 0);
}

/** Draws one example and writes its bytes to `image`. */
function drawExample(image: Uint8Array, canvas: Canvas, garment: Garment, draws: Draws): void {
  canvas.clear();
  const place = drawPlacement(draws);
  const pose = drawPose(garment, draws);
  const detail = draws.next() < 0.65 ? draws.between(0.25, 0.75) : draws.between(1.25, 1.7);
  paintGarment(canvas, garment, pose, place, detail);
  paintOcclusion(canvas, draws);
  const brightness = draws.between(0.3, 1.1);
  const texture = chooseCloth(draws.next()).weave(draws.next(), draws.next(), draws.next(), draws.next());
  const grain = draws.between(0.02, 0.16);
  for (let i = 0; i < PIXELS; i++) {
    const tone = canvas.tones[i] ?? 0;
    if (tone === 0) {
      image[i] = 0;
      continue;
    }
    const rough = 1 + grain * (2 * draws.at(SHAPE_DRAWS + i) - 1);
    const value = tone * brightness * texture(i % SIDE, Math.floor(i / SIDE)) * rough;
    image[i] = Math.floor(Math.min(1, value) * 255 + 0.5);
  }
}

/** The examples of one part: 0 for training, 1 for test. */
function drawExamples(part: number, count: number, seed: number, uniform: Initializer): Examples {
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  const canvas = new Canvas(SIDE, SIDE);
  const values = new Float32Array(DRAWS);
  let order: Uint32Array = new Uint32Array(0);
  for (let i = 0; i < count; i++) {
    const position = i % garments.length;
    const ten = (i - position) / garments.length;
    // Every ten examples hold each class once, in a shuffled order: the data are balanced for any number of examples.
    if (position === 0) order = permutation(garments.length, [seed >>> 0, ten * PARTS + part]);
    const label = order[position] ?? 0;
    labels[i] = label;
    uniform.fill(values, [PARTS * MAX_EXAMPLES, DRAWS], { offset: (i * PARTS + part) * DRAWS });
    drawExample(images.subarray(i * PIXELS, (i + 1) * PIXELS), canvas, garments[label] as Garment, new Draws(values));
  }
  return { images, labels };
}

/**
 * A stand-in for Fashion-MNIST without a download: 28 x 28 grey images of its ten classes, drawn from `seed`.
 *
 * Classes are balanced and shuffled. Example i depends only on the seed and on i, so a smaller set is a prefix of a
 * larger one. The bytes are the same on every engine.
 *
 * @throws TypeError or RangeError if the seed is not an integer, or a number of examples is outside 1 .. 1,000,000.
 * @example
 * const { train, test } = proceduralDataset({ train: 4000, test: 1000 });
 * train.images.length; // 4000 * 784
 */
export function proceduralDataset(options: ProceduralOptions = {}): Dataset {
  const { seed = 0, train = 4000, test = 1000 } = options;
  expectInteger("seed", seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  expectInteger("train", train, 1, MAX_EXAMPLES);
  expectInteger("test", test, 1, MAX_EXAMPLES);
  const uniform = randomUniform({ minval: 0, maxval: 1, seed, stream: "keras/tensorflow" });
  return {
    name: "procedural",
    height: SIDE,
    width: SIDE,
    classes: fashionClasses,
    train: drawExamples(0, train, seed, uniform),
    test: drawExamples(1, test, seed, uniform),
  };
}

// The description of a garment: outlines in a frame of 28 x 28 pixels, and how its examples vary.

/**
 * A corner: x pixels to the right of the frame's centre, y pixels below it. Each named morph moves it by (dx, dy) times
 * that morph's draw from [0, 1).
 */
export type Corner<Morph extends string = string> = readonly [
  x: number,
  y: number,
  moved?: { readonly [name in Morph]?: readonly [dx: number, dy: number] },
];

/** One outline, painted over the earlier ones. */
export interface Part<Morph extends string = string, Feature extends string = string> {
  readonly corners: readonly Corner<Morph>[];
  /** A factor of the example's brightness. 0 cuts a hole; "detail" is lighter or darker than the cloth, by example. */
  readonly tone: number | "detail";
  /** "outline": the corners are the right half, and the mirror image completes it. "pair": painted on both sides. */
  readonly mirror?: "outline" | "pair";
  /** The thickness of an open line. Defaults to a filled polygon. */
  readonly line?: number;
  /** The number of times that the corners are cut. Defaults to 0. */
  readonly round?: number;
  /** Painted only if the example has all of these features. */
  readonly with?: readonly Feature[];
  /** Painted only if the example has none of these features. */
  readonly without?: readonly Feature[];
}

/** One class: its morphs, each drawn from [0, 1); its features with their probabilities; its parts from back to front. */
export interface Garment<Morph extends string = string, Feature extends string = string> {
  readonly morphs: readonly Morph[];
  readonly features: { readonly [name in Feature]: number };
  readonly parts: readonly Part<NoInfer<Morph>, NoInfer<Feature>>[];
}

/** The shape of one example: a draw for each morph, and its features. */
export interface Pose {
  readonly morphs: Readonly<Record<string, number>>;
  readonly features: Readonly<Record<string, boolean>>;
}

/** Checks at compile time that the parts name only morphs and features of the garment. */
export function defineGarment<Morph extends string, Feature extends string>(garment: Garment<Morph, Feature>): Garment {
  return garment as Garment;
}

/** Whether `part` is painted in `pose`. */
export function isShown(part: Part, pose: Pose): boolean {
  const has = (name: string): boolean => pose.features[name] === true;
  return (part.with ?? []).every(has) && !(part.without ?? []).some(has);
}

/** The flat corners of `part` in `pose`, once for each time it is painted. */
export function outlinesOf(part: Part, pose: Pose): number[][] {
  const right: number[] = [];
  for (const [x, y, moved] of part.corners) {
    let [px, py] = [x, y];
    for (const name in moved) {
      const [dx, dy] = moved[name] ?? [0, 0];
      const amount = pose.morphs[name] ?? 0;
      px += dx * amount;
      py += dy * amount;
    }
    right.push(px, py);
  }
  if (part.mirror === undefined) return [right];
  const left: number[] = [];
  for (let i = right.length - 2; i >= 0; i -= 2) left.push(-(right[i] ?? 0), right[i + 1] ?? 0);
  return part.mirror === "pair" ? [right, left] : [[...right, ...left]];
}

// The cloths of the procedural data set: factors of a garment's brightness, pixel by pixel. One entry each.

/** The tone at a pixel; 1 for plain cloth. */
export type Texture = (x: number, y: number) => number;

/** A kind of cloth: its probability, and its weave from four draws of [0, 1). */
export interface Cloth {
  readonly name: string;
  /** Its probability; all add up to 1. */
  readonly chance: number;
  weave(a: number, b: number, c: number, d: number): Texture;
}

/** A wave of period 1 between 0 and 1 with straight flanks, half of it near either end. */
function wave(t: number): number {
  const triangle = Math.abs(2 * (t - Math.floor(t)) - 1);
  return Math.min(1, Math.max(0, 2.5 * triangle - 0.75));
}

/** Stripes that go from 1 to `dark` every `period` pixels. */
function stripe(position: number, period: number, phase: number, dark: number): number {
  return 1 - (1 - dark) * wave(position / period + phase);
}

/** Every kind of cloth. */
export const cloths: readonly Cloth[] = [
  { name: "plain", chance: 0.54, weave: () => () => 1 },
  {
    name: "faded",
    chance: 0.1,
    weave: (a, b) => (_x, y) => 1 - (0.25 + 0.35 * a) * (b < 0.5 ? y / 28 : 1 - y / 28),
  },
  {
    name: "across",
    chance: 0.1,
    weave: (a, b, c) => (_x, y) => stripe(y, 3 + 4 * a, b, 0.2 + 0.5 * c),
  },
  {
    name: "along",
    chance: 0.07,
    weave: (a, b, c) => (x) => stripe(x, 3 + 3 * a, b, 0.3 + 0.5 * c),
  },
  {
    name: "checks",
    chance: 0.07,
    weave: (a, b, c, d) => (x, y) => stripe(x, 4 + 3 * a, b, 0.4 + 0.4 * c) * stripe(y, 4 + 3 * a, d, 0.4 + 0.4 * c),
  },
  {
    name: "two tones",
    chance: 0.06,
    weave: (a, b, c) => (_x, y) => (y < 8 + 12 * a === b < 0.5 ? 1 : 0.25 + 0.5 * c),
  },
  {
    name: "spots",
    chance: 0.06,
    weave: (a, b, c, d) => (x, y) => (wave(x / (3 + 3 * a) + b) * wave(y / (3 + 3 * a) + c) > 0.4 ? 0.2 + 0.6 * d : 1),
  },
];

/** The cloth for a draw from [0, 1). */
export function chooseCloth(draw: number): Cloth {
  let below = 0;
  for (const cloth of cloths) {
    below += cloth.chance;
    if (draw < below) return cloth;
  }
  return cloths[0] as Cloth;
}

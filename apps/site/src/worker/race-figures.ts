// The figures of the Race view: curves during training, and final accuracies.
// Source: lineChart and intervalDots of @fanin/lab, which `fanin compare` uses, too.

import { intervalDots, type LinePoint, lineChart } from "@fanin/figures";
import { spread } from "@fanin/lab";
import type { FigureData } from "./figure.ts";
import type { Lane, RaceSession } from "./race-session.ts";

const short = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(4)));

/** Computes mean and range over the seeds of one initializer at each point. */
function points(lanes: readonly Lane[], pick: (lane: Lane) => readonly (number | null)[], unit: number): LinePoint[] {
  const length = Math.max(0, ...lanes.map((lane) => pick(lane).length));
  return Array.from({ length }, (_, i) => {
    const values = lanes.flatMap((lane) => pick(lane)[i] ?? []);
    const range = values.length > 0 ? spread(values) : null;
    return { x: (i + 1) * unit, mean: range?.mean ?? null, low: range?.min ?? null, high: range?.max ?? null };
  });
}

/** Draws training loss by step, or test accuracy by epoch. */
export function curveFigure(race: RaceSession, which: "loss" | "accuracy"): FigureData {
  const { initializers, seeds } = race.config;
  const isLoss = which === "loss";
  const series = initializers.map((name) => {
    const lanes = race.lanes.filter(({ initializer }) => initializer === name);
    return {
      name,
      points: isLoss
        ? points(lanes, ({ losses }) => losses, race.stretch)
        : points(lanes, ({ accuracies }) => accuracies, 1),
      lost: isLoss ? lanes.flatMap(({ diverged }) => diverged ?? []) : [],
    };
  });
  const classes = race.config.layers.at(-1) ?? 10;
  const quantity = isLoss ? "Training loss" : "Test accuracy";
  const step = isLoss ? "step" : "epoch";
  const band = seeds.length > 1 ? `range over ${seeds.length} seeds` : null;
  const svg = lineChart({
    quantity,
    step,
    scale: "linear",
    band,
    series,
    domain: isLoss ? null : [0, 1],
    reference: { value: isLoss ? Math.log(classes) : 1 / classes, name: "guessing" },
  });
  const length = Math.max(...series.map((one) => one.points.length));
  return {
    key: which,
    svg,
    caption: `${quantity} by ${step}: mean${band ? ` and ${band}` : ""}.`,
    columns: [step, ...initializers.flatMap((name) => [name, `${name}: low`, `${name}: high`])],
    rows: Array.from({ length }, (_, i) => [
      series.find((one) => one.points[i])?.points[i]?.x ?? i + 1,
      ...series.flatMap((one) =>
        [one.points[i]?.mean, one.points[i]?.low, one.points[i]?.high].map((v) => short(v ?? null)),
      ),
    ]),
  };
}

/** Draws the final test accuracies. */
export function finalFigure(race: RaceSession): FigureData {
  const { initializers, seeds } = race.config;
  const groups = initializers.map((name) => {
    const lanes = race.lanes.filter(({ initializer }) => initializer === name);
    const dots = lanes.map(({ accuracies, diverged }) => ({
      value: accuracies.at(-1) ?? 0,
      diverged: diverged !== null,
    }));
    const { mean, interval } = spread(dots.map(({ value }) => value));
    return { name, mean, interval, dots };
  });
  return {
    key: "final",
    svg: intervalDots({
      quantity: "Final test accuracy",
      decimals: 3,
      groups,
      reference: { value: 1 / (race.config.layers.at(-1) ?? 10), name: "guessing" },
    }),
    caption: "Final test accuracy, one dot per seed.",
    columns: ["initializer", ...seeds.map((seed) => `seed ${seed}`)],
    rows: groups.map(({ name, dots }) => [name, ...dots.map(({ value }) => short(value))]),
  };
}

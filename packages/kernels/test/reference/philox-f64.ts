// Reference implementations of the double Philox kernels: one block at a time, with log, sin and cos rounded from exact arithmetic.

import { logExact, sincosExact } from "./exact-math.ts";
import { fillGroups, withinCut } from "./philox.ts";

const view = new DataView(new ArrayBuffer(8));

function unit(x0: number, x1: number): number {
  view.setUint32(0, (x0 & 0xfffff) | 0x3ff00000);
  view.setUint32(4, x1);
  return view.getFloat64(0) - 1;
}

function boxMuller([x0 = 0, x1 = 0, x2 = 0, x3 = 0]: readonly number[]): number[] {
  const radius = Math.sqrt(-2 * logExact(Math.max(unit(x0, x1), 1e-7)));
  return sincosExact(2 * Math.PI * unit(x2, x3)).map((value) => value * radius);
}

const exact = (x: number): number => x;

export const philox_uniform_f64 = fillGroups<Float64Array>(2, 1, exact, (block) => {
  const [x0 = 0, x1 = 0, x2 = 0, x3 = 0] = block(0);
  return [unit(x0, x1), unit(x2, x3)];
});
export const philox_normal_f64 = fillGroups<Float64Array>(2, 1, exact, (block) => boxMuller(block(0)));
export const philox_truncated_normal_f64 = fillGroups<Float64Array>(2, 128, exact, (block) =>
  withinCut(2, (i) => boxMuller(block(i))),
);

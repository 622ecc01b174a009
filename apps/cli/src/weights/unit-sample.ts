// Collects the units of a kernel from chunks: all units, with a sample of their inputs if the kernel is large.

import type { Layout, UnitMatrix } from "@fanin/lab/weights";
import { WHOLE } from "../values/stored-values.ts";

type Values = Float32Array | Float64Array;

/** Maximum number of sampled values of a kernel. */
const KEPT = 2 ** 21;

/** Samples evenly spaced inputs of every unit. */
export class UnitSample {
  readonly #units: number;
  readonly #inputs: number;
  readonly #layout: Layout;
  readonly #step: number;
  readonly #kept: Float32Array;
  readonly #keptInputs: number;
  #seen = 0;

  /** Prepares a sample for a kernel of `shape` that is too large to read at once. */
  constructor(shape: readonly number[], layout: Layout) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    this.#layout = layout;
    this.#units = (layout === "keras" ? shape.at(-1) : shape[0]) ?? 1;
    this.#inputs = size / this.#units;
    this.#keptInputs = Math.min(this.#inputs, Math.max(1, Math.floor(KEPT / this.#units)));
    this.#step = Math.floor(this.#inputs / this.#keptInputs);
    this.#kept = new Float32Array(this.#units * this.#keptInputs);
  }

  /** Whether a kernel of `count` values is sampled, not read at once. */
  static isNeeded(count: number): boolean {
    return count > WHOLE;
  }

  add(values: Values): void {
    const start = this.#seen;
    this.#seen += values.length;
    if (this.#layout === "keras") this.#addRows(values, start);
    else this.#addUnits(values, start);
  }

  /** Each row is one input of all units. */
  #addRows(values: Values, start: number): void {
    const end = start + values.length;
    for (
      let input = Math.ceil((start - this.#units + 1) / this.#units / this.#step);
      input < this.#keptInputs;
      input++
    ) {
      const row = Math.max(0, input) * this.#step * this.#units;
      if (row >= end) return;
      const [from, to] = [Math.max(row, start), Math.min(row + this.#units, end)];
      if (from < to)
        this.#kept.set(values.subarray(from - start, to - start), Math.max(0, input) * this.#units + from - row);
    }
  }

  /** Each row is one unit with all of its inputs. */
  #addUnits(values: Values, start: number): void {
    const end = start + values.length;
    for (let unit = Math.floor(start / this.#inputs); unit < this.#units && unit * this.#inputs < end; unit++) {
      for (let k = 0; k < this.#keptInputs; k++) {
        const at = unit * this.#inputs + k * this.#step;
        if (at >= end) return;
        if (at >= start) this.#kept[unit * this.#keptInputs + k] = values[at - start] as number;
      }
    }
  }

  matrix(): UnitMatrix {
    const [units, inputs] = [this.#units, this.#keptInputs];
    return this.#layout === "keras"
      ? { values: this.#kept, inputs, units, inputStride: units, unitStride: 1 }
      : { values: this.#kept, inputs, units, inputStride: 1, unitStride: inputs };
  }
}

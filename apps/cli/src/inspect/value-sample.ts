// Values by which a family is told: all of a tensor, or evenly spaced ones of a large tensor, taken piece by piece.

import { WHOLE } from "../values/stored-values.ts";

/** About as many are kept of a larger one. */
const SAMPLE = 2 ** 16;

type Values = Float32Array | Float64Array;

/** Gathers values: all where they come in one piece, for how a kernel is built shows only so. */
export class ValueSample {
  readonly #stride: number;
  readonly #kept: number[] = [];
  #whole: Values | undefined;
  #next = 0;
  #seen = 0;

  /** `count` values will come. */
  constructor(count: number) {
    // Odd, because a stride that divides the length of a row would see only some of its columns.
    this.#stride = count <= WHOLE ? 1 : Math.ceil(count / SAMPLE) | 1;
  }

  add(values: Values): void {
    if (this.#stride === 1) {
      this.#whole = values;
      return;
    }
    for (; this.#next < this.#seen + values.length; this.#next += this.#stride) {
      this.#kept.push(values[this.#next - this.#seen] as number);
    }
    this.#seen += values.length;
  }

  values(): Values {
    return this.#whole ?? Float64Array.from(this.#kept);
  }
}

// Collects values to identify an initializer: all values, or evenly spaced ones of a large tensor, from chunks.

import { WHOLE } from "../values/stored-values.ts";

/** Approximate number of values kept of a larger tensor. */
const SAMPLE = 2 ** 16;

type Values = Float32Array | Float64Array;

/** Collects values: all if they come in one chunk, because only those show the structure of a kernel. */
export class ValueSample {
  readonly #stride: number;
  readonly #kept: number[] = [];
  #whole: Values | undefined;
  #next = 0;
  #seen = 0;

  /** Prepares for `count` values. */
  constructor(count: number) {
    // Odd, because a stride that divides the length of a row would sample only some columns.
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

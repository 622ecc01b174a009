// The seeds that a model draws: counted event by event in a first pass, and handed out in the order of events in a second.
// Source: keras/src/random/seed_generator.py (make_default_seed) 3.15.1; CPython's random.randint.

import { PythonRandom } from "../random/python-random.ts";

/** The seeds of each event, such as the making of one layer. */
export type SeedTable = ReadonlyMap<string, readonly number[]>;

/** Draws the seeds of one model. */
export class Seeds {
  /** How many seeds each event has drawn. */
  readonly counts: Map<string, number> = new Map();
  readonly #table: SeedTable | undefined;
  #event = "";
  #muted = false;

  /** Without a table every seed is 1, and the draws are only counted. */
  constructor(table?: SeedTable) {
    this.#table = table;
  }

  /** The next seed of the current event, from 1 to 10^9. */
  next(): number {
    if (this.#muted) return 1;
    const drawn = this.counts.get(this.#event) ?? 0;
    this.counts.set(this.#event, drawn + 1);
    return this.#table?.get(this.#event)?.[drawn] ?? 1;
  }

  /** Runs `action`, whose draws belong to `event`. */
  during<T>(event: string, action: () => T): T {
    const before = this.#event;
    this.#event = event;
    try {
      return action();
    } finally {
      this.#event = before;
    }
  }

  /** Runs `trial` without drawing: to see which weights a layer would have. */
  muted<T>(trial: () => T): T {
    const before = this.#muted;
    this.#muted = true;
    try {
      return trial();
    } finally {
      this.#muted = before;
    }
  }
}

/** The seeds that Python's `random` gives after `set_random_seed(seed)` where events happen in this order. */
export function seedTable(seed: bigint, events: readonly string[], counts: ReadonlyMap<string, number>): SeedTable {
  const random = new PythonRandom(seed);
  return new Map(
    events.map((event) => [event, Array.from({ length: counts.get(event) ?? 0 }, () => random.randint1e9())]),
  );
}

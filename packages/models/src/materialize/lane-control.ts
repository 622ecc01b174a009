// What the lanes of one run share: which shard and which segment is next, what is written, and whether to stop.
// Plain shared memory, because a lane is busy filling and reads no messages.

/** Why lanes stop before the end. */
export const stops = { none: 0, interrupted: 1, failed: 2 } as const;

/** One of them. */
export type Stop = (typeof stops)[keyof typeof stops];

/** A shard before, while and after a lane owns it. */
const states = { waiting: 0, open: 1, finished: 2 } as const;

const STOP = 0;
const NEXT_SHARD = 1;
const HEAD = 2; // words before those of the shards
const STATE = 0;
const NEXT_SEGMENT = 1;
const PER_SHARD = 2; // words of each shard before the flags of its segments

/** The memory of a run, as threads hand it over. */
export interface ControlMemory {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly written: BigInt64Array<SharedArrayBuffer>;
  /** Segments of each shard that is to be written. */
  readonly segments: readonly number[];
}

/** The memory of a run that has not begun. */
export function controlMemory(segments: readonly number[]): ControlMemory {
  const length = segments.reduce((sum, count) => sum + PER_SHARD + count, HEAD);
  return {
    words: new Int32Array(new SharedArrayBuffer(4 * length)),
    written: new BigInt64Array(new SharedArrayBuffer(8)),
    segments,
  };
}

/** One thread's access to the memory; shards are numbered as they are to be written. */
export class LaneControl {
  readonly #memory: ControlMemory;
  readonly #places: readonly number[];

  constructor(memory: ControlMemory) {
    this.#memory = memory;
    let place = HEAD;
    this.#places = memory.segments.map((count) => {
      const own = place;
      place += PER_SHARD + count;
      return own;
    });
  }

  #at(shard: number): number {
    return this.#places[shard] ?? 0;
  }

  /** The reason to stop, if there is one. */
  get stop(): Stop {
    return Atomics.load(this.#memory.words, STOP) as Stop;
  }

  /** Tells every lane to stop; the first reason stands. */
  stopAll(reason: Stop): void {
    Atomics.compareExchange(this.#memory.words, STOP, stops.none, reason);
  }

  /** A shard that nobody has; undefined where none is left. */
  takeShard(): number | undefined {
    const shard = Atomics.add(this.#memory.words, NEXT_SHARD, 1);
    return shard < this.#memory.segments.length ? shard : undefined;
  }

  /** Lets others take segments of a shard, whose file is there now. */
  open(shard: number): void {
    Atomics.store(this.#memory.words, this.#at(shard) + STATE, states.open);
  }

  /** Says that a shard is in place. */
  finish(shard: number): void {
    Atomics.store(this.#memory.words, this.#at(shard) + STATE, states.finished);
  }

  isFinished(shard: number): boolean {
    return Atomics.load(this.#memory.words, this.#at(shard) + STATE) === states.finished;
  }

  /** A segment of `shard` that nobody has; undefined where none is left. */
  takeSegment(shard: number): number | undefined {
    const segment = Atomics.add(this.#memory.words, this.#at(shard) + NEXT_SEGMENT, 1);
    return segment < (this.#memory.segments[shard] ?? 0) ? segment : undefined;
  }

  /** The shard of another lane with the most segments that nobody has; undefined where there is none. */
  openShard(): number | undefined {
    let [best, most] = [-1, 0];
    for (const [shard, count] of this.#memory.segments.entries()) {
      if (Atomics.load(this.#memory.words, this.#at(shard) + STATE) !== states.open) continue;
      const left = count - Atomics.load(this.#memory.words, this.#at(shard) + NEXT_SEGMENT);
      if (left > most) [best, most] = [shard, left];
    }
    return best < 0 ? undefined : best;
  }

  /** Whether some shard is taken, or will be, but has no file yet: it may want help in a moment. */
  get isAnyWaiting(): boolean {
    return this.#places.some((place) => Atomics.load(this.#memory.words, place + STATE) === states.waiting);
  }

  /** Says that a segment is in the file. */
  markWritten(shard: number, segment: number, bytes: number): void {
    Atomics.store(this.#memory.words, this.#at(shard) + PER_SHARD + segment, 1);
    Atomics.add(this.#memory.written, 0, BigInt(bytes));
  }

  isWritten(shard: number, segment: number): boolean {
    return Atomics.load(this.#memory.words, this.#at(shard) + PER_SHARD + segment) === 1;
  }

  /** Bytes that all lanes have written. */
  get written(): number {
    return Number(Atomics.load(this.#memory.written, 0));
  }
}

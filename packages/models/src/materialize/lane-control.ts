// The shared state of the shard writers of one run: the next shard and segment, the progress, and the reason to stop.
// Shared memory, because a busy writer reads no messages.

/** The reasons for shard writers to stop early. */
export const stops = { none: 0, interrupted: 1, failed: 2 } as const;

/** A reason to stop. */
export type Stop = (typeof stops)[keyof typeof stops];

/** The states of a shard. */
const states = { waiting: 0, open: 1, finished: 2 } as const;

const STOP = 0;
const NEXT_SHARD = 1;
const HEAD = 2; // words before those of the shards
const STATE = 0;
const NEXT_SEGMENT = 1;
const PER_SHARD = 2; // words of each shard before the flags of its segments

/** The memory of a run, for transfer between threads. */
export interface ControlMemory {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly written: BigInt64Array<SharedArrayBuffer>;
  /** The number of segments of each shard to write. */
  readonly segments: readonly number[];
}

/** Makes the memory of a new run. */
export function controlMemory(segments: readonly number[]): ControlMemory {
  const length = segments.reduce((sum, count) => sum + PER_SHARD + count, HEAD);
  return {
    words: new Int32Array(new SharedArrayBuffer(4 * length)),
    written: new BigInt64Array(new SharedArrayBuffer(8)),
    segments,
  };
}

/** One thread's access to the memory. Shards are numbered in the order of writing. */
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

  /** Stops every shard writer; the first reason stands. */
  stopAll(reason: Stop): void {
    Atomics.compareExchange(this.#memory.words, STOP, stops.none, reason);
  }

  /** Takes a free shard; undefined if none is left. */
  takeShard(): number | undefined {
    const shard = Atomics.add(this.#memory.words, NEXT_SHARD, 1);
    return shard < this.#memory.segments.length ? shard : undefined;
  }

  /** Lets others take segments of a shard, after its file exists. */
  open(shard: number): void {
    Atomics.store(this.#memory.words, this.#at(shard) + STATE, states.open);
  }

  /** Marks a shard as in place. */
  finish(shard: number): void {
    Atomics.store(this.#memory.words, this.#at(shard) + STATE, states.finished);
  }

  isFinished(shard: number): boolean {
    return Atomics.load(this.#memory.words, this.#at(shard) + STATE) === states.finished;
  }

  /** Takes a free segment of `shard`; undefined if none is left. */
  takeSegment(shard: number): number | undefined {
    const segment = Atomics.add(this.#memory.words, this.#at(shard) + NEXT_SEGMENT, 1);
    return segment < (this.#memory.segments[shard] ?? 0) ? segment : undefined;
  }

  /** The shard of another writer with the most free segments; undefined if there is none. */
  openShard(): number | undefined {
    let [best, most] = [-1, 0];
    for (const [shard, count] of this.#memory.segments.entries()) {
      if (Atomics.load(this.#memory.words, this.#at(shard) + STATE) !== states.open) continue;
      const left = count - Atomics.load(this.#memory.words, this.#at(shard) + NEXT_SEGMENT);
      if (left > most) [best, most] = [shard, left];
    }
    return best < 0 ? undefined : best;
  }

  /** Whether some shard has no file yet, so that it may need help soon. */
  get isAnyWaiting(): boolean {
    return this.#places.some((place) => Atomics.load(this.#memory.words, place + STATE) === states.waiting);
  }

  /** Marks a segment as written. */
  markWritten(shard: number, segment: number, bytes: number): void {
    Atomics.store(this.#memory.words, this.#at(shard) + PER_SHARD + segment, 1);
    Atomics.add(this.#memory.written, 0, BigInt(bytes));
  }

  isWritten(shard: number, segment: number): boolean {
    return Atomics.load(this.#memory.words, this.#at(shard) + PER_SHARD + segment) === 1;
  }

  /** The number of bytes that all writers have written. */
  get written(): number {
    return Number(Atomics.load(this.#memory.written, 0));
  }
}

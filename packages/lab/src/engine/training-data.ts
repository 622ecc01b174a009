// A data set in WebAssembly memory that gathers batches.

import { getRuntime } from "@fanin/core/runtime";
import type { Examples } from "../data/dataset.ts";

/**
 * Examples in the engine's format: bytes of pixels and u32 labels, both by pointer.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const { train, height, width } = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * new TrainingData(train, height * width, 0, 48, 16).count; // => 48
 */
export class TrainingData {
  readonly count: number;
  readonly features: number;
  readonly #images: number;
  readonly #labels: number;
  readonly #order: number;
  readonly #batch: number;
  readonly #batchLabels: number;

  /** Copies the examples `from` .. `to` - 1 and allocates batches of `capacity` rows. */
  constructor(examples: Examples, features: number, from: number, to: number, capacity: number) {
    const { arena } = getRuntime();
    this.count = to - from;
    this.features = features;
    this.#images = arena.alloc(this.count * features);
    this.#labels = arena.alloc(this.count * 4);
    this.#order = arena.alloc(this.count * 4);
    this.#batch = arena.alloc(capacity * features * 4);
    this.#batchLabels = arena.alloc(capacity * 4);
    arena.u8(this.#images, this.count * features).set(examples.images.subarray(from * features, to * features));
    arena.u32(this.#labels, this.count).set(examples.labels.subarray(from, to));
    this.reorder(Uint32Array.from({ length: this.count }, (_, i) => i));
  }

  /** Sets the order of the examples in batches. */
  reorder(order: Uint32Array): void {
    getRuntime().arena.u32(this.#order, this.count).set(order);
  }

  /** Gathers `rows` examples from position `start` of the order; returns pointers to pixels / 255 and labels. */
  batch(start: number, rows: number): { x: number; labels: number } {
    const { kernels, arena } = getRuntime();
    const chosen = this.#order + start * 4;
    kernels.gather_u8_f32(this.#batch, this.#images, chosen, rows, this.features);
    const labels = arena.u32(this.#labels, this.count);
    const batchLabels = arena.u32(this.#batchLabels, rows);
    const order = arena.u32(chosen, rows);
    for (let r = 0; r < rows; r++) batchLabels[r] = labels[order[r] ?? 0] ?? 0;
    return { x: this.#batch, labels: this.#batchLabels };
  }

  /** Frees the memory. */
  dispose(): void {
    const { arena } = getRuntime();
    for (const pointer of [this.#images, this.#labels, this.#order, this.#batch, this.#batchLabels])
      arena.free(pointer);
  }
}

// The seeds of tensors without one: from the base seed and the tensor's name, or its index in the list.
// Source: docs/materialize.md states both rules; they are part of the format and never change.

import { createHash } from "node:crypto";

/** The rule for the seed of a tensor without one. */
export type SeedRule = "name" | "index";

/** All rules. */
export const seedRules: readonly SeedRule[] = ["name", "index"];

/** Some streams change or refuse seeds from here on. */
const SEED_END = 2147483646;

/** The eight words of the SHA-256 of `text`, big-endian, each without its highest bit. */
function wordsOf(text: string): number[] {
  const digest = createHash("sha256").update(text).digest();
  return Array.from({ length: 8 }, (_, i) => digest.readUInt32BE(4 * i) & 0x7fffffff);
}

/** Gives seeds to the tensors of one list, in the list's order. */
export class SeedSource {
  readonly #base: number | bigint;
  readonly #rule: SeedRule;
  readonly #taken: Set<number> = new Set();

  constructor(base: number | bigint, rule: SeedRule) {
    this.#base = base;
    this.#rule = rule;
  }

  /**
   * The seed of the tensor `name`, the `index`-th of the list.
   *
   * By `index`, it is base + index. By `name`, it is the first of the 31-bit words of SHA-256("<base>/<name>") that is below
   * 2147483646 and not the seed of an earlier tensor. Except for such a collision (one in two thousand million), it does not
   * depend on the tensor's index. (After eight such words, the text gets another "/" at its end and is hashed again.)
   */
  seedOf(name: string, index: number): number | bigint {
    if (this.#rule === "index") {
      const seed = BigInt(this.#base) + BigInt(index);
      return Number.isSafeInteger(Number(seed)) ? Number(seed) : seed;
    }
    for (let text = `${this.#base}/${name}`; ; text += "/") {
      const word = wordsOf(text).find((candidate) => candidate < SEED_END && !this.#taken.has(candidate));
      if (word === undefined) continue;
      this.#taken.add(word);
      return word;
    }
  }
}

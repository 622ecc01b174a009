// Thousands of damaged files, the same ones every time: each is read or refused, quickly, within bounded memory.
// A find is printed in base64: the reader is mended, and the file goes into ../corpus, named NAME.CODE.SUFFIX (`read` for no code).

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type * as Formats from "../../src/index.ts";
import type { SkippedTensor } from "../../src/index.ts";
import { loadCounted, takeAllocated } from "./counted-formats.ts";
import { Mutator } from "./mutation.ts";

/** Mutants of each format in the long tests, where the format has no number of its own. */
const RUNS = 200_000;

/** Mutants of each format otherwise: the first of the same ones. */
const SHARE = 10_000;

/** Milliseconds for a file of a few hundred bytes, on a machine that has much else to do. */
const SLOWEST = 2000;

/** A reader, and what it is given. */
export interface FuzzTarget {
  readonly format: string;
  /** Files that are right, small, and together use all that the format has. */
  readonly seeds: readonly Uint8Array[];
  /** Text that means something in the format. */
  readonly tokens: readonly string[];
  /** The next mutant; a mutation of `seed` unless said otherwise. */
  mutant?(mutator: Mutator, seed: Uint8Array, run: number): Uint8Array;
  /** What it gives may say what was left out, which counts as refused. */
  read(formats: typeof Formats, bytes: Uint8Array, run: number): unknown;
  /** The most bytes that reading `length` bytes may allocate. */
  bound(length: number): number;
  /** How many mutants the long tests have. */
  readonly runs?: number;
  /** How many codes of refusal the mutants must bring at least. */
  readonly codes: number;
}

/** Declares the tests of one reader. */
export function fuzz(target: FuzzTarget): void {
  const { format, seeds, tokens, read, bound } = target;
  const runs = process.env["FANIN_LONG"] ? (target.runs ?? RUNS) : SHARE;
  const mutant = target.mutant ?? ((mutator: Mutator, seed: Uint8Array) => mutator.mutant(seed));
  let formats: typeof Formats;
  const { stackTraceLimit } = Error;

  const codeOf = (reading: unknown): string =>
    (reading as { readonly skipped?: readonly SkippedTensor[] } | undefined)?.skipped?.[0]?.code ?? "read";

  /** "read", or the code of the refusal; anything else is a find, and throws. */
  function outcome(bytes: Uint8Array, run: number, attempt = 1): string | Promise<string> {
    takeAllocated();
    const start = performance.now();
    const find = (what: string, cause?: unknown): never => {
      throw new Error(`run ${run}: ${what}\n${Buffer.from(bytes).toString("base64")}`, { cause });
    };
    const ended = (code: string): string | Promise<string> => {
      const allocated = takeAllocated();
      if (allocated > bound(bytes.length)) find(`${allocated} bytes allocated for a file of ${bytes.length}`);
      if (performance.now() - start < SLOWEST) return code;
      // A machine that was elsewhere for so long is not slow three times in a row.
      return attempt < 3 ? outcome(bytes, run, attempt + 1) : find("it takes too long");
    };
    const failed = (error: unknown): string | Promise<string> =>
      error instanceof formats.MalformedFileError ? ended(error.code) : find(String(error), error);
    try {
      const reading = read(formats, bytes, run);
      return reading instanceof Promise
        ? reading.then((result) => ended(codeOf(result)), failed)
        : ended(codeOf(reading));
    } catch (error) {
      return failed(error);
    }
  }

  beforeAll(async () => {
    formats = await loadCounted();
    // Where an error came from does not matter to most of a million refusals, and takes longer than the refusal.
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    vi.unstubAllGlobals();
    Error.stackTraceLimit = stackTraceLimit;
  });

  describe(`${format}, damaged`, () => {
    it("is read when it is whole", async () => {
      for (const [run, seed] of seeds.entries()) {
        takeAllocated();
        await read(formats, seed, 8 * run + 1);
        const allocated = takeAllocated();
        // The count sees the package's own arrays: else the bound below holds for nothing.
        expect(allocated).toBeGreaterThan(0);
        expect(allocated).toBeLessThanOrEqual(bound(seed.length));
      }
    });

    it(`is read or refused ${runs} times, and never anything else`, async () => {
      const mutator = new Mutator(20260820, tokens);
      const codes = new Set<string>();
      let readable = 0;
      for (let run = 0; run < runs; run++) {
        const bytes = mutant(mutator, seeds[run % seeds.length] as Uint8Array, run);
        // Waiting for what is there already would double the time.
        const pending = outcome(bytes, run);
        const code = pending instanceof Promise ? await pending : pending;
        if (code === "read") readable++;
        else codes.add(code);
      }
      // The damage must be of many kinds, and not all of it fatal: else this test says little.
      expect(codes.size).toBeGreaterThanOrEqual(target.codes);
      expect(readable).toBeGreaterThan(runs / 100);
    });

    const corpus = new URL(`../corpus/${format}/`, import.meta.url);
    it.each(readdirSync(corpus))("as in corpus/%s", async (name) => {
      const [, code] = name.split(".");
      expect(await outcome(new Uint8Array(readFileSync(new URL(name, corpus))), 1)).toBe(code);
    });
  });
}

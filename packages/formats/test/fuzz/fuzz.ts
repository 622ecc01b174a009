// Feeds thousands of damaged files, from a fixed seed, to the readers: each is read or rejected, quickly, in bounded memory.
// A failure prints the file in base64. Fix the reader, and add the file to ../corpus as NAME.CODE.SUFFIX (CODE is `read` if it is valid).

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type * as Formats from "../../src/index.ts";
import type { SkippedTensor } from "../../src/index.ts";
import { loadCounted, takeAllocated } from "./counted-formats.ts";
import { Mutator } from "./mutation.ts";

/** Default number of mutants of each format in the long tests. */
const RUNS = 200_000;

/** Number of mutants of each format otherwise; they are the first of the long tests' mutants. */
const SHARE = 10_000;

/** Milliseconds for a file of a few hundred bytes, on a busy machine. */
const SLOWEST = 2000;

/** A reader and its inputs. */
export interface FuzzTarget {
  readonly format: string;
  /** Small valid files that together use every feature of the format. */
  readonly seeds: readonly Uint8Array[];
  /** Tokens of the format. */
  readonly tokens: readonly string[];
  /** Makes the next mutant. Defaults to a mutation of `seed`. */
  mutant?(mutator: Mutator, seed: Uint8Array, run: number): Uint8Array;
  /** Reads a file. Skipped tensors in the result count as rejections. */
  read(formats: typeof Formats, bytes: Uint8Array, run: number): unknown;
  /** Maximum allocation, in bytes, for reading `length` bytes. */
  bound(length: number): number;
  /** Number of mutants in the long tests. */
  readonly runs?: number;
  /** Number of mutants otherwise. */
  readonly share?: number;
  /** Maximum length of a mutant. */
  readonly maxLength?: number;
  /** Minimum number of different error codes. */
  readonly codes: number;
}

/** Declares the tests of one reader. */
export function fuzz(target: FuzzTarget): void {
  const { format, seeds, tokens, read, bound } = target;
  const runs = process.env["FANIN_LONG"] ? (target.runs ?? RUNS) : (target.share ?? SHARE);
  const mutant = target.mutant ?? ((mutator: Mutator, seed: Uint8Array) => mutator.mutant(seed));
  let formats: typeof Formats;
  const { stackTraceLimit } = Error;

  const codeOf = (reading: unknown): string =>
    (reading as { readonly skipped?: readonly SkippedTensor[] } | undefined)?.skipped?.[0]?.code ?? "read";

  /** Returns "read" or the error code; throws for any other outcome. */
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
      // A busy machine is unlikely to be slow three times in a row.
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
    // Stack traces would take longer than the rejections themselves.
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    vi.unstubAllGlobals();
    Error.stackTraceLimit = stackTraceLimit;
  });

  describe(`${format}, damaged`, () => {
    it("reads intact files", async () => {
      for (const [run, seed] of seeds.entries()) {
        takeAllocated();
        await read(formats, seed, 8 * run + 1);
        const allocated = takeAllocated();
        // Checks that the count includes the package's arrays; otherwise the bound below would test nothing.
        expect(allocated).toBeGreaterThan(0);
        expect(allocated).toBeLessThanOrEqual(bound(seed.length));
      }
    });

    it(`reads or rejects ${runs} mutants, with no other outcome`, async () => {
      const mutator = new Mutator(20260820, tokens, target.maxLength);
      const codes = new Set<string>();
      let readable = 0;
      for (let run = 0; run < runs; run++) {
        const bytes = mutant(mutator, seeds[run % seeds.length] as Uint8Array, run);
        // Awaiting a value that is not a promise would double the time.
        const pending = outcome(bytes, run);
        const code = pending instanceof Promise ? await pending : pending;
        if (code === "read") readable++;
        else codes.add(code);
      }
      // The mutants must fail in many ways, and some must be valid.
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

// What is read at most, for every package: a bound for whatever a file or a user can make large.

import { jsonBounds } from "@fanin/tensor/arguments";

/** Bounds of a reader; every one is checked before what it bounds is read, allocated or computed. */
export interface Limits {
  /** The most values in JSON; an object of two numbers is three. */
  readonly jsonValues: number;
  /** The deepest nesting of JSON. */
  readonly jsonDepth: number;
  /** The longest safetensors header or tfjs model.json, in bytes. */
  readonly headerBytes: number;
  /** The longest .npy header, in bytes; NumPy's own limit. */
  readonly npyHeaderBytes: number;
  /** The most entries of a .npz file. */
  readonly entries: number;
  /** The most bytes that one compressed entry inflates to; stored entries are bounded by the file itself. */
  readonly entryBytes: number;
  /** The most bytes that all compressed entries together inflate to. */
  readonly totalBytes: number;
  /** The most that a compressed entry over 1 MiB is smaller than its content. */
  readonly ratio: number;
}

/** Bounds of what people write by hand: specifications, options, names. Every number is far above what is of use. */
export const textLimits = {
  /** The most characters of a YAML file. */
  yamlCharacters: 4_194_304,
  /** The most tokens of a YAML file: a list has four for each value. */
  yamlTokens: 200_000,
  /** The deepest nesting of YAML. */
  yamlDepth: 50,
  /** The most values that aliases stand for, for each value that is written. */
  yamlAliases: 100,
  /** The most layers of a network that is described by its sizes. */
  layers: 10_000,
} as const;

/** How a file is read: its name for messages, and bounds other than the defaults. */
export interface ReadOptions extends Partial<Limits> {
  readonly file?: string | undefined;
}

/** The defaults of `@fanin/formats`, fit for a browser tab. */
export const browserLimits: Limits = {
  jsonValues: 500_000,
  jsonDepth: jsonBounds.depth,
  headerBytes: 16 * 2 ** 20,
  npyHeaderBytes: 10_000,
  entries: 10_000,
  entryBytes: 512 * 2 ** 20,
  totalBytes: 512 * 2 ** 20,
  ratio: 200,
};

/** The defaults of `@fanin/formats/node`; 100 MB is the reference implementation's limit of a safetensors header. */
export const nodeLimits: Limits = {
  ...browserLimits,
  jsonValues: jsonBounds.values,
  headerBytes: 100_000_000,
  entryBytes: 2 * 2 ** 30,
  totalBytes: 2 * 2 ** 30,
};

/**
 * The defaults, with what `options` says.
 *
 * @throws RangeError for a bound that is not a number of 0 or more.
 */
export function limitsOf(options: ReadOptions): Limits {
  const limits: Record<keyof Limits, number> = { ...browserLimits };
  for (const name of Object.keys(browserLimits) as (keyof Limits)[]) {
    const value = options[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0)) {
      throw new RangeError(`limits.${name}: expected a number of 0 or more, got ${String(value)}`);
    }
    limits[name] = value;
  }
  return limits;
}

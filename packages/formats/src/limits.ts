// Limits of readers, for every package: a bound for everything that a file or a user can make large.

import { jsonBounds } from "@fanin/tensor/arguments";

/** Limits of a reader. Each is checked before the bounded data is read, allocated or computed. */
export interface Limits {
  /** Maximum number of values in JSON; an object of two numbers counts as three. */
  readonly jsonValues: number;
  /** Maximum nesting of JSON. */
  readonly jsonDepth: number;
  /** Maximum length of a safetensors header or a tfjs model.json, in bytes. */
  readonly headerBytes: number;
  /** Maximum length of a .npy header, in bytes; equals NumPy's limit. */
  readonly npyHeaderBytes: number;
  /** Maximum number of entries of a .npz file. */
  readonly entries: number;
  /** Maximum inflated bytes of one compressed entry; the file itself bounds stored entries. */
  readonly entryBytes: number;
  /** Maximum inflated bytes of all compressed entries together. */
  readonly totalBytes: number;
  /** Maximum ratio of inflated to compressed bytes of an entry over 1 MiB. */
  readonly ratio: number;
  /** Maximum number of groups, data sets and links of an HDF5 file, of those that are no state of an optimizer. */
  readonly hdf5Objects: number;
}

/** Limits of handwritten input: specifications, options, names. Each is far above realistic values. */
export const textLimits = {
  /** Maximum number of characters of a YAML file. */
  yamlCharacters: 4_194_304,
  /** Maximum number of tokens of a YAML file; a list has four for each value. */
  yamlTokens: 200_000,
  /** Maximum nesting of YAML. */
  yamlDepth: 50,
  /** Maximum number of aliased values per written value. */
  yamlAliases: 100,
  /** Maximum number of layers of a network that is given by its sizes. */
  layers: 10_000,
} as const;

/** Options for reading a file: its name for messages, and limits other than the defaults. */
export interface ReadOptions extends Partial<Limits> {
  readonly file?: string | undefined;
}

/** The defaults of `@fanin/formats`, suited to a browser tab. */
export const browserLimits: Limits = {
  jsonValues: 500_000,
  jsonDepth: jsonBounds.depth,
  headerBytes: 16 * 2 ** 20,
  npyHeaderBytes: 10_000,
  entries: 10_000,
  entryBytes: 512 * 2 ** 20,
  totalBytes: 512 * 2 ** 20,
  ratio: 200,
  hdf5Objects: 50_000,
};

/** The defaults of `@fanin/formats/node`. The reference implementation of safetensors limits a header to 100 MB, too. */
export const nodeLimits: Limits = {
  ...browserLimits,
  jsonValues: jsonBounds.values,
  headerBytes: 100_000_000,
  entryBytes: 2 * 2 ** 30,
  totalBytes: 2 * 2 ** 30,
};

/**
 * Returns the defaults, overridden by `options`.
 *
 * @throws RangeError if a limit is not a number of 0 or more.
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

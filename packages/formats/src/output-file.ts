// A file that a writer has prepared: its path, and its bytes in chunks.

/** One of the files that a format writes. */
export interface OutputFile {
  /** The path, relative to the output folder. */
  readonly path: string;
  /** Yields the bytes; called once, after the chunks of the previous files. */
  chunks(): AsyncIterable<Uint8Array>;
}

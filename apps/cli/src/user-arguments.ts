// Where a command hands the user's arguments to the library: what the library says of them is a usage error.

import { usageError } from "./exit-codes.ts";

/** What the engine itself throws: a fault of the program, whatever the arguments were. */
const ENGINE =
  /^(Cannot |Invalid (typed )?(array|string|count|time|Array|DataView)|Array (buffer|length)|Maximum call stack|Reduce of empty|Assignment to|Class constructor|(offset|start offset|Offset|byte length|source) .*|The number .* BigInt|.+ (is|are) not (a |an )?(function|iterable|constructor|defined|object|extensible|configurable)\b.*)/;

function asUsage(error: unknown): unknown {
  const isAnswer =
    (error instanceof TypeError || error instanceof RangeError) &&
    !ENGINE.test(error.message) &&
    // A failed system call, such as one for a path with a NUL.
    (error as NodeJS.ErrnoException).code === undefined;
  return isAnswer ? usageError(error.message, { cause: error }) : error;
}

/**
 * Runs what depends on nothing but the user's arguments, such as the reading of a config. A TypeError or RangeError of the
 * library is then its answer to them, and becomes a usage error; anywhere else it is a bug of ours.
 */
export function fromUser<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asUsage(error);
  }
}

/** As {@link fromUser}, of what takes its time. */
export async function fromUserLater<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asUsage(error);
  }
}

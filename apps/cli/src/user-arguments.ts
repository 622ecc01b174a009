// Converts the library's errors about the user's arguments to usage errors.

import { usageError } from "./exit-codes.ts";

/** Messages of the JavaScript engine, which mean a bug for any arguments. */
const ENGINE =
  /^(Cannot |Invalid (typed )?(array|string|count|time|Array|DataView)|Array (buffer|length)|Maximum call stack|Reduce of empty|Assignment to|Class constructor|(offset|start offset|Offset|byte length|source) .*|The number .* BigInt|.+ (is|are) not (a |an )?(function|iterable|constructor|defined|object|extensible|configurable)\b.*)/;

function asUsage(error: unknown): unknown {
  const isAnswer =
    (error instanceof TypeError || error instanceof RangeError) &&
    !ENGINE.test(error.message) &&
    // A failed system call, such as for a path with a NUL.
    (error as NodeJS.ErrnoException).code === undefined;
  return isAnswer ? usageError(error.message, { cause: error }) : error;
}

/**
 * Runs a function that depends only on the user's arguments, such as parsing a config. A TypeError or RangeError of the
 * library is then about them, and becomes a usage error; anywhere else it is a bug.
 */
export function fromUser<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asUsage(error);
  }
}

/** Does the same as {@link fromUser} for an asynchronous function. */
export async function fromUserLater<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asUsage(error);
  }
}

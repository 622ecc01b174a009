// The weight file that a command writes; what stands in its way is said with the name of the argument.

import { dirname } from "node:path";
import { formatOfName, type TensorInput, type WriteOptions } from "@fanin/formats";
import { OutputExistsError, writeTensorFile } from "@fanin/formats/node";
import { CommandError, exitCodes, usageError } from "./exit-codes.ts";

/**
 * Refuses a name of no format that weights are written in.
 *
 * @param asker the argument, such as `--out`.
 */
export function expectFormat(asker: string, path: string): void {
  try {
    formatOfName(path);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw usageError(error.message.replace(/^name/, asker));
  }
}

/** Writes `tensors` to `path`, which `asker` named; `options.force` replaces what is there. */
export async function writeOutput(
  asker: string,
  path: string,
  tensors: readonly TensorInput[],
  options: WriteOptions & { readonly force: boolean },
): Promise<void> {
  try {
    await writeTensorFile(path, tensors, options);
  } catch (error) {
    if (error instanceof OutputExistsError) {
      const message = `${asker}: ${error.path} is there already; --force overwrites it`;
      throw new CommandError(exitCodes.io, message, { cause: error });
    }
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const message = `${asker}: expected a folder that is there, got ${JSON.stringify(dirname(path))}`;
    throw new CommandError(exitCodes.io, message, { cause: error });
  }
}

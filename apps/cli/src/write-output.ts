// Writes the weight file of a command; errors name the argument.

import { dirname } from "node:path";
import { formatOfName, type TensorInput, type WriteOptions } from "@fanin/formats";
import { OutputExistsError, writeTensorFile } from "@fanin/formats/node";
import { CommandError, exitCodes, usageError } from "./exit-codes.ts";

/**
 * Returns the format for a file name.
 *
 * @param asker the argument, such as `--out`.
 * @throws CommandError for an unknown ending.
 */
export function readFormat(asker: string, path: string): string {
  try {
    return formatOfName(path).name;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw usageError(error.message.replace(/^name/, asker));
  }
}

/** Names the argument in the error about what a format lacks; for a dtype, with the option that converts it. */
function dtypeError(asker: string, error: RangeError): Error {
  const method = "; convert it with toFloat32 first";
  if (!error.message.endsWith(method)) {
    // What a format cannot store is a matter of the arguments.
    return /^(tensors?|architecture|metadata)\b/.test(error.message) ? usageError(`${asker}: ${error.message}`) : error;
  }
  const said = error.message.slice(0, -method.length);
  const isReal = /got (float64|float16|bfloat16)$/.test(said);
  const advice = isReal ? "use --dtype float32" : "write a .safetensors or .npz file";
  return usageError(`${asker}: ${said}; ${advice}`);
}

/** Writes `tensors` to `path`, the argument `asker`; writes metadata if the format can store it. `force` replaces a file. */
export async function writeOutput(
  asker: string,
  path: string,
  tensors: readonly TensorInput[],
  { metadata = {}, ...options }: WriteOptions & { readonly force: boolean },
): Promise<void> {
  const hasPlace = ["safetensors", "keras"].includes(readFormat(asker, path));
  try {
    await writeTensorFile(path, tensors, hasPlace ? { ...options, metadata } : options);
  } catch (error) {
    if (error instanceof OutputExistsError) {
      const message = `${asker}: ${error.path} exists already; --force overwrites it`;
      throw new CommandError(exitCodes.io, message, { cause: error });
    }
    if (error instanceof RangeError) throw dtypeError(asker, error);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const message = `${asker}: expected an existing folder, got ${JSON.stringify(dirname(path))}`;
    throw new CommandError(exitCodes.io, message, { cause: error });
  }
}

// The weight file that a command writes; what stands in its way is said with the name of the argument.

import { dirname } from "node:path";
import { formatOfName, type TensorInput, type WriteOptions } from "@fanin/formats";
import { OutputExistsError, writeTensorFile } from "@fanin/formats/node";
import { CommandError, exitCodes, usageError } from "./exit-codes.ts";

/**
 * The format that a name asks for.
 *
 * @param asker the argument, such as `--out`.
 * @throws CommandError for a name of none.
 */
export function readFormat(asker: string, path: string): string {
  try {
    return formatOfName(path).name;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw usageError(error.message.replace(/^name/, asker));
  }
}

/** What the format has no dtype for, with the option of the command that changes it. */
function dtypeError(asker: string, error: RangeError): Error {
  const method = "; convert it first, with toFloat32";
  if (!error.message.endsWith(method)) return error;
  const said = error.message.slice(0, -method.length);
  const isReal = /got (float64|float16|bfloat16)$/.test(said);
  const advice = isReal ? "--dtype float32 writes it" : "a .safetensors file or an .npz holds it";
  return usageError(`${asker}: ${said}; ${advice}`);
}

/** Writes `tensors` to `path`, which `asker` named; metadata where the format has a place for it; `force` replaces what is there. */
export async function writeOutput(
  asker: string,
  path: string,
  tensors: readonly TensorInput[],
  { metadata = {}, ...options }: WriteOptions & { readonly force: boolean },
): Promise<void> {
  const hasPlace = readFormat(asker, path) === "safetensors";
  try {
    await writeTensorFile(path, tensors, hasPlace ? { ...options, metadata } : options);
  } catch (error) {
    if (error instanceof OutputExistsError) {
      const message = `${asker}: ${error.path} is there already; --force overwrites it`;
      throw new CommandError(exitCodes.io, message, { cause: error });
    }
    if (error instanceof RangeError) throw dtypeError(asker, error);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const message = `${asker}: expected a folder that is there, got ${JSON.stringify(dirname(path))}`;
    throw new CommandError(exitCodes.io, message, { cause: error });
  }
}

// Reads the address of the queue from --queue or the environment, and the password from the URL, a file or the environment.
// docs/sweeps.md documents the options.

import { type QueueAddress, queueAddress } from "@fanin/sweep";
import type { Invocation, Option } from "../command.ts";
import { CommandError, exitCodes, usageError } from "../exit-codes.ts";
import { readTextFile } from "../read-text-file.ts";
import { fromUser } from "../user-arguments.ts";

const MAX_PASSWORD_BYTES = 4 * 2 ** 10;
const URL_VARIABLE = "FANIN_REDIS_URL";
const PASSWORD_VARIABLE = "FANIN_REDIS_PASSWORD";
const PASSWORD_OPTION = "redis-password-file";

/** The option of a password file, which other users cannot see in the list of processes. */
export const passwordOption: Readonly<Record<string, Option>> = {
  [PASSWORD_OPTION]: {
    value: "FILE",
    help: `file with the password of the queue; also ${PASSWORD_VARIABLE}`,
  },
};

function passwordOf({ option, environment }: Invocation): string | undefined {
  const file = option(PASSWORD_OPTION);
  if (file === undefined) return environment[PASSWORD_VARIABLE] || undefined;
  const password = readTextFile(`--${PASSWORD_OPTION}`, file, MAX_PASSWORD_BYTES).replace(/\r?\n$/, "");
  if (password === "") throw new CommandError(exitCodes.malformed, `${file}: expected a password, got an empty file`);
  return password;
}

/**
 * Returns the address of the queue; undefined if neither `--queue` nor the environment gives one.
 *
 * @throws CommandError or RangeError for an invalid address; no message contains the password.
 */
export function readQueueOption(invocation: Invocation): QueueAddress | undefined {
  const { option, environment } = invocation;
  const url = option("queue") ?? (environment[URL_VARIABLE] || undefined);
  if (url === undefined) {
    if (option(PASSWORD_OPTION) === undefined) return undefined;
    throw usageError(`--${PASSWORD_OPTION}: expected --queue as well, or ${URL_VARIABLE} in the environment`);
  }
  const hasOwn = URL.canParse(url) && new URL(url).password !== "";
  // The variable is a default that a password in the URL overrides; a password file overrides both.
  const password = hasOwn && option(PASSWORD_OPTION) === undefined ? undefined : passwordOf(invocation);
  return fromUser(() => queueAddress(url, password));
}

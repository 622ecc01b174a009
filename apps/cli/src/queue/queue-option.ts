// Which queue a command means: --queue, or the environment; the password in the URL, in a file, or in the environment.
// Source: docs/sweeps.md.

import { type QueueAddress, queueAddress } from "@fanin/sweep";
import type { Invocation, Option } from "../command.ts";
import { CommandError, exitCodes, usageError } from "../exit-codes.ts";
import { readTextFile } from "../read-text-file.ts";
import { fromUser } from "../user-arguments.ts";

const LONGEST_PASSWORD = 4 * 2 ** 10; // bytes
const URL_VARIABLE = "FANIN_REDIS_URL";
const PASSWORD_VARIABLE = "FANIN_REDIS_PASSWORD";
const PASSWORD_OPTION = "redis-password-file";

/** The option of a password that other users of the machine do not see in its list of processes. */
export const passwordOption: Readonly<Record<string, Option>> = {
  [PASSWORD_OPTION]: {
    value: "FILE",
    help: `holds the password of the queue; or ${PASSWORD_VARIABLE} has it`,
  },
};

function passwordOf({ option, environment }: Invocation): string | undefined {
  const file = option(PASSWORD_OPTION);
  if (file === undefined) return environment[PASSWORD_VARIABLE] || undefined;
  const password = readTextFile(`--${PASSWORD_OPTION}`, file, LONGEST_PASSWORD).replace(/\r?\n$/, "");
  if (password === "") throw new CommandError(exitCodes.malformed, `${file}: expected a password, got an empty file`);
  return password;
}

/**
 * The address of the queue; undefined where neither `--queue` nor the environment names one.
 *
 * @throws CommandError or RangeError for what is none; no message has the password.
 */
export function readQueueOption(invocation: Invocation): QueueAddress | undefined {
  const { option, environment } = invocation;
  const url = option("queue") ?? (environment[URL_VARIABLE] || undefined);
  if (url === undefined) {
    if (option(PASSWORD_OPTION) === undefined) return undefined;
    throw usageError(`--${PASSWORD_OPTION}: expected --queue with it, or ${URL_VARIABLE} in the environment`);
  }
  const hasOwn = URL.canParse(url) && new URL(url).password !== "";
  // The variable is a default, which a URL with a password of its own goes before; a file is asked for.
  const password = hasOwn && option(PASSWORD_OPTION) === undefined ? undefined : passwordOf(invocation);
  return fromUser(() => queueAddress(url, password));
}

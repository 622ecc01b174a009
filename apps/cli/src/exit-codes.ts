// The exit codes of `fanin`.

/** 1 means findings; 2 and above mean that there is no result. */
export const exitCodes = {
  fine: 0,
  findings: 1,
  usage: 2,
  malformed: 3,
  io: 4,
  internal: 5,
  interrupted: 130,
} as const;

/** The meaning of each exit code, for help texts. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  fine: "fine",
  findings: "findings",
  usage: "usage",
  malformed: "malformed file",
  io: "I/O",
  internal: "internal",
  interrupted: "interrupted",
};

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error with an exit code. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

/** Makes an error about the command line. */
export function usageError(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(exitCodes.usage, message, options);
}

/**
 * Returns the exit code of a thrown value: errors of the system are I/O errors, errors without a code are bugs.
 * user-arguments.ts converts the library's errors about the user's arguments to usage errors.
 */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof Error && error.name === "MalformedFileError") return exitCodes.malformed;
  if (error instanceof Error && (error.name === "OutputExistsError" || error.name === "QueueError"))
    return exitCodes.io;
  // ENOENT, ENOSPC, ...: also for a file missing in a listing, without a failed call.
  if (error instanceof Error && /^E[A-Z0-9]+$/.test(String((error as NodeJS.ErrnoException).code))) return exitCodes.io;
  // A path with a NUL, which no system allows.
  if (error instanceof TypeError && (error as NodeJS.ErrnoException).code === "ERR_INVALID_ARG_VALUE") {
    return exitCodes.usage;
  }
  return exitCodes.internal;
}

/** Whether a thrown value is a bug of this program: neither an expected error nor the end of a thread. */
export function isBug(error: Error): boolean {
  return (
    exitCodeOf(error) === exitCodes.internal && !(error instanceof CommandError) && error.name !== "ThreadDeathError"
  );
}

/** Returns the message of a thrown value; for a failed system call, the path comes first, then the reason. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { syscall, code, path } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined || path === undefined) return error.message;
  // Node's message is `ENOENT: no such file or directory, open 'model.npz'`.
  const [, reason = code] = /^\w+: (.*?), \w+/.exec(error.message) ?? [];
  return `${path}: ${reason} (${code})`;
}
